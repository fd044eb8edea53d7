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

const BYTES = /^(\d+)([km]?)b(\/s)?$/i;
const BYTE_UNITS: readonly (readonly [name: string, bytes: number])[] = [
  ["mb", 1024 * 1024],
  ["kb", 1024],
  ["b", 1],
];

function parseBytes(text: string): number | undefined {
  const parts = BYTES.exec(text);
  const unit = BYTE_UNITS.find(([name]) => name === `${parts?.[2]?.toLowerCase()}b`);
  return parts && unit ? Number(parts[1]) * unit[1] : undefined;
}

const U32 = 0xffffffff;

/** The kernel counts in units of 16 bytes, and keeps what 32 bits hold divided by their number. */
const costOf = (bytes: number): number => Math.floor(U32 / (Math.floor(bytes / 16) + 1));

/** The rate that is read back, and its text: in the largest unit in which whole numbers come to the same cost. */
function showBytes(bytes: number): { rate: number; text: string } {
  const cost = costOf(bytes);
  const rate = (Math.floor(U32 / cost) - 1) * 16;
  const whole = (unit: number) => rate - (rate % unit);
  const fits = BYTE_UNITS.find(([, unit]) => rate <= U32 && rate >= unit && costOf(whole(unit)) === cost) ?? [
    "b",
    1,
  ];
  return { rate, text: `${Math.floor(rate / fits[1])}${fits[0]}` };
}

/** A burst is so many times the rate; shown in the largest unit, what is left over is not. */
function showBurst(bytes: number, rate: number): string {
  const total = Math.ceil(bytes / rate) * rate;
  const [name, unit] = BYTE_UNITS.find(([, unit]) => total >= unit) ?? ["b", 1];
  return `${Math.floor(total / unit)}${name}`;
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

/** Rates of bytes keep their entries for so long, the second with a burst. */
const BYTES_EXPIRE = 15_000;
const BURST_EXPIRE = 60_000;

function hashRate(text: string, burst: string | undefined): HashRate | undefined {
  if (BYTES.test(text) && text.endsWith("/s")) {
    const shown = showBytes(parseBytes(text) ?? 0);
    const most = parseBytes(burst ?? "");
    if (burst !== undefined && (most === undefined || shown.rate === 0)) return undefined;
    const expires = burst === undefined ? BYTES_EXPIRE : BURST_EXPIRE;
    return {
      rate: `${shown.text}/s`,
      burst: most === undefined ? [] : [`--hashlimit-burst ${showBurst(most, shown.rate)}`],
      written: expires,
      expires,
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
