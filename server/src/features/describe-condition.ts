import type { IntervalSet } from "../model/interval-set.ts";
import { type Condition, CT_STATUS, type Field } from "../model/rule.ts";
import type { NamedSet, Table } from "../model/ruleset.ts";
import { formatV4, formatV6, type ValueSet } from "../model/values.ts";
import { describeFlags, describeValues, hex, listInWords } from "./describe-values.ts";

/** The parts of a table that names in a rule stand for. */
export type Names = Pick<Table, "sets" | "helpers"> | undefined;

const FIELD_NAMES: Record<Field, string> = {
  nfproto: "the IP version",
  l4proto: "the protocol",
  iif: "the incoming interface",
  oif: "the outgoing interface",
  saddr4: "the source address",
  daddr4: "the destination address",
  saddr6: "the source address",
  daddr6: "the destination address",
  sport: "the source port",
  dport: "the destination port",
  tcpflags: "the TCP flags",
  icmptype: "the ICMP type",
  icmpv6type: "the ICMPv6 type",
  hoplimit: "the hop limit",
  mark: "the packet's mark",
  pkttype: "the packet's kind of address",
  saddrtype: "the type of the source address",
  daddrtype: "the type of the destination address",
  arpoperation: "the ARP operation",
  exthdr: "an IPv6 extension header",
  fragment: "the fragment",
  ctstate: "the connection state",
  ctstatus: "the connection's status",
  ctdirection: "the direction",
  ctmark: "the connection's mark",
  cthelper: "the helper that announced the connection",
  ctprotocol: "the connection's protocol",
  ctl3proto: "the connection's IP version",
  ctorigsaddr4: "the connection's original source address",
  ctorigdaddr4: "the connection's original destination address",
  ctorigsaddr6: "the connection's original source address",
  ctorigdaddr6: "the connection's original destination address",
  ctorigsport: "the connection's original source port",
  ctorigdport: "the connection's original destination port",
  ctreplsaddr4: "the source address of replies",
  ctrepldaddr4: "the destination address of replies",
  ctreplsaddr6: "the source address of replies",
  ctrepldaddr6: "the destination address of replies",
  ctreplsport: "the source port of replies",
  ctrepldport: "the destination port of replies",
};

/** "the destination port". */
export function fieldName(field: Field): string {
  return FIELD_NAMES[field];
}

export function fieldNames(fields: readonly Field[]): string {
  return listInWords(fields.map(fieldName), "and");
}

const DEEPEST = 6;

/**
 * A condition as a clause: "the destination port is 21 (FTP control)". Plain text. `names` resolves set
 * names of the rule's table; without it sets are only named.
 */
export function describeCondition(condition: Condition, names?: Names, depth = 0): string {
  if (depth > DEEPEST) return "a deeper condition holds";
  const inner = (one: Condition) => describeCondition(one, names, depth + 1);
  switch (condition.kind) {
    case "match":
      return describeMatch(condition.field, condition.values, condition.mask);
    case "tuple":
      return describeTuple(condition);
    case "lookup":
      return `${fieldNames(condition.fields)} ${be(condition.fields)} ${condition.negated ? "not " : ""}in the set ${setName(condition.set, names, condition.fields)}`;
    case "anyOf":
      return `at least one of these holds: ${condition.conditions.map(inner).join("; ")}`;
    case "allOf":
      return condition.conditions.map(inner).join(" and ");
    case "not":
      return `it is not so that ${inner(condition.condition)}`;
    case "opaque":
      return `it fits ${condition.fact}`;
  }
}

function be(fields: readonly Field[]): string {
  return fields.length > 1 ? "are together" : "is";
}

function describeMatch(field: Field, values: ValueSet, mask: number | bigint | undefined): string {
  if (field === "tcpflags") return flagClause(values, mask);
  if (field === "ctstatus") return statusClause(values, mask);
  const { text, negated } = describeValues(field, values);
  const is = negated ? "is not" : "is";
  if (field === "cthelper") return helperClause(text, negated);
  return `${fieldName(field)}${maskNote(field, mask)} ${is} ${text}`;
}

function helperClause(text: string, negated: boolean): string {
  if (text === "none") return `${negated ? "a" : "no"} conntrack helper announced the connection`;
  return `the conntrack helper ${text} ${negated ? "did not announce" : "announced"} the connection`;
}

function maskNote(field: Field, mask: number | bigint | undefined): string {
  if (mask === undefined) return "";
  if (typeof mask === "bigint") return ` under the mask ${formatV6(mask)}`;
  return ` under the mask ${/addr4$/.test(field) ? formatV4(mask) : hex(mask)}`;
}

function flagClause(values: ValueSet, mask: number | bigint | undefined): string {
  const test = describeFlags(values, mask === undefined ? undefined : Number(mask));
  if (!test) return "the TCP flags are of certain kinds";
  const parts: string[] = [];
  if (test.set.length > 0) parts.push(`${listInWords(test.set, "and")} set`);
  if (test.clear.length > 0) parts.push(`${listInWords(test.clear, "and")} clear`);
  return `the TCP header ${test.negated ? "does not have" : "has"} ${parts.join(" and ")}`;
}

function statusClause(values: ValueSet, mask: number | bigint | undefined): string {
  const set = values as IntervalSet<number>;
  if (mask === undefined) {
    const { text, negated } = describeValues("ctstatus", values);
    return `the connection's status is ${negated ? "not " : ""}${text}`;
  }
  const bits = Object.entries(CT_STATUS)
    .filter(([, bit]) => Number(mask) & bit)
    .map(([name]) => name);
  return `the connection is ${set.has(0) ? "not " : ""}${listInWords(bits)}`;
}

const MOST_TUPLES = 4;

function describeTuple(condition: Extract<Condition, { kind: "tuple" }>): string {
  const { fields, elements, negated } = condition;
  const shown = elements.slice(0, MOST_TUPLES).map((element) => tupleInWords(fields, element));
  if (elements.length > MOST_TUPLES) shown.push(`${elements.length - MOST_TUPLES} more`);
  const not = negated ? "none" : shown.length > 1 ? "one" : "";
  return `${fieldNames(fields)} are together ${not ? `${not} of: ` : ""}${shown.join("; ")}`;
}

/** "10.0.0.1 with 21 (FTP control)". */
export function tupleInWords(fields: readonly Field[], values: readonly ValueSet[]): string {
  return fields
    .map((field, i) => {
      const set = values[i];
      if (!set) return "anything";
      const { text, negated } = describeValues(field, set);
      return negated ? `anything but ${text}` : text;
    })
    .join(" with ");
}

const MOST_ELEMENTS = 6;

/** "@ports (21 (FTP control) or 50000–51000)", as far as the file shows its elements. */
export function setName(name: string, names: Names, fields: readonly Field[]): string {
  const set = names?.sets.get(name);
  const content = set ? setContent(set, fields) : undefined;
  return content ? `@${name} (${content})` : `@${name}`;
}

function setContent(set: NamedSet, fields: readonly Field[]): string | undefined {
  if (set.content !== "complete") return `not all of it is in the file: ${set.content.unknown}`;
  const { elements } = set;
  if (elements.length === 0) return "empty";
  if (elements.length > MOST_ELEMENTS) return `${elements.length} elements`;
  const shown = elements.map((element) => tupleInWords(fields, element.values));
  return listInWords(shown, "and");
}
