import { IntervalSet } from "../../model/interval-set.ts";
import type { Condition, Field } from "../../model/rule.ts";
import { ALL_NAMES, bigints, name, numbers, type ValueSet } from "../../model/values.ts";
import type {
  Expression,
  RelationalOp,
  RulePart,
  Selector,
  SetElementNode,
} from "../../syntax/nftables/tree.ts";
import type { Span } from "../../text/span.ts";
import { allBits, type BitTerm, bitTerm, selectorIn, widthOf } from "./bits.ts";
import type { RuleBuilder } from "./builder.ts";
import { type FieldInfo, fieldOf } from "./fields.ts";
import { exactFlag, type FlagValues, flagBits, flagValues, isFlagType } from "./flags.ts";
import type { Variables } from "./scope.ts";
import { complement, domainOf, UnknownValue, type ValueType } from "./values.ts";

type Match = Extract<RulePart, { kind: "match" }>;

/** Adds the conditions of one comparison to the rule. */
export function convertMatch(builder: RuleBuilder, match: Match): void {
  const { left } = match;
  if (left.kind === "concat") convertTuple(builder, match, left.items);
  else if (left.kind === "selector") convertPlain(builder, match, left);
  else if (left.kind === "binary") convertBits(builder, match);
  else builder.opaque("a computed value of the packet", true, match.span);
}

export function isNegated(op: RelationalOp): boolean {
  return op === "!=" || op === "!";
}

function convertPlain(builder: RuleBuilder, match: Match, selector: Selector): void {
  const info = fieldOf(selector, builder.nfproto);
  builder.imply(info, selector.span);
  // nft asks for the type of the incoming interface first: what the host sends itself has none.
  if (/^(ether|vlan) /.test(selector.key) && builder.family !== "bridge" && builder.family !== "netdev") {
    const values = (ALL_NAMES as IntervalSet<string>).subtract(name(""));
    builder.condition({ kind: "match", field: "iif", values, span: selector.span });
  }
  const { op, span } = match;
  if (info.field === "l4proto") builder.sawTransport();
  const { expression: right, variables } = builder.resolver.unwrap(match.right, builder.variables);
  if (info.field && right.kind === "setRef") {
    builder.refer("set", right.name, match.right.span);
    builder.condition({
      kind: "lookup",
      fields: [info.field],
      set: right.name,
      negated: isNegated(op),
      span,
    });
    return;
  }
  if (!info.field) {
    noteSets(builder, right, match.right.span);
    builder.opaque(info.fact, info.stable, span);
    return;
  }
  if (isFlagType(info.type)) {
    addFlags(builder, info.field, match, { and: 0xffffffff, xor: 0 }, info.type);
    return;
  }
  const values = compared(builder, right, op, info.type, variables);
  if (values instanceof UnknownValue) {
    builder.unknown(new UnknownValue(values.fact, match.right.span, values.problem));
    return;
  }
  builder.condition({ kind: "match", field: info.field, values, span });
  if (values.intervalCount === 1 && typeof values.min === "number" && values.end === values.min + 1) {
    builder.pinned(info.field, values.min);
  }
}

/** A named set in a test we cannot follow must exist all the same. */
function noteSets(builder: RuleBuilder, right: Expression, span: Span): void {
  if (right.kind === "setRef") builder.refer("set", right.name, span);
}

/** The values that pass `op right`. */
function compared(
  builder: RuleBuilder,
  right: Expression,
  op: RelationalOp,
  type: ValueType,
  variables: Variables,
): ValueSet | UnknownValue {
  if (right.kind === "list") return listRefused(right);
  if (right.kind === "set" && right.elements.length === 0) return emptyRefused(right);
  const values = builder.resolver.resolve(right, type, variables);
  if (values instanceof UnknownValue) return values;
  if (op === "" || op === "==") return values;
  if (isNegated(op)) return complement(type, values);
  return ordered(values, op, type) ?? new UnknownValue("a comparison of names", right.span);
}

function listRefused(right: Expression): UnknownValue {
  return new UnknownValue("a list", right.span, {
    code: "list-without-braces",
    message: 'Several values need braces: write "{ a, b }". nft refuses a bare list here.',
  });
}

function emptyRefused(right: Expression): UnknownValue {
  return new UnknownValue("an empty set", right.span, {
    code: "empty-set",
    message: "This set has no elements: nft refuses the rule. Give it one, or leave the rule out.",
  });
}

function ordered(values: ValueSet, op: RelationalOp, type: ValueType): ValueSet | undefined {
  const { min, end } = values;
  const all = domainOf(type);
  if (min === undefined || end === undefined || all.min === undefined || all.end === undefined)
    return undefined;
  if (typeof min === "string") return undefined;
  const low = all.min;
  const high = all.end;
  switch (op) {
    case "<":
      return IntervalSet.interval(low, min) as ValueSet;
    case "<=":
      return IntervalSet.interval(low, end) as ValueSet;
    case ">":
      return IntervalSet.interval(end, high) as ValueSet;
    default:
      return IntervalSet.interval(min, high) as ValueSet;
  }
}

function addFlags(
  builder: RuleBuilder,
  field: Field,
  match: Match,
  term: { and: number; xor: number },
  type: "tcpflags" | "ctstate" | "ctstatus",
): void {
  const found = flagValues(type, term, match.op, match.right, builder.resolver, builder.variables);
  if (found instanceof UnknownValue) builder.unknown(found);
  else {
    const { values, mask } = found;
    const plain = { kind: "match" as const, field, values, span: match.span };
    const condition = mask === undefined ? plain : { ...plain, mask };
    const anyBit = oneFlagInBraces(builder, match, term, type);
    builder.condition(anyBit ? eitherReading(condition, { ...plain, ...anyBit }) : condition);
  }
}

/** `tcp flags { syn }`: nft 1.0.6 loads one flag in braces as `tcp flags syn`, which asks for that bit alone. */
function oneFlagInBraces(
  builder: RuleBuilder,
  { op, right }: Match,
  term: { and: number; xor: number },
  type: "tcpflags" | "ctstate" | "ctstatus",
): FlagValues | undefined {
  const { expression, variables } = builder.resolver.unwrap(right, builder.variables);
  const only =
    expression.kind === "set" && expression.elements.length === 1 ? expression.elements[0] : undefined;
  if (!only || type === "ctstate" || op !== "" || term.and !== 0xffffffff || term.xor !== 0) return undefined;
  const found = flagValues(type, term, "", only.key, builder.resolver, variables);
  return found instanceof UnknownValue ? undefined : found;
}

/** Certain where both readings agree. */
function eitherReading(exact: Condition, anyBit: Condition): Condition {
  const { span } = exact;
  const fact = "how this version of nft reads one flag in braces: exactly it, or it among others";
  const conditions = [exact, anyBit];
  const open: Condition[] = [
    { kind: "anyOf", conditions, span },
    { kind: "opaque", fact, stable: true, span },
  ];
  return {
    kind: "anyOf",
    conditions: [
      { kind: "allOf", conditions, span },
      { kind: "allOf", conditions: open, span },
    ],
    span,
  };
}

/** `meta mark & 0xff == 1`, `tcp flags & (syn | ack) == syn`, `ip frag-off & 0x1fff != 0` */
function convertBits(builder: RuleBuilder, match: Match): void {
  const selector = selectorIn(match.left);
  const info = selector && fieldOf(selector, builder.nfproto);
  if (!selector || !info) {
    builder.opaque("a computed value of the packet", true, match.span);
    return;
  }
  builder.imply(info, selector.span);
  if (selector.key === "ip frag-off" && convertFragment(builder, match)) return;
  const term = info.field && readTerm(builder, match.left, info.type);
  if (!info.field || !term) {
    builder.opaque(info.fact, info.stable, match.span);
    return;
  }
  if (isFlagType(info.type)) {
    addFlags(builder, info.field, match, { and: Number(term.and), xor: Number(term.xor) }, info.type);
  } else addMasked(builder, match, info.field, info, term);
}

function readTerm(builder: RuleBuilder, left: Expression, type: ValueType): BitTerm | undefined {
  const { resolver, variables } = builder;
  if (!isFlagType(type)) return bitTerm(left, type, resolver, variables);
  return bitTerm(left, type, resolver, variables, (part) => {
    const bits = flagBits(part, type, resolver, variables);
    return bits instanceof UnknownValue ? undefined : bits;
  });
}

/** The offset's 13 bits: nothing else tells a later fragment. */
function convertFragment(builder: RuleBuilder, match: Match): boolean {
  if (match.left.kind !== "binary" || match.left.op !== "&") return false;
  const mask = builder.resolver.single(match.left.right, "number", builder.variables);
  const value = builder.resolver.single(match.right, "number", builder.variables);
  if (mask !== 0x1fff || value !== 0 || !(match.op === "!=" || match.op === "==" || match.op === ">"))
    return false;
  builder.condition({
    kind: "match",
    field: "fragment",
    values: numbers(match.op === "==" ? 0 : 1),
    span: match.span,
  });
  return true;
}

function addMasked(builder: RuleBuilder, match: Match, field: Field, info: FieldInfo, term: BitTerm): void {
  const { expression: right, variables } = builder.resolver.unwrap(match.right, builder.variables);
  const plainOp = match.op === "" || match.op === "==" || isNegated(match.op);
  const values = builder.resolver.resolve(right, info.type, variables);
  if (values instanceof UnknownValue) {
    builder.unknown(values);
    return;
  }
  const members = plainOp ? maskedMembers(values, term) : undefined;
  if (!members) {
    builder.opaque(info.fact, info.stable, match.span);
    return;
  }
  const width = allBits(widthOf(info.type));
  const prefix = asPrefix(members, term, width);
  const set = prefix ?? pointSet(members, info.type);
  const passing = isNegated(match.op) ? complement(info.type, set) : set;
  const condition = { kind: "match" as const, field, values: passing, span: match.span };
  if (prefix || term.and === width) builder.condition(condition);
  else builder.condition({ ...condition, mask: info.type === "v6" ? term.and : Number(term.and) });
}

const MAX_MEMBERS = 64;

/** The values of `field & mask` that are asked for; undefined when they are too many to list. */
function maskedMembers(values: ValueSet, term: BitTerm): bigint[] | undefined {
  const members: bigint[] = [];
  for (let i = 0; i < values.bounds.length; i += 2) {
    const low = values.bounds[i]!;
    const end = values.bounds[i + 1]!;
    if (typeof low === "string" || typeof end === "string") return undefined;
    if (BigInt(end) - BigInt(low) > MAX_MEMBERS || members.length > MAX_MEMBERS) return undefined;
    for (let value = BigInt(low); value < BigInt(end); value++) members.push(value ^ term.xor);
  }
  // Bits outside of the mask are never set: such a value never matches.
  return members.filter((value) => (value & ~term.and) === 0n);
}

/** One value under a netmask is a prefix: an interval without a mask. */
function asPrefix(members: readonly bigint[], term: BitTerm, width: bigint): ValueSet | undefined {
  const host = width & ~term.and;
  if (members.length !== 1 || (host & (host + 1n)) !== 0n) return undefined;
  const low = members[0]!;
  return width > 0xffffffffn ? bigints(low, low | host) : numbers(Number(low), Number(low | host));
}

function pointSet(members: readonly bigint[], type: ValueType): ValueSet {
  if (type === "v6") return IntervalSet.unionOf(members.map((value) => bigints(value)));
  return IntervalSet.unionOf(members.map((value) => numbers(Number(value))));
}

// Concatenations

/** The fields of `a . b . c`; undefined when the model lacks one of them. Implied conditions are added. */
export function tupleFields(
  builder: RuleBuilder,
  parts: readonly Expression[],
): { infos: KeyInfo[]; fields: Field[] | undefined } {
  const infos: KeyInfo[] = [];
  const fields: Field[] = [];
  for (const part of parts) {
    const info = keyInfo(builder, part);
    const selector = selectorIn(part);
    if (selector) builder.imply(info, selector.span);
    infos.push(info);
    if (info.field) fields.push(info.field);
  }
  return { infos, fields: fields.length === infos.length ? fields : undefined };
}

/** What a part of a key looks at; `term` where bits of it are taken first (`tcp flags & (syn | ack)`). */
export interface KeyInfo extends FieldInfo {
  readonly term?: BitTerm;
}

function keyInfo(builder: RuleBuilder, part: Expression): KeyInfo {
  if (part.kind === "selector") return fieldOf(part, builder.nfproto);
  const selector = selectorIn(part);
  const info = selector && fieldOf(selector, builder.nfproto);
  const term = info?.field && readTerm(builder, part, info.type);
  if (info && term) return { ...info, term };
  return { ...info, field: undefined, type: "other", fact: "a computed value of the packet", stable: true };
}

export function factOf(infos: readonly FieldInfo[]): { fact: string; stable: boolean } {
  const missing = infos.find((info) => !info.field);
  return {
    fact: missing?.fact ?? "the packet's header",
    stable: infos.every((info) => info.stable || info.field),
  };
}

function convertTuple(builder: RuleBuilder, match: Match, parts: readonly Expression[]): void {
  const { infos, fields: all } = tupleFields(builder, parts);
  // Elements of a named set cannot be read anew for each mask.
  const fields = infos.some((info) => info.term) ? undefined : all;
  const { expression: right, variables } = builder.resolver.unwrap(match.right, builder.variables);
  const { span } = match;
  if (right.kind === "setRef") builder.refer("set", right.name, match.right.span);
  if (!fields) {
    const { fact, stable } = factOf(infos);
    builder.opaque(fact, stable, span);
    return;
  }
  const negated = isNegated(match.op);
  if (right.kind === "setRef") {
    builder.condition({ kind: "lookup", fields, set: right.name, negated, span });
    return;
  }
  const keys = right.kind === "set" ? right.elements.map((element) => element.key) : [right];
  const elements: ValueSet[][] = [];
  for (const key of keys) {
    const values = keyValues(builder, key, infos, variables);
    if (values instanceof UnknownValue) {
      builder.unknown(values);
      return;
    }
    elements.push(values);
  }
  builder.condition({ kind: "tuple", fields, elements, negated, span });
}

/** The values of a set's key, one set for each concatenated field. */
export function keyValues(
  builder: Pick<RuleBuilder, "resolver">,
  key: Expression,
  infos: readonly Pick<KeyInfo, "type" | "term">[],
  variables: Variables,
): ValueSet[] | UnknownValue {
  const { expression, variables: inner } = builder.resolver.unwrap(key, variables);
  if (expression.kind === "any") return infos.map((info) => domainOf(info.type));
  const parts = expression.kind === "concat" ? expression.items : [expression];
  if (parts.length !== infos.length) {
    return new UnknownValue("a key of another shape", key.span, {
      code: "key-mismatch",
      message: `This has ${parts.length} parts joined with ".", but ${infos.length} are compared: nft refuses it.`,
    });
  }
  const values: ValueSet[] = [];
  for (const [i, part] of parts.entries()) {
    const value = keyPart(builder, part, infos[i]!, inner);
    if (value instanceof UnknownValue) return value;
    values.push(value);
  }
  return values;
}

function keyPart(
  builder: Pick<RuleBuilder, "resolver">,
  part: Expression,
  { type, term }: Pick<KeyInfo, "type" | "term">,
  variables: Variables,
): ValueSet | UnknownValue {
  if (isFlagType(type) && part.kind !== "any") {
    const bits = term && { and: Number(term.and), xor: Number(term.xor) };
    return exactFlag(part, type, builder.resolver, variables, bits);
  }
  const values = builder.resolver.resolve(part, type, variables);
  if (!term || values instanceof UnknownValue) return values;
  const members = maskedMembers(values, term);
  const prefix = members && asPrefix(members, term, allBits(widthOf(type)));
  return prefix ?? new UnknownValue("a computed value of the packet", part.span);
}

/** The elements of an inline set or of a variable that holds one. */
export function elementsOf(expression: Expression): readonly SetElementNode[] | undefined {
  return expression.kind === "set" ? expression.elements : undefined;
}
