import { IntervalSet } from "../../model/interval-set.ts";
import {
  ALL_NAMES,
  ALL_PORTS,
  ALL_V4,
  ALL_V6,
  bigints,
  name,
  namePrefix,
  numbers,
  parseV4,
  parseV6,
  type ValueSet,
  v4Prefix,
  v6Prefix,
} from "../../model/values.ts";
import { joinBits } from "../../syntax/nftables/bit-operations.ts";
import {
  ADDRESS_TYPES,
  ARP_OPERATIONS,
  CT_DIRECTIONS,
  ICMP_TYPES,
  ICMPV6_TYPES,
  NF_PROTOCOLS,
  PACKET_TYPES,
  PROTOCOLS,
  SERVICES,
} from "../../syntax/nftables/names.ts";
import type { Expression } from "../../syntax/nftables/tree.ts";
import type { ProblemCode } from "../../text/problem.ts";
import type { Span } from "../../text/span.ts";
import type { Definition, Variables } from "./scope.ts";

/** What kind of value a field is compared with: decides how names and numbers are read. */
export type ValueType =
  | "port"
  | "proto"
  | "v4"
  | "v6"
  | "nfproto"
  | "ethertype"
  | "ifname"
  | "ifindex"
  | "mark"
  | "icmptype"
  | "icmpv6type"
  | "ctdirection"
  | "pkttype"
  | "addrtype"
  | "arpoperation"
  | "helper"
  | "ctstate"
  | "ctstatus"
  | "tcpflags"
  | "number"
  | "other";

/** Why a value is not known; `refused` when nft refuses it. */
export class UnknownValue {
  readonly fact: string;
  readonly span: Span;
  readonly problem?: {
    readonly code: ProblemCode;
    readonly message: string;
    /** It depends on the host whether nft refuses it. */
    readonly doubtful?: boolean;
  };

  constructor(fact: string, span: Span, problem?: UnknownValue["problem"]) {
    this.fact = fact;
    this.span = span;
    this.problem = problem;
  }
}

const NAMES: Partial<Record<ValueType, ReadonlyMap<string, number>>> = {
  port: SERVICES,
  proto: PROTOCOLS,
  nfproto: NF_PROTOCOLS,
  icmptype: ICMP_TYPES,
  icmpv6type: ICMPV6_TYPES,
  ctdirection: CT_DIRECTIONS,
  pkttype: PACKET_TYPES,
  addrtype: ADDRESS_TYPES,
  arpoperation: ARP_OPERATIONS,
};

const BYTE = numbers(0, 255);
const WORD32 = numbers(0, 0xffffffff);

const DOMAINS: Record<ValueType, ValueSet> = {
  port: ALL_PORTS,
  proto: BYTE,
  v4: ALL_V4,
  v6: ALL_V6,
  nfproto: numbers(0, 255),
  ethertype: numbers(0, 255),
  ifname: ALL_NAMES,
  ifindex: ALL_NAMES,
  mark: WORD32,
  icmptype: BYTE,
  icmpv6type: BYTE,
  ctdirection: numbers(0, 1),
  pkttype: numbers(0, 6),
  addrtype: numbers(0, 11),
  arpoperation: numbers(0, 65535),
  helper: ALL_NAMES,
  ctstate: numbers(0, 4),
  ctstatus: WORD32,
  tcpflags: BYTE,
  number: numbers(0, 2 ** 48),
  other: WORD32,
};

/** Every value a field of this type can have; the complement of a set is taken in it. */
export function domainOf(type: ValueType): ValueSet {
  return DOMAINS[type];
}

/** All values outside `values`. Both sets hold the same kind of value. */
export function complement(type: ValueType, values: ValueSet): ValueSet {
  return (domainOf(type) as IntervalSet).subtract(values as IntervalSet) as ValueSet;
}

export function unite(sets: readonly ValueSet[]): ValueSet {
  return IntervalSet.unionOf(sets as readonly IntervalSet[]) as ValueSet;
}

/** How many variables one value may take in before it counts as too large to know. */
const MAX_EXPANSIONS = 20_000;

/** Reads the values an expression stands for. One resolver serves one rule: it bounds the work. */
export class Resolver {
  #expansions = 0;

  /** The expression behind variables, with the scope its own variables are looked up in. */
  unwrap(expression: Expression, variables: Variables): { expression: Expression; variables: Variables } {
    let current = { expression, variables };
    while (current.expression.kind === "variable" && this.#expansions++ < MAX_EXPANSIONS) {
      const definition: Definition | undefined = current.variables.lookup(current.expression.name);
      if (!definition) break;
      current = { expression: definition.value, variables: definition };
    }
    return current;
  }

  resolve(expression: Expression, type: ValueType, variables: Variables): ValueSet | UnknownValue {
    switch (expression.kind) {
      case "variable":
        return this.#variable(expression, type, variables);
      case "symbol":
        return readSymbol(expression.text, type, expression.span);
      case "string":
        return readString(expression.text, type, expression.span);
      case "any":
        return domainOf(type);
      case "prefix":
        return this.#prefix(expression, type, variables);
      case "range":
        return this.#range(expression, type, variables);
      case "list":
        return this.#union(expression.items, type, variables);
      case "set":
        return this.#union(
          expression.elements.map((element) => element.key),
          type,
          variables,
        );
      case "binary":
        return this.#binary(expression, type, variables);
      default:
        return unreadable(expression);
    }
  }

  #variable(
    expression: Extract<Expression, { kind: "variable" }>,
    type: ValueType,
    variables: Variables,
  ): ValueSet | UnknownValue {
    const definition = variables.lookup(expression.name);
    if (!definition || this.#expansions++ > MAX_EXPANSIONS) {
      return new UnknownValue(`the value of $${expression.name}`, expression.span);
    }
    const value = this.resolve(definition.value, type, definition);
    return value instanceof UnknownValue
      ? new UnknownValue(value.fact, expression.span, value.problem)
      : value;
  }

  #union(items: readonly Expression[], type: ValueType, variables: Variables): ValueSet | UnknownValue {
    const sets: ValueSet[] = [];
    for (const item of items) {
      const values = this.resolve(item, type, variables);
      if (values instanceof UnknownValue) return values;
      sets.push(values);
    }
    return unite(sets);
  }

  #prefix(
    expression: Extract<Expression, { kind: "prefix" }>,
    type: ValueType,
    variables: Variables,
  ): ValueSet | UnknownValue {
    const base = this.resolve(expression.base, type, variables);
    if (base instanceof UnknownValue) return base;
    const { expression: length } = this.unwrap(expression.length, variables);
    const bits = length.kind === "symbol" ? Number(length.text) : Number.NaN;
    const low = base.min;
    if (typeof low === "number" && bits <= 32 && (type === "v4" || type === "mark"))
      return v4Prefix(low, bits);
    if (typeof low === "bigint" && bits <= 128) return v6Prefix(low, bits);
    return new UnknownValue("a prefix that cannot be read", expression.span, {
      code: "invalid-prefix",
      message:
        "This prefix is longer than the address or stands behind something that has none. nft refuses it.",
    });
  }

  #range(
    expression: Extract<Expression, { kind: "range" }>,
    type: ValueType,
    variables: Variables,
  ): ValueSet | UnknownValue {
    const low = this.resolve(expression.low, type, variables);
    const high = this.resolve(expression.high, type, variables);
    if (low instanceof UnknownValue) return low;
    if (high instanceof UnknownValue) return high;
    if (low.min === undefined || high.end === undefined || typeof low.min !== typeof high.end)
      return unreadable(expression);
    const range = IntervalSet.interval(low.min, high.end) as ValueSet;
    if (!range.isEmpty) return range;
    return new UnknownValue("a range whose end comes before its start", expression.span, {
      code: "empty-range",
      message: "The end of this range comes before its start: nft refuses it. Swap the two.",
    });
  }

  #binary(
    expression: Extract<Expression, { kind: "binary" }>,
    type: ValueType,
    variables: Variables,
  ): ValueSet | UnknownValue {
    const left = this.single(expression.left, type, variables);
    const right = this.single(expression.right, type, variables);
    if (typeof left !== "number" || typeof right !== "number") return unreadable(expression);
    const value = joinBits(expression.op, BigInt(left), BigInt(right));
    return numbers(Number(BigInt.asUintN(32, value)));
  }

  /** The one number an expression stands for. */
  single(expression: Expression, type: ValueType, variables: Variables): number | bigint | undefined {
    const values = this.resolve(expression, type, variables);
    if (values instanceof UnknownValue || values.intervalCount !== 1) return undefined;
    const { min, end } = values;
    if (typeof min === "number" && end === min + 1) return min;
    if (typeof min === "bigint" && end === min + 1n) return min;
    return undefined;
  }
}

function unreadable(expression: Expression): UnknownValue {
  return new UnknownValue("a value that cannot be told from the file", expression.span);
}

/** `0x1f`, `31`, and like nft in octal `037`; undefined for anything else. */
export function readNumber(text: string): number | undefined {
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(0[xX][0-9a-fA-F]+|\d+)$/.test(text) ? Number(text) : undefined;
}

function readString(text: string, type: ValueType, span: Span): ValueSet | UnknownValue {
  if (type === "ifname" || type === "ifindex") return interfaces(text);
  if (type === "helper") return name(text);
  return readSymbol(text, type, span);
}

/** An interface by name or number: 0 is none, 1 the loopback; which the others are the file does not say. */
function deviceOf(text: string, span: Span): ValueSet | UnknownValue {
  if (text === "0") return name("");
  if (text === "1") return name("lo");
  return /^\d+$/.test(text)
    ? new UnknownValue(`which interface has the number ${text}`, span)
    : interfaces(text);
}

/** `eth*` stands for all names with that beginning; `eth\*` for a name with an asterisk. */
export function interfaces(text: string): ValueSet {
  if (text.endsWith("\\*")) return name(`${text.slice(0, -2)}*`);
  return text.endsWith("*") ? namePrefix(text.slice(0, -1)) : name(text);
}

/** NFPROTO_IPV4 and NFPROTO_IPV6 as our field has them. */
const IP_VERSIONS: Readonly<Record<number, number>> = { 2: 4, 10: 6 };

function readSymbol(text: string, type: ValueType, span: Span): ValueSet | UnknownValue {
  if (type === "ifindex") return deviceOf(text, span);
  if (type === "ifname") return interfaces(text);
  if (type === "helper") return name(text);
  if (type === "v4" || type === "v6") return readAddress(text, type, span);
  if (type === "ethertype") return readEtherType(text, span);
  if (type === "nfproto" && /^\d+$/.test(text)) return numbers(IP_VERSIONS[Number(text)] ?? 255);
  const value = readNumber(text) ?? NAMES[type]?.get(text);
  if (value !== undefined) return inDomain(value, type, text, span);
  if (type === "port") return unknownService(text, span);
  const lower = type === "proto" ? PROTOCOLS.get(text.toLowerCase()) : undefined;
  if (lower !== undefined) return numbers(lower);
  if (NAMES[type]) return unknownName(text, span);
  return new UnknownValue(`what "${text}" stands for`, span);
}

function unknownService(text: string, span: Span): UnknownValue {
  return new UnknownValue(`the port of the service "${text}"`, span, {
    code: "unknown-service",
    message: `"${text}" is not among the usual services: nft refuses the rule where /etc/services does not have it. Write the port's number.`,
    doubtful: true,
  });
}

const POINTS: IntervalSet<number>[] = [];

/** The set of one small number; one object for each, as the same ports come back in every rule. */
export function point(value: number): IntervalSet<number> {
  if (value > 0xffff) return numbers(value);
  POINTS[value] ??= numbers(value);
  return POINTS[value];
}

function inDomain(value: number, type: ValueType, text: string, span: Span): ValueSet | UnknownValue {
  if ((domainOf(type) as IntervalSet<number>).has(value)) return point(value);
  return new UnknownValue(`the value ${text}`, span, {
    code: "value-out-of-range",
    message: `${text} is outside of what can stand here: nft refuses it.`,
  });
}

function unknownName(text: string, span: Span): UnknownValue {
  return new UnknownValue(`what "${text}" stands for`, span, {
    code: "unknown-name",
    message: `nft knows no "${text}" here and refuses it.`,
  });
}

function readAddress(text: string, type: "v4" | "v6", span: Span): ValueSet | UnknownValue {
  if (type === "v4") {
    const value = parseV4(text) ?? readNumber(text);
    if (value !== undefined) return numbers(value);
  } else {
    const value = parseV6(text);
    if (value !== undefined) return bigints(value);
  }
  if (/^[\d.]*$/.test(text) || text.includes(":")) {
    const family = type === "v4" ? "IPv4" : "IPv6";
    return new UnknownValue(`the address ${text}`, span, {
      code: "invalid-address",
      message: `"${text}" is no ${family} address: nft refuses it.`,
    });
  }
  return new UnknownValue(`the address of ${text}, looked up when the file is loaded`, span);
}

/** NFPROTO_ARP of uapi/linux/netfilter.h. */
const NFPROTO_ARP = 3;

/** IPv4, IPv6 and ARP concern us: as the values of `nfproto`; others stand for none of them. */
function readEtherType(text: string, span: Span): ValueSet | UnknownValue {
  const value = readNumber(text);
  if (text === "ip" || value === 0x800) return numbers(4);
  if (text === "ip6" || value === 0x86dd) return numbers(6);
  if (text === "arp" || value === 0x806) return numbers(NFPROTO_ARP);
  if (value !== undefined || ["vlan", "8021q", "8021ad", "ppp_ses"].includes(text))
    return IntervalSet.empty<number>();
  return unknownName(text, span);
}
