import { parseBig } from "../../syntax/iptables/values.ts";
import type { Save } from "./given.ts";

const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["day", 86400],
  ["hour", 3600],
  ["min", 60],
  ["sec", 1],
];

interface Rate {
  readonly times: number;
  readonly seconds: number;
}

/** `5/minute`, `5/m`, `5`: so many times in so many seconds. */
function parseRate(text: string): Rate | undefined {
  const parts = /^(\d+)[^/]*(?:\/([a-z]+))?$/i.exec(text);
  const unit = parts?.[2]?.toLowerCase() ?? "second";
  const seconds = { s: 1, m: 60, h: 3600, d: 86400 }[unit[0] ?? ""];
  const times = Number(parts?.[1]);
  return seconds === undefined || !(times > 0) ? undefined : { times, seconds };
}

/**
 * The kernel keeps the time between two packets, in `scale` ticks a second, rounded down. It is shown as a rate per
 * day, or per the next smaller unit as long as that unit is no shorter than it and leaves a small remainder.
 */
function showRate({ times, seconds }: Rate, scale: number): { text: string; seconds: number } {
  const period = Math.floor((scale * seconds) / times) || 1;
  let [name, length] = UNITS[0] ?? ["day", 86400];
  for (const [smaller, ofSmaller] of UNITS.slice(1)) {
    const ticks = scale * ofSmaller;
    if (period > ticks || Math.floor(ticks / period) < ticks % period) break;
    [name, length] = [smaller, ofSmaller];
  }
  return { text: `${Math.floor((scale * length) / period)}/${name}`, seconds: length };
}

const DEFAULT_BURST = "5";

export const saveLimit: Save = (given) => {
  const rate = parseRate(given.text("limit") ?? "3/hour");
  const burst = parseBig(given.text("limit-burst") ?? DEFAULT_BURST)?.toString();
  if (!rate || burst === undefined) return undefined;
  const limit = `--limit ${showRate(rate, 10_000).text}`;
  return burst === DEFAULT_BURST || burst === "0" ? [limit] : [limit, `--limit-burst ${burst}`];
};

const BYTES = /^(\d+)([km]?)b\/s$/i;
const MIB = 1024 * 1024;

function parseBytes(text: string): number | undefined {
  const parts = BYTES.exec(/\/s$/.test(text) ? text : `${text}/s`);
  return parts
    ? Number(parts[1]) * ({ "": 1, k: 1024, m: MIB }[parts[2]?.toLowerCase() ?? ""] ?? 1)
    : undefined;
}

/** The kernel counts in units of 16 bytes, and keeps what 2^32 is when divided by their number. */
function showBytes(bytes: number): string {
  const cost = Math.floor(0xffffffff / (Math.floor(bytes / 16) + 1));
  return bytesText((Math.floor(0xffffffff / cost) - 1) * 16);
}

function bytesText(bytes: number): string {
  if (bytes % MIB === 0) return `${bytes / MIB}mb`;
  return bytes % 1024 === 0 ? `${bytes / 1024}kb` : `${bytes}b`;
}

const MODES = ["srcip", "srcport", "dstip", "dstport"];

export const saveHashlimit: Save = (given) => {
  const option = given.option("hashlimit-above") ?? given.option("hashlimit-upto");
  const shown = hashRate(option?.values[0]?.text ?? "", given.text("hashlimit-burst"));
  if (!option || !shown) return undefined;
  const above = (option.name === "hashlimit-above") !== option.negated;
  const modes = given.text("hashlimit-mode")?.split(",");
  const number = (name: string, silent: number | undefined): string[] => {
    const value = parseBig(given.text(name) ?? "");
    return value === undefined || value === BigInt(silent ?? -1) ? [] : [`--${name} ${value}`];
  };
  const width = given.family === 4 ? 32 : 128;
  const expire = given.has("hashlimit-htable-expire")
    ? number("hashlimit-htable-expire", shown.expires)
    : shown.written === shown.expires
      ? []
      : [`--hashlimit-htable-expire ${shown.written}`];
  return [
    `--hashlimit-${above ? "above" : "upto"} ${shown.rate}`,
    ...shown.burst,
    ...(modes ? [`--hashlimit-mode ${MODES.filter((mode) => modes.includes(mode)).join(",")}`] : []),
    `--hashlimit-name ${given.text("hashlimit-name") ?? ""}`,
    ...number("hashlimit-htable-size", 0),
    ...number("hashlimit-htable-max", 0),
    ...number("hashlimit-htable-gcinterval", 1000),
    ...expire,
    ...number("hashlimit-srcmask", width),
    ...number("hashlimit-dstmask", width),
    ...(given.has("hashlimit-rate-match") ? ["--hashlimit-rate-match"] : []),
    ...(given.has("hashlimit-rate-match") ? number("hashlimit-rate-interval", 1) : []),
  ];
};

interface HashRate {
  readonly rate: string;
  readonly burst: readonly string[];
  /** Entries are kept for as long as the unit of the rate, in milliseconds: of the one written, of the one shown. */
  readonly written: number;
  readonly expires: number;
}

/** hashlimit keeps bytes for fifteen seconds. */
const BYTES_EXPIRE = 15_000;

function hashRate(text: string, burst: string | undefined): HashRate | undefined {
  if (BYTES.test(text)) {
    const bytes = parseBytes(text);
    const most = burst === undefined ? undefined : parseBytes(burst);
    if (bytes === undefined || (burst !== undefined && most === undefined)) return undefined;
    return {
      rate: `${showBytes(bytes)}/s`,
      burst: most === undefined ? [] : [`--hashlimit-burst ${bytesText(most)}`],
      written: BYTES_EXPIRE,
      expires: BYTES_EXPIRE,
    };
  }
  const rate = parseRate(text);
  const most = parseBig(burst ?? DEFAULT_BURST);
  if (!rate || most === undefined) return undefined;
  const shown = showRate(rate, 1_000_000);
  return {
    rate: shown.text,
    burst: [`--hashlimit-burst ${most}`],
    written: rate.seconds * 1000,
    expires: shown.seconds * 1000,
  };
}
