import type { RuleNode, RulePart } from "../../syntax/nftables/tree.ts";
import { notListed, parseNumber, quoted } from "./text.ts";
import { readName, type Variables } from "./values.ts";

/*
 * Statements that are words and numbers alone. What they default to, nft leaves out (nft(8) STATEMENTS).
 */

type Action = Extract<RulePart, { kind: "action" }>;

export interface ActionScope {
  readonly variables: Variables;
  readonly node: RuleNode;
  /** Counters without values: as part of `add @set { … }`. */
  readonly bare?: boolean;
}

/** counter, log, limit, quota, ct count, synproxy, notrack; the others belong to the rule. */
export function printAction(action: Action, scope: ActionScope): string {
  const words = resolved(action, scope);
  switch (action.name) {
    case "counter":
      return scope.bare ? "counter" : printCounter(words);
    case "log":
      return printLog(words);
    case "limit":
      return `limit ${printLimit(words)}`;
    case "quota":
      return `quota ${printQuota(words)}`;
    case "ct count":
      return ["ct count", ...words].join(" ");
    case "synproxy":
      return ["synproxy", ...synproxyParts(words)].join(" ");
    case "notrack":
      return "notrack";
    case "flow":
      return `flow add @${words[0]}`;
    default:
      return notListed(`how nft prints "${action.name}"`);
  }
}

/** Words that are variables of the rule's text, replaced by what they stand for. */
function resolved(action: Action, { node, variables }: ActionScope): readonly string[] {
  const inside = node.variables?.filter(
    ({ span }) => span.start >= action.span.start && span.end <= action.span.end,
  );
  if (!inside?.length) return action.words;
  return action.words.map((word) => {
    const variable = inside.find(({ text }) => text === word);
    return variable ? readName({ kind: "variable", name: word, span: variable.span }, variables) : word;
  });
}

export function printCounter(words: readonly string[]): string {
  return `counter ${printCounts(words)}`;
}

export function printCounts(words: readonly string[]): string {
  const count = (unit: string) => {
    const at = words.indexOf(unit);
    return at < 0 ? "0" : words[at + 1];
  };
  return `packets ${count("packets")} bytes ${count("bytes")}`;
}

const LOG_FLAGS = ["tcp sequence,options", "ip options", "skuid", "ether"];
const LEVEL_ALIASES: Readonly<Record<string, string>> = { warning: "warn", error: "err" };

function printLog(words: readonly string[]): string {
  const found = new Map<string, string>();
  const flags = new Set<string>();
  let tcp: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word !== "flags") {
      found.set(word, words[++i] ?? "");
      continue;
    }
    const flag = words[++i] ?? "";
    if (flag === "tcp" || flag === "ip") {
      const parts: string[] = [];
      while (words[i + 1] === "sequence" || words[i + 1] === "options") parts.push(words[++i]!);
      if (flag === "ip") flags.add("ip options");
      else tcp = [...tcp, ...parts];
    } else if (flag === "all") for (const one of LOG_FLAGS) flags.add(one);
    else flags.add(flag);
  }
  const tcpFlags = ["sequence", "options"].filter((one) => tcp.includes(one)).join(",");
  if (tcpFlags !== "") flags.add(`tcp ${tcpFlags}`);
  const parts = ["log"];
  const prefix = found.get("prefix");
  if (prefix !== undefined) parts.push("prefix", quoted(prefix));
  for (const key of ["group", "snaplen", "queue-threshold"]) {
    const value = found.get(key);
    if (value !== undefined) parts.push(key, value);
  }
  const level = LEVEL_ALIASES[found.get("level") ?? ""] ?? found.get("level");
  if (level !== undefined && level !== "warn") parts.push("level", level);
  return [...parts, ...printLogFlags(flags)].join(" ");
}

function printLogFlags(flags: ReadonlySet<string>): string[] {
  if (LOG_FLAGS.every((flag) => flags.has(flag))) return ["flags all"];
  const tcp = [...flags].filter((flag) => flag.startsWith("tcp "));
  const others = LOG_FLAGS.slice(1).filter((flag) => flags.has(flag));
  return [...tcp.slice(-1), ...others].map((flag) => `flags ${flag}`);
}

const UNITS = ["bytes", "kbytes", "mbytes"];

function bytes(amount: string, unit: string): bigint {
  const size = BigInt(UNITS.indexOf(unit));
  const number = parseNumber(amount) ?? notListed(`how much "${amount}" is`);
  return size < 0n ? notListed(`how much a ${unit} is`) : number << (size * 10n);
}

/** In the largest unit that divides it. */
function printBytes(amount: bigint): string {
  let rest = amount;
  let unit = 0;
  while (rest !== 0n && rest % 1024n === 0n && unit < UNITS.length - 1) {
    rest /= 1024n;
    unit++;
  }
  return `${rest} ${UNITS[unit]}`;
}

/** `rate over 10/second burst 5 packets`; the words as the parser gives them. */
export function printLimit(words: readonly string[]): string {
  // The slash is a word, a part of one, or left out, depending on where it was read.
  const rest = words.flatMap((word) => word.split("/")).filter((word) => word !== "" && word !== "rate");
  const over = rest[0] === "over" ? "over " : "";
  if (rest[0] === "over" || rest[0] === "until") rest.shift();
  const [amount = "", ...behind] = rest;
  const glued = /^(\d+)([kmg]?bytes)$/.exec(amount);
  const rate = glued ? glued[1]! : amount;
  const unit = glued ? glued[2]! : UNITS.includes(behind[0] ?? "") ? behind.shift()! : "packets";
  const period = behind.shift() ?? "second";
  const burst = behind[0] === "burst" ? behind.slice(1) : [];
  if (unit === "packets") {
    const size = burst[0] === undefined || burst[0] === "5" ? "" : ` burst ${burst[0]} packets`;
    return `rate ${over}${rate}/${period}${size}`;
  }
  const size = burst[0] === undefined ? "" : ` burst ${printBytes(bytes(burst[0], burst[1] ?? "bytes"))}`;
  return `rate ${over}${printBytes(bytes(rate, unit))}/${period}${size}`;
}

/** `over 10 mbytes used 5 kbytes` */
export function printQuota(words: readonly string[]): string {
  const rest = [...words];
  const over = rest[0] === "over" ? "over " : "";
  if (rest[0] === "over" || rest[0] === "until") rest.shift();
  const used = rest.indexOf("used");
  const amount = quotaBytes(used < 0 ? rest : rest.slice(0, used));
  const spent = used < 0 ? 0n : quotaBytes(rest.slice(used + 1));
  return `${over}${printBytes(amount)}${spent === 0n ? "" : ` used ${printBytes(spent)}`}`;
}

function quotaBytes(words: readonly string[]): bigint {
  const glued = /^(\d+)([kmg]?bytes)$/.exec(words[0] ?? "");
  return glued ? bytes(glued[1]!, glued[2]!) : bytes(words[0] ?? "", words[1] ?? "bytes");
}

/** `mss 1460`, `wscale 7`, `timestamp`, `sack-perm` in nft's order. */
export function synproxyParts(words: readonly string[]): string[] {
  const parts: string[] = [];
  for (const key of ["mss", "wscale"]) {
    const at = words.indexOf(key);
    if (at >= 0) parts.push(`${key} ${words[at + 1]}`);
  }
  if (words.includes("timestamp")) parts.push("timestamp");
  if (words.includes("sack-perm") || words.includes("sack-permitted")) parts.push("sack-perm");
  return parts;
}
