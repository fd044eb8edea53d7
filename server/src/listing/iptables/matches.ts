import { parseV4Host } from "../../syntax/iptables/address.ts";
import type { IptablesOption } from "../../syntax/iptables/command.ts";
import { protocolNumber } from "../../syntax/iptables/protocols.ts";
import { parseInteger, parsePortRange } from "../../syntax/iptables/values.ts";
import { addressWithLength, prefixLength4, savedHost } from "./addresses.ts";
import { hex, rangeText } from "./formats.ts";
import type { Save } from "./given.ts";
import { bytesOf, quotedString } from "./quote.ts";
import { saveRateestMatch } from "./rateest.ts";
import { saveHashlimit, saveLimit } from "./rates.ts";
import { saveTime } from "./time.ts";

const saveConnlimit: Save = (given) => {
  const option = given.option("connlimit-above") ?? given.option("connlimit-upto");
  const limit = parseInteger(option?.values[0]?.text ?? "", 0xffffffff);
  const width = given.family === 4 ? 32 : 128;
  const mask = given.has("connlimit-mask") ? maskLength(given.text("connlimit-mask") ?? "", width) : width;
  if (!option || limit === undefined || mask === undefined) return undefined;
  const above = (option.name === "connlimit-above") !== option.negated;
  return [
    `--connlimit-${above ? "above" : "upto"} ${limit}`,
    `--connlimit-mask ${mask}`,
    given.has("connlimit-daddr") ? "--connlimit-daddr" : "--connlimit-saddr",
  ];
};

function maskLength(text: string, width: number): number | undefined {
  const v4 = width === 32 && text.includes(".") ? parseV4Host(text) : undefined;
  return v4 === undefined ? parseInteger(text, width) : prefixLength4(v4);
}

const ALL_ONES = { 4: "255.255.255.255", 6: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" } as const;

const saveRecent: Save = (given) => {
  const action = ["set", "rcheck", "update", "remove"].find((name) => given.has(name));
  const mask = savedHost(given.text("mask") ?? ALL_ONES[given.family], given.family);
  if (!action || mask === undefined) return undefined;
  const number = (name: string) => {
    const value = parseInteger(given.text(name) ?? "", 0xffffffff);
    return value ? [`--${name} ${value}`] : [];
  };
  return [
    `${given.not(action)}--${action}`,
    ...number("seconds"),
    ...(given.has("reap") ? ["--reap"] : []),
    ...number("hitcount"),
    ...(given.has("rttl") ? ["--rttl"] : []),
    `--name ${given.text("name") ?? "DEFAULT"}`,
    `--mask ${mask}`,
    given.has("rdest") ? "--rdest" : "--rsource",
  ];
};

const PROBABILITY_ONE = 2 ** 31;

const saveStatistic: Save = (given) => {
  const mode = given.text("mode");
  if (mode === "random") {
    // Kept in 31 bits.
    const kept = Math.round(Number(given.text("probability") ?? "0") * PROBABILITY_ONE);
    return Number.isNaN(kept)
      ? undefined
      : ["--mode random", `${given.not("probability")}--probability ${(kept / PROBABILITY_ONE).toFixed(11)}`];
  }
  const every = parseInteger(given.text("every") ?? "", 0xffffffff);
  const packet = parseInteger(given.text("packet") ?? "0", 0xffffffff);
  return mode !== "nth" || every === undefined || packet === undefined
    ? undefined
    : ["--mode nth", `${given.not("every")}--every ${every}`, `--packet ${packet}`];
};

const saveString: Save = (given) => {
  const option = given.option("hex-string") ?? given.option("string");
  const text = option?.values[0]?.text ?? "";
  const bytes = option?.name === "hex-string" ? hexStringBytes(text) : bytesOf(text);
  if (!option || !bytes) return undefined;
  const printable = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  const pattern = printable
    ? `--string ${quotedString(String.fromCharCode(...bytes))}`
    : `--hex-string "|${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}|"`;
  const offset = (name: string, silent: number) => {
    const value = parseInteger(given.text(name) ?? "", 65535);
    return value === undefined || value === silent ? [] : [`--${name} ${value}`];
  };
  return [
    `${option.negated ? "! " : ""}${pattern}`,
    `--algo ${given.text("algo") ?? ""}`,
    ...offset("from", 0),
    ...offset("to", 65535),
    ...(given.has("icase") ? ["--icase"] : []),
  ];
};

/** Text with bytes in hexadecimal between `|`; a backslash takes the next character as it is. */
function hexStringBytes(text: string): number[] | undefined {
  const bytes: number[] = [];
  for (const part of text.match(/\|[^|]*\||\\[\s\S]|[\s\S]/gu) ?? []) {
    if (part.length > 2 && part.startsWith("|")) {
      const digits = part.slice(1, -1).replaceAll(" ", "");
      if (!/^([0-9a-f]{2})+$/i.test(digits)) return undefined;
      for (const pair of digits.match(/../g) ?? []) bytes.push(Number.parseInt(pair, 16));
    } else if (part.startsWith("|")) return undefined;
    else bytes.push(...bytesOf(part.startsWith("\\") ? part.slice(1) : part));
  }
  return bytes;
}

const saveCluster: Save = (given) => {
  const option = given.option("cluster-local-node") ?? given.option("cluster-local-nodemask");
  const [node, nodes, seed] = [
    option?.values[0]?.text,
    given.text("cluster-total-nodes"),
    given.text("cluster-hash-seed"),
  ].map((text) => parseInteger(text ?? "", 0xffffffff));
  if (!option || node === undefined || nodes === undefined || seed === undefined) return undefined;
  const mask = option.name === "cluster-local-node" ? 2 ** (node - 1) : node;
  return [
    `${option.negated ? "! " : ""}--cluster-local-nodemask ${hex(mask, 8)}`,
    `--cluster-total-nodes ${nodes}`,
    `--cluster-hash-seed ${hex(seed, 8)}`,
  ];
};

const savePolicy: Save = (given) => {
  const elements: IptablesOption[][] = [[]];
  for (const option of given.all) {
    if (option.name === "next") elements.push([]);
    else elements.at(-1)?.push(option);
  }
  const texts = elements.map((element) => policyElement(element, given.family));
  if (texts.includes(undefined)) return undefined;
  return [
    `--dir ${given.text("dir") ?? ""}`,
    `--pol ${given.text("pol") ?? "ipsec"}`,
    ...(given.has("strict") ? ["--strict"] : []),
    ...texts.flatMap((element, i) => [...(i > 0 ? ["--next"] : []), ...(element ?? [])]),
  ];
};

const POLICY_ORDER = ["reqid", "spi", "proto", "mode", "tunnel-dst", "tunnel-src"];
const IPSEC_PROTOCOLS = new Map([
  [50, "esp"],
  [51, "ah"],
  [108, "ipcomp"],
]);

function policyElement(options: readonly IptablesOption[], family: 4 | 6): string[] | undefined {
  const parts: string[] = [];
  for (const name of POLICY_ORDER) {
    const option = options.find((one) => one.name === name);
    if (!option) continue;
    const value = policyValue(name, option.values[0]?.text ?? "", family);
    if (value === undefined) return undefined;
    parts.push(`${option.negated ? "! " : ""}--${name} ${value}`);
  }
  return parts;
}

function policyValue(name: string, text: string, family: 4 | 6): string | undefined {
  if (name === "proto") return IPSEC_PROTOCOLS.get(protocolNumber(text) ?? 0);
  if (name === "mode") return text;
  if (name.startsWith("tunnel")) return addressWithLength(text, family);
  const number = parseInteger(text, 0xffffffff);
  return number === undefined ? undefined : name === "spi" ? hex(number) : String(number);
}

/** SCTP's chunk types by number (IANA), in the order in which they are printed. */
const CHUNKS = ["DATA", "INIT", "INIT_ACK", "SACK", "HEARTBEAT", "HEARTBEAT_ACK", "ABORT", "SHUTDOWN"].concat(
  ["SHUTDOWN_ACK", "ERROR", "COOKIE_ECHO", "COOKIE_ACK", "ECN_ECNE", "ECN_CWR", "SHUTDOWN_COMPLETE"],
  ["I_DATA", "ASCONF_ACK", "RE_CONFIG", "PAD", "FORWARD_TSN", "ASCONF", "I_FORWARD_TSN"],
);

const saveSctp: Save = (given) => {
  const parts: string[] = [];
  for (const name of ["sport", "dport"]) {
    if (!given.has(name)) continue;
    const range = rangeText(parsePortRange(given.text(name) ?? ""));
    if (range === undefined) return undefined;
    parts.push(`${given.not(name)}--${name} ${range}`);
  }
  const chunks = given.option("chunk-types");
  if (chunks) {
    const types = chunkTypes(chunks.values[1]?.text ?? "");
    if (types === undefined) return undefined;
    parts.push(`${given.not("chunk-types")}--chunk-types ${chunks.values[0]?.text.toLowerCase()} ${types}`);
  }
  return parts;
};

function chunkTypes(text: string): string | undefined {
  if (/^(all|none)$/i.test(text)) return text.toUpperCase();
  const written = text.split(",").map((part) => part.split(":"));
  const names = written.map(([name = ""]) => name.toUpperCase());
  if (!names.every((name) => CHUNKS.includes(name))) return undefined;
  return CHUNKS.filter((chunk) => names.includes(chunk))
    .map((chunk) => written[names.indexOf(chunk)]?.with(0, chunk).join(":"))
    .join(",");
}

/** Matches that print more than their options one by one. `tcp` and `udp` are in `transport.ts`. */
export const MATCH_SAVES: Readonly<Record<string, Save>> = {
  cluster: saveCluster,
  connlimit: saveConnlimit,
  hashlimit: saveHashlimit,
  limit: saveLimit,
  policy: savePolicy,
  rateest: saveRateestMatch,
  recent: saveRecent,
  sctp: saveSctp,
  statistic: saveStatistic,
  string: saveString,
  time: saveTime,
};

/** Two matches of these that differ in the options are the same to `-D` and `-C` (measured). */
export const COMPARED_BY_NAME: ReadonlySet<string> = new Set(["helper"]);
