import { catchAllLast, type MappedEntry, type Statement, type Verdict } from "../../model/rule.ts";
import type { ValueSet } from "../../model/values.ts";
import type { Expression, RulePart } from "../../syntax/nftables/tree.ts";
import type { Span } from "../../text/span.ts";
import { allBits, bitTerm, selectorIn } from "./bits.ts";
import type { RuleBuilder } from "./builder.ts";
import { fieldOf } from "./fields.ts";
import { factOf, keyValues, tupleFields } from "./match.ts";
import type { Variables } from "./scope.ts";
import { UnknownValue } from "./values.ts";

type Part<K extends RulePart["kind"]> = Extract<RulePart, { kind: K }>;

// Verdict maps

export function convertVmap(builder: RuleBuilder, part: Part<"vmap">): void {
  const parts = part.key.kind === "concat" ? part.key.items : [part.key];
  const { infos, fields } = tupleFields(builder, parts);
  const { expression: map, variables } = builder.resolver.unwrap(part.map, builder.variables);
  const { span } = part;
  if (map.kind === "setRef") builder.refer("set", map.name, part.map.span);
  const computed = map.kind === "setRef" && infos.some((info) => info.term);
  if (!fields || computed || (map.kind !== "set" && map.kind !== "setRef")) {
    const { fact } = factOf(infos);
    if (map.kind === "set")
      for (const { value } of map.elements)
        if (value?.kind === "verdict") builder.verdict(value.verdict, span);
    builder.statement({ kind: "opaque", fact: `the verdict map, which looks at ${fact}`, span });
    return;
  }
  if (map.kind === "setRef") {
    builder.statement({ kind: "vmapLookup", fields, map: map.name, span });
    return;
  }
  const entries: { values: ValueSet[]; verdict: Verdict }[] = [];
  let fallback: Verdict | undefined;
  for (const element of map.elements) {
    const verdict =
      element.value?.kind === "verdict" ? builder.verdict(element.value.verdict, span, variables) : undefined;
    const values = keyValues(builder, element.key, infos, variables);
    if (!verdict || values instanceof UnknownValue) {
      if (values instanceof UnknownValue) builder.report(values);
      const fact =
        values instanceof UnknownValue ? values.fact : "a verdict map whose verdicts cannot be read";
      builder.statement({ kind: "opaque", fact, span });
      return;
    }
    if (element.key.kind === "any") fallback = verdict;
    else entries.push({ values, verdict });
  }
  builder.statement({ kind: "vmap", fields, entries, ...(fallback && { default: fallback }), span });
}

// Assignments

/** Targets whose change has no bearing on whether packets pass. */
const HARMLESS = new Set([
  "meta nftrace",
  "meta priority",
  "meta secmark",
  "ct secmark",
  "ct label",
  "ct event",
  "ct timeout",
  "ip dscp",
  "ip6 dscp",
  "ip ecn",
  "ip6 ecn",
  "ip6 flowlabel",
  "tcp option",
  "ip id",
  "vlan pcp",
]);

export function convertAssign(builder: RuleBuilder, part: Part<"assign">): void {
  const { target, value, span } = part;
  const key = target.key;
  builder.imply(fieldOf(target, builder.nfproto), span);
  if (key === "ct helper") convertHelper(builder, value, span);
  else if (key === "meta mark" || key === "ct mark") convertMark(builder, key, value, span);
  else if (key === "ip ttl" || key === "ip6 hoplimit") convertHops(builder, key, value, span);
  else if (key === "meta pkttype") {
    const type = builder.resolver.single(value, "pkttype", builder.variables);
    if (type === undefined) builder.statement({ kind: "opaque", fact: "the packet type set here", span });
    else builder.statement({ kind: "setPacketType", type: Number(type), span });
  } else if (HARMLESS.has(key)) builder.noop(`set ${key}`, span);
  else if (key === "ct zone")
    builder.statement({ kind: "opaque", fact: "the conntrack zone set here", span });
  else if (key === "ct expectation")
    builder.statement({ kind: "opaque", fact: "the expected connection set here", span });
  else builder.statement({ kind: "opaque", fact: `the packet's ${key}, which is rewritten here`, span });
  if (key === "ct timeout" || key === "ct expectation") referToObject(builder, value);
}

function convertHops(
  builder: RuleBuilder,
  key: "ip ttl" | "ip6 hoplimit",
  value: Expression,
  span: Span,
): void {
  const hops = builder.resolver.single(value, "number", builder.variables);
  const family = key === "ip ttl" ? 4 : 6;
  if (hops === undefined) builder.statement({ kind: "opaque", fact: `the ${key} that is set here`, span });
  else builder.statement({ kind: "setHops", family, hops: Number(hops), span });
}

function referToObject(builder: RuleBuilder, value: Expression): void {
  const name = builder.nameOf(value);
  if (name !== undefined) builder.refer("object", name, value.span);
}

function convertHelper(builder: RuleBuilder, value: Expression, span: Span): void {
  const name = builder.nameOf(value);
  if (name !== undefined) {
    builder.refer("helper", name, value.span);
    builder.statement({ kind: "setHelper", helper: { by: "object", name }, span });
    return;
  }
  if (value.kind === "map") {
    helpersOfMap(builder, value);
    if (convertByMap(builder, "helper", value, span)) return;
  }
  const fact = "which helper the map gives";
  builder.statement({ kind: "setHelper", helper: { by: "unknown", fact }, span });
}

function helpersOfMap(builder: RuleBuilder, value: Extract<Expression, { kind: "map" }>): void {
  const { expression: map } = builder.resolver.unwrap(value.map, builder.variables);
  if (map.kind === "setRef") builder.refer("set", map.name, value.map.span);
  if (map.kind !== "set") return;
  for (const element of map.elements) {
    const name = element.value && builder.nameOf(element.value);
    if (name !== undefined && element.value) builder.refer("helper", name, element.value.span);
  }
}

function convertMark(
  builder: RuleBuilder,
  key: "meta mark" | "ct mark",
  value: Expression,
  span: Span,
): void {
  const target = key === "meta mark" ? "packet" : "connection";
  if (value.kind === "map" && convertByMap(builder, `${target} mark`, value, span)) return;
  builder.statement({ kind: "setMark", target, change: markChange(builder, key, value), span });
}

/** `… set KEY map { … }` or `… set KEY map @name`; false where the key or the map cannot be read. */
function convertByMap(
  builder: RuleBuilder,
  sets: Extract<Statement, { kind: "byMap" }>["sets"],
  value: Extract<Expression, { kind: "map" }>,
  span: Span,
): boolean {
  const { expression: map, variables } = builder.resolver.unwrap(value.map, builder.variables);
  const parts = value.key.kind === "concat" ? value.key.items : [value.key];
  const { infos, fields } = tupleFields(builder, parts);
  if (!fields) return false;
  if (map.kind === "setRef") {
    if (infos.some((info) => info.term)) return false;
    // The maps of helpers are referred to with what they map to.
    if (sets !== "helper") builder.refer("set", map.name, value.map.span);
    builder.statement({ kind: "byMap", sets, fields, entries: { map: map.name }, span });
    return true;
  }
  if (map.kind !== "set") return false;
  const entries: MappedEntry[] = [];
  for (const element of map.elements) {
    const values = keyValues(builder, element.key, infos, variables);
    const mapped = element.value && mappedValue(builder, sets, element.value, variables);
    if (values instanceof UnknownValue || !mapped) return false;
    entries.push({ values, mapped, catchAll: element.key.kind === "any" });
  }
  builder.statement({ kind: "byMap", sets, fields, entries: catchAllLast(entries), span });
  return true;
}

function mappedValue(
  builder: RuleBuilder,
  sets: Extract<Statement, { kind: "byMap" }>["sets"],
  value: Expression,
  variables: Variables,
): MappedEntry["mapped"] {
  if (sets === "helper") {
    const object = builder.nameOf(value, variables);
    return object === undefined ? undefined : { object };
  }
  const values = builder.resolver.resolve(value, "mark", variables);
  return values instanceof UnknownValue ? undefined : { values: [values] };
}

function markChange(
  builder: RuleBuilder,
  key: string,
  value: Expression,
): Extract<Statement, { kind: "setMark" }>["change"] {
  const { resolver, variables } = builder;
  const constant = resolver.single(value, "mark", variables);
  if (constant !== undefined) return { and: 0, xor: Number(constant) };
  if (value.kind === "map") {
    const { expression: map } = resolver.unwrap(value.map, variables);
    if (map.kind === "setRef") builder.refer("set", map.name, value.map.span);
    return "unknown";
  }
  const source = selectorIn(value)?.key;
  const term = bitTerm(value, "mark", resolver, variables);
  if (!term || (source !== "meta mark" && source !== "ct mark")) return "unknown";
  if (source === key) return { and: Number(term.and & allBits(32)), xor: Number(term.xor) };
  return { copy: true, keep: 0, take: Number(term.and), xor: Number(term.xor) };
}

// Sets filled by rules

export function convertSetUpdate(builder: RuleBuilder, part: Part<"setUpdate">): void {
  builder.refer("set", part.set.text, part.set.span);
  builder.updates.push(part.set.text);
  implyKey(builder, part.element);
  const options =
    part.element.kind === "set" ? part.element.elements.flatMap((element) => element.options) : [];
  const limit = options.find(({ text }) => /^(limit|quota|ct count)\b/.test(text));
  if (limit) {
    builder.opaque(`the ${limit.text.replace(/\s+/g, " ")} kept in @${part.set.text}`, false, part.span);
  } else builder.noop(`${part.op} @${part.set.text}`, part.span);
}

/** The key of a set or map is read from the packet: without it the rule ends. */
function implyKey(builder: RuleBuilder, element: Expression): void {
  const key = element.kind === "set" ? element.elements[0]?.key : element;
  if (key) tupleFields(builder, key.kind === "concat" ? key.items : [key]);
}

// Everything else

export function convertObjectRef(builder: RuleBuilder, part: Part<"objectRef">): void {
  const { object, span } = part;
  referToObject(builder, part.name);
  if (part.name.kind === "map") convertMapKey(builder, part.name);
  if (object === "counter") builder.noop("counter", span);
  else if (object === "synproxy") builder.statement({ kind: "opaque", fact: "the SYN proxy", span });
  else builder.opaque(`the ${object} "${builder.nameOf(part.name) ?? "chosen by a map"}"`, false, span);
}

/** `counter name KEY map …`: the rule ends where the map has no entry. */
function convertMapKey(builder: RuleBuilder, value: Extract<Expression, { kind: "map" }>): void {
  const { expression: map, variables } = builder.resolver.unwrap(value.map, builder.variables);
  const parts = value.key.kind === "concat" ? value.key.items : [value.key];
  const { infos, fields } = tupleFields(builder, parts);
  const { span } = value.map;
  if (map.kind === "setRef") builder.refer("set", map.name, span);
  if (!fields || infos.some((info) => info.term)) builder.opaque(factOf(infos).fact, true, span);
  else if (map.kind === "setRef") {
    builder.condition({ kind: "lookup", fields, set: map.name, negated: false, span });
  } else if (map.kind === "set") {
    const elements = map.elements.map((element) => keyValues(builder, element.key, infos, variables));
    const known = elements.filter((one) => !(one instanceof UnknownValue)) as ValueSet[][];
    if (known.length === elements.length) {
      builder.condition({ kind: "tuple", fields, elements: known, negated: false, span });
    } else builder.opaque("a key of the map", true, span);
  }
}

export function convertAction(builder: RuleBuilder, part: Part<"action">): void {
  const { name, words, span } = part;
  switch (name) {
    case "reject": {
      builder.confined.push({ what: "reject", span });
      const kind = words.join(" ");
      const answer = kind.includes("tcp reset") ? "tcp-reset" : "icmp";
      // nft adds the protocol or the IP version that the answer needs; a bare reject and icmpx need none.
      if (answer === "tcp-reset") builder.implied({ l4proto: 6 }, span);
      else if (/\bicmp\b/.test(kind)) builder.implied({ nfproto: 4 }, span);
      else if (/\bicmpv6\b/.test(kind)) builder.implied({ nfproto: 6 }, span);
      builder.statement({ kind: "verdict", verdict: { type: "reject", answer }, span });
      return;
    }
    case "queue":
      builder.statement({ kind: "verdict", verdict: { type: "queue" }, span });
      return;
    case "notrack":
      builder.statement({ kind: "notrack", span });
      return;
    case "limit":
      builder.opaque(`the rate limit ${words.join(" ").replace(" / ", "/")}`, false, span);
      return;
    case "quota":
      builder.opaque(`the quota "${words.join(" ")}"`, false, span);
      return;
    case "ct count":
      builder.opaque(`how many connections there are (${words.join(" ")})`, true, span);
      return;
    case "meter":
      builder.opaque(`the meter ${words[0] ?? ""}`.trim(), false, span);
      return;
    case "xt":
      convertXt(builder, words, span);
      return;
    case "dup":
    case "flow":
    case "last":
    case "counter":
    case "log":
    case "reset":
      builder.noop(name, span);
      return;
    default:
      builder.statement({ kind: "opaque", fact: `what "${name}" does with the packet`, span });
      return;
  }
}

function convertXt(builder: RuleBuilder, words: readonly string[], span: Span): void {
  const name = words[1] ?? "";
  if (words[0] === "match")
    builder.opaque(`the iptables match ${name}, which nft does not show in full`, true, span);
  else
    builder.statement({
      kind: "opaque",
      fact: `the iptables target ${name}, which nft does not show in full`,
      span,
    });
}
