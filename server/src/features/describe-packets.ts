import type { IntervalSet } from "../model/interval-set.ts";
import { type Condition, CT_STATE, type Field } from "../model/rule.ts";
import type { ValueSet } from "../model/values.ts";
import { describeCondition, fieldName, type Names, setName } from "./describe-condition.ts";
import { describeFlags, describeValues, listInWords } from "./describe-values.ts";

/** What all conditions of a rule leave, sorted by how a sentence says it. */
interface Facts {
  readonly matches: Map<Field, ValueSet>;
  /** Named sets that one field is looked up in. */
  readonly lookups: Map<Field, string>;
  readonly clauses: Condition[];
  readonly opaque: string[];
}

/**
 * The packets that fit all conditions, as an object of a sentence: "new TCP connections to port 21
 * (FTP control) that come in on eth0"; "every packet that gets here" without conditions.
 */
export function describePackets(conditions: readonly Condition[], names: Names): string {
  const facts: Facts = { matches: new Map(), lookups: new Map(), clauses: [], opaque: [] };
  for (const condition of conditions) collect(facts, condition, 0);
  const nothing = facts.matches.size + facts.lookups.size + facts.clauses.length === 0;
  if (nothing) return `every packet that gets here${depending(facts.opaque)}`;
  if ([...facts.matches.values()].some((set) => (set as IntervalSet).isEmpty))
    return "no packet at all (its conditions contradict each other)";
  const words = [noun(facts), ...ends(facts, names), ...behaviour(facts)].join(" ");
  return [words, ...restrictions(facts, names)].join(", ") + depending(facts.opaque);
}

function collect(facts: Facts, condition: Condition, depth: number): void {
  if (condition.kind === "opaque") facts.opaque.push(condition.fact);
  else if (condition.kind === "allOf" && depth < 6) {
    for (const inner of condition.conditions) collect(facts, inner, depth + 1);
  } else if (condition.kind === "match" && isPlain(condition)) {
    const before = facts.matches.get(condition.field);
    const { values } = condition;
    facts.matches.set(
      condition.field,
      before ? ((before as IntervalSet).intersect(values as IntervalSet) as ValueSet) : values,
    );
  } else if (isSingleLookup(condition, facts)) facts.lookups.set(condition.fields[0]!, condition.set);
  else facts.clauses.push(condition);
}

function isPlain(condition: Extract<Condition, { kind: "match" }>): boolean {
  return condition.mask === undefined || condition.field === "tcpflags";
}

function isSingleLookup(
  condition: Condition,
  facts: Facts,
): condition is Extract<Condition, { kind: "lookup" }> {
  return (
    condition.kind === "lookup" &&
    !condition.negated &&
    condition.fields.length === 1 &&
    /^[sd](port|addr[46])$/.test(condition.fields[0]!) &&
    !facts.lookups.has(condition.fields[0]!)
  );
}

function depending(opaque: readonly string[]): string {
  if (opaque.length === 0) return "";
  return `, depending on ${listInWords([...new Set(opaque)], "and")}`;
}

function take(facts: Facts, field: Field): ValueSet | undefined {
  const values = facts.matches.get(field);
  facts.matches.delete(field);
  return values;
}

/** "new TCP connections", "ICMPv6 packets", "packets of established and related connections". */
function noun(facts: Facts): string {
  const kind = protocolName(facts);
  const family = familyName(facts, kind);
  const type = icmpType(facts);
  const what = [family, kind].filter(Boolean).join(" ");
  const plain = what ? `${what} ` : "";
  const states = facts.matches.get("ctstate");
  const words = states ? stateWords(states, plain, kind) : undefined;
  if (words !== undefined) take(facts, "ctstate");
  return `${words ?? `${plain}packets`}${type}`;
}

function protocolName(facts: Facts): string {
  const values = facts.matches.get("l4proto");
  if (!values) return "";
  const { text, negated, count } = describeValues("l4proto", values);
  if (negated || count === "none" || text.length > 40) return "";
  take(facts, "l4proto");
  return /^\d/.test(text) ? `protocol ${text}` : text;
}

function familyName(facts: Facts, kind: string): string {
  const values = facts.matches.get("nfproto");
  if (!values) return "";
  const { text, negated, count } = describeValues("nfproto", values);
  if (negated || count !== "one" || !text.startsWith("IPv")) return "";
  take(facts, "nfproto");
  const digit = text.slice(3);
  const fields = [...facts.matches.keys(), ...facts.lookups.keys()];
  const implied =
    fields.some((field) => field === `saddr${digit}` || field === `daddr${digit}`) ||
    (kind === "ICMP" && digit === "4") ||
    (kind === "ICMPv6" && digit === "6");
  return implied ? "" : text;
}

function icmpType(facts: Facts): string {
  const field = facts.matches.has("icmptype") ? "icmptype" : "icmpv6type";
  const values = facts.matches.get(field);
  if (!values) return "";
  const { text, negated } = describeValues(field, values);
  if (negated) return "";
  take(facts, field);
  return ` of type ${text}`;
}

function stateWords(states: ValueSet, plain: string, kind: string): string | undefined {
  const set = states as IntervalSet<number>;
  const names = Object.entries(CT_STATE)
    .filter(([, value]) => set.has(value))
    .map(([name]) => name);
  if (names.length === 0 || names.length > 3) return undefined;
  const key = names.sort().join(" ");
  if (key === "new" && (kind === "TCP" || kind === "UDP" || kind === "TCP or UDP" || kind === ""))
    return `new ${plain}connections`;
  if (/^(invalid|untracked|invalid untracked)$/.test(key)) return `${listInWords(names)} ${plain}packets`;
  const living = ["new", "established", "related"].filter((name) => names.includes(name));
  if (living.length === names.length) return `${plain}packets of ${listInWords(living, "and")} connections`;
  return undefined;
}

/** "from 10.0.0.0/8", "to port 21 (FTP control) of 10.0.0.1". */
function ends(facts: Facts, names: Names): string[] {
  const parts: string[] = [];
  for (const [side, word] of [
    ["s", "from"],
    ["d", "to"],
  ] as const) {
    const port = portWords(facts, `${side}port`, names);
    const address = addressWords(facts, side, names);
    if (port && address) parts.push(`${word} ${port} of ${address}`);
    else if (port ?? address) parts.push(`${word} ${port ?? address}`);
  }
  return parts;
}

/** "that come in on eth0 and open a connection (SYN without ACK)". */
function behaviour(facts: Facts): string[] {
  const parts = [
    interfaceWords(facts, "iif", "come in on"),
    interfaceWords(facts, "oif", "go out on"),
    flagWords(facts),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? [`that ${listInWords(parts, "and")}`] : [];
}

function portWords(facts: Facts, field: "sport" | "dport", names: Names): string | undefined {
  const set = facts.lookups.get(field);
  if (set !== undefined && !facts.matches.has(field))
    return `a port in the set ${setName(set, names, [field])}`;
  const values = take(facts, field);
  if (!values) return undefined;
  const { text, negated, count } = describeValues(field, values);
  if (text === "1024–65535" && !negated) return "an unprivileged port (1024–65535)";
  if (negated) return `any port but ${text}`;
  return count === "one" && text.includes("–") ? `ports ${text}` : `port ${text}`;
}

function addressWords(facts: Facts, side: "s" | "d", names: Names): string | undefined {
  const found: string[] = [];
  for (const field of [`${side}addr4`, `${side}addr6`] as const) {
    const set = facts.lookups.get(field);
    if (set !== undefined) found.push(`an address in the set ${setName(set, names, [field])}`);
    const values = take(facts, field);
    if (!values) continue;
    const { text, negated } = describeValues(field, values);
    found.push(negated ? `any address but ${text}` : text);
  }
  return found.length > 0 ? found.join(" and ") : undefined;
}

function interfaceWords(facts: Facts, field: "iif" | "oif", verb: string): string | undefined {
  const values = take(facts, field);
  if (!values) return undefined;
  const { text, negated } = describeValues(field, values);
  if (text === "none") return negated ? `${verb} any interface` : `${verb} no interface`;
  return `${verb} ${negated ? `any interface but ${text}` : text}`;
}

/** Everything else: "announced by the conntrack helper ftp", "where the packet's mark is 0x1". */
function restrictions(facts: Facts, names: Names): string[] {
  const parts: string[] = [];
  const helper = helperWords(facts);
  if (helper) parts.push(helper);
  const clauses: string[] = [];
  const at = { start: 0, end: 0 };
  for (const [field, values] of facts.matches) {
    clauses.push(describeCondition({ kind: "match", field, values, span: at }, names));
  }
  for (const [field, set] of facts.lookups) {
    if (/^[sd]port$/.test(field) && facts.matches.has(field))
      clauses.push(`${fieldName(field)} is in the set ${setName(set, names, [field])}`);
  }
  clauses.push(...facts.clauses.map((condition) => describeCondition(condition, names)));
  if (clauses.length > 0) parts.push(`where ${listInWords(clauses, "and")}`);
  return parts;
}

function flagWords(facts: Facts): string | undefined {
  const values = facts.matches.get("tcpflags");
  const test = values ? describeFlags(values, undefined) : undefined;
  if (!test?.opens) return undefined;
  take(facts, "tcpflags");
  return test.negated
    ? "do not open a connection (no SYN without ACK)"
    : "open a connection (SYN without ACK)";
}

function helperWords(facts: Facts): string | undefined {
  const values = facts.matches.get("cthelper");
  if (!values) return undefined;
  const { text, negated } = describeValues("cthelper", values);
  if (text === "none" || negated) return undefined;
  take(facts, "cthelper");
  return `announced by the conntrack helper ${text}`;
}
