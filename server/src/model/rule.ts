import type { Origin, Placed } from "../text/origin.ts";
import type { Span } from "../text/span.ts";
import type { IpsetTest } from "./ipset.ts";
import type { Table } from "./ruleset.ts";
import type { ValueSet } from "./values.ts";

/**
 * What a condition looks at. The kind of value behind each field:
 *
 * - number: ports 0–65535, protocols and types 0–255, IPv4 addresses, marks (32 bit), flags
 * - bigint: IPv6 addresses
 * - string: interface, helper and chain-independent names. An absent interface (no output interface
 *   in prerouting, say) is the empty string.
 *
 * A field that a packet does not have (dport of ICMP, saddr4 of an IPv6 packet) never matches, whatever
 * the values; so "not 1.2.3.4" is written as the complement of the values, never as a `not` around it.
 */
export type Field =
  | "nfproto" // 4 or 6 (converted from nft's ipv4/ipv6, iptables/ip6tables need none)
  | "l4proto"
  | "iif" // name of the incoming interface; index and name are the same to us
  | "oif"
  | "saddr4"
  | "daddr4"
  | "saddr6"
  | "daddr6"
  | "sport" // of TCP, UDP, UDP-Lite, SCTP, DCCP; add an l4proto condition where the syntax implies one
  | "dport"
  | "tcpflags" // fin 1, syn 2, rst 4, psh 8, ack 16, urg 32, ecn 64, cwr 128
  | "icmptype" // ICMP for IPv4
  | "icmpv6type"
  | "hoplimit" // of IPv6; known for neighbour discovery only, which needs 255
  | "mark"
  | "pkttype" // 0 unicast to this host, 1 broadcast, 2 multicast, 3 other host
  | "saddrtype" // RTN_*: unicast 1, local 2, broadcast 3, anycast 4, multicast 5, blackhole 6, unreachable 7, prohibit 8
  | "daddrtype"
  | "arpoperation" // 1 request, 2 reply
  | "exthdr" // an IPv6 extension header; no packet of ours has one
  | "fragment" // 0 whole packet or first fragment, 1 later fragment
  | "ctstate" // see CT_STATE: exactly one holds for a packet
  | "ctstatus" // bits, see CT_STATUS
  | "ctdirection" // 0 original, 1 reply
  | "ctmark"
  | "cthelper" // kernel name of the helper of the *master* connection; "" without one
  | "ctprotocol"
  | "ctl3proto" // 4 or 6
  | "ctorigsaddr4"
  | "ctorigdaddr4"
  | "ctorigsaddr6"
  | "ctorigdaddr6"
  | "ctorigsport"
  | "ctorigdport"
  | "ctreplsaddr4"
  | "ctrepldaddr4"
  | "ctreplsaddr6"
  | "ctrepldaddr6"
  | "ctreplsport"
  | "ctrepldport";

/** Values of the field `ctstate`. Kernel: nf_conntrack_common.h; exactly one holds for each packet. */
export const CT_STATE = { invalid: 0, established: 1, related: 2, new: 3, untracked: 4 } as const;

/** Bits of the field `ctstatus` (enum ip_conntrack_status). */
export const CT_STATUS = {
  expected: 1 << 0,
  "seen-reply": 1 << 1,
  assured: 1 << 2,
  confirmed: 1 << 3,
  snat: 1 << 4,
  dnat: 1 << 5,
  "snat-done": 1 << 7,
  "dnat-done": 1 << 8,
  dying: 1 << 9,
  template: 1 << 11,
  helper: 1 << 13,
} as const;

/** A test of one packet. `span`s count from the start of the rule's statement. */
export type Condition =
  /** True when the field's value (after `mask`, if given) is in `values`. */
  | {
      readonly kind: "match";
      readonly field: Field;
      readonly values: ValueSet;
      readonly mask?: number | bigint;
      readonly span: Span;
    }
  /** An inline set of concatenated values: true when some element holds all fields; `negated` turns it. */
  | {
      readonly kind: "tuple";
      readonly fields: readonly Field[];
      readonly elements: readonly (readonly ValueSet[])[];
      readonly negated: boolean;
      readonly span: Span;
    }
  /** A named set of the rule's table (nft `@name`). */
  | {
      readonly kind: "lookup";
      readonly fields: readonly Field[];
      readonly set: string;
      readonly negated: boolean;
      readonly span: Span;
    }
  | { readonly kind: "anyOf"; readonly conditions: readonly Condition[]; readonly span: Span }
  | { readonly kind: "allOf"; readonly conditions: readonly Condition[]; readonly span: Span }
  /** The plain negation: also true when the field is not there. */
  | { readonly kind: "not"; readonly condition: Condition; readonly span: Span }
  /**
   * A test whose outcome the file cannot tell. `fact` is a noun phrase that completes
   * "it depends on …" ("the rate limit 10/minute", "the user who owns the socket").
   * `stable`: the same answer for every packet of a connection in one direction (an ipset's content);
   * otherwise it may change from packet to packet (a rate limit).
   */
  | {
      readonly kind: "opaque";
      readonly fact: string;
      readonly stable: boolean;
      readonly span: Span;
      /** The ipset that is asked: the fold puts what it holds in the place of this condition, where that is known. */
      readonly ipset?: IpsetTest;
    };

export type Verdict =
  | { readonly type: "accept" | "drop" | "return" | "continue" }
  /** `answer`: what the sender hears; a reset ends TCP connections at once. */
  | { readonly type: "reject"; readonly answer: "icmp" | "tcp-reset" }
  | { readonly type: "jump" | "goto"; readonly chain: string }
  /** To a program in user space: what becomes of the packet is not in the file. */
  | { readonly type: "queue" };

/** Where a NAT statement sends the packet. Absent parts stay as they are. */
export interface NatTarget {
  readonly addr?: NatPart;
  /** Ports are numbers. */
  readonly port?: NatPart;
  /** Prefix-to-prefix mapping (NETMAP, nft `prefix to`): the host bits are kept. */
  readonly netmap?: boolean;
  /** `random`, `fully-random`: a source gets another port even where its own would do. */
  readonly random?: boolean;
  /** The port that becomes the first of the range, the next one the second (`--to-destination :5000-5050/2000`). */
  readonly basePort?: number;
}

/** Candidate values; what a map gives; "unknown" when they come from something the file does not say. */
export type NatPart = ValueSet | "unknown" | NatLookup;

/** `dnat to tcp dport map { … }`. Without an entry for the packet the rule ends, and the next one goes on. */
export interface NatLookup {
  readonly fields: readonly Field[];
  readonly entries: MapEntries;
  /** Which part of what is mapped to: 0 the address, 1 the port behind it, if there is one. */
  readonly column: number;
}

export function isLookup(part: NatPart): part is NatLookup {
  return typeof part === "object" && "fields" in part;
}

/** A map's entries, or the name of a map of the rule's table. */
export type MapEntries = readonly MappedEntry[] | { readonly map: string };

export type Statement =
  | { readonly kind: "verdict"; readonly verdict: Verdict; readonly span: Span }
  /** An inline verdict map; entries are tried in order, no entry: the rule ends here and the next goes on. */
  | {
      readonly kind: "vmap";
      readonly fields: readonly Field[];
      readonly entries: readonly { readonly values: readonly ValueSet[]; readonly verdict: Verdict }[];
      readonly default?: Verdict;
      readonly span: Span;
    }
  /** A named verdict map of the table. */
  | {
      readonly kind: "vmapLookup";
      readonly fields: readonly Field[];
      readonly map: string;
      readonly span: Span;
    }
  /** Assign a conntrack helper: nft by the name of an object of the table, iptables by the kernel's name. */
  | {
      readonly kind: "setHelper";
      readonly helper:
        | { readonly by: "object"; readonly name: string }
        | { readonly by: "kernel"; readonly name: string }
        /** A map of helper objects or something else the file leaves open. */
        | { readonly by: "unknown"; readonly fact: string };
      readonly span: Span;
    }
  | { readonly kind: "notrack"; readonly span: Span }
  /** As in the field `pkttype`. */
  | { readonly kind: "setPacketType"; readonly type: number; readonly span: Span }
  /** Time to live of IPv4, hop limit of IPv6. "lower": by a little, so that it lasts but is not what it was. */
  | {
      readonly kind: "setHops";
      readonly family: 4 | 6;
      readonly hops: number | "lower";
      readonly span: Span;
    }
  | {
      readonly kind: "nat";
      /** "netmap": of the end that is translated at the hook that the packet is in. */
      readonly nat: "dnat" | "snat" | "masquerade" | "redirect" | "netmap";
      readonly family?: 4 | 6;
      readonly to: NatTarget;
      readonly span: Span;
    }
  /** mark = (mark & and) ^ xor, on the packet's or the connection's mark; or bits of one copied to the other. */
  | {
      readonly kind: "setMark";
      readonly target: "packet" | "connection";
      readonly change:
        | { readonly and: number; readonly xor: number }
        /** new = (old & keep) ^ (the other mark & take) ^ xor */
        | { readonly copy: true; readonly keep: number; readonly take: number; readonly xor: number }
        | "unknown";
      readonly span: Span;
    }
  /**
   * A mark or helper that a map gives (`meta mark set tcp dport map { 21 : 1 }`); `entries`, or the name of a map of
   * the table. Without an entry the rule ends here and the next goes on (NFT_BREAK).
   */
  | {
      readonly kind: "byMap";
      readonly sets: "packet mark" | "connection mark" | "helper";
      readonly fields: readonly Field[];
      readonly entries: MapEntries;
      readonly span: Span;
    }
  /** Conntrack zone, TPROXY, DUP and the like: effect on the connection not modelled. */
  | { readonly kind: "opaque"; readonly fact: string; readonly span: Span }
  /** Understood, and of no effect on whether packets pass: counter, log, comment, TCPMSS … */
  | {
      readonly kind: "noop";
      readonly name: string;
      readonly span: Span;
      /** The ipsets that it fills, and those that it takes from. */
      readonly ipsets?: readonly { readonly set: string; readonly adds: boolean }[];
    };

/** A key of a map and what it maps to: a value (one set) or the name of an object. */
export interface MappedEntry {
  readonly values: readonly ValueSet[];
  readonly mapped?: { readonly values: readonly ValueSet[] } | { readonly object: string };
  /** The element `*`: meant where no other is. */
  readonly catchAll?: boolean;
}

export function catchAllLast<T extends { readonly catchAll?: boolean }>(entries: readonly T[]): readonly T[] {
  if (!entries.some((one) => one.catchAll)) return entries;
  return [...entries.filter((one) => !one.catchAll), ...entries.filter((one) => one.catchAll)];
}

export type RuleItem =
  | { readonly item: "condition"; readonly condition: Condition }
  | { readonly item: "statement"; readonly statement: Statement };

/**
 * What a rule does: its conditions and statements in order, each evaluated left to right; the first
 * condition that fails ends the rule. Shared by rules of equal text; immutable.
 */
export interface RuleBody {
  readonly items: readonly RuleItem[];
  /** The rule's own comment, if any. */
  readonly comment?: string;
  /** The rule as the tool that shows it prints it. Worked out when asked; absent where nobody can tell. */
  readonly listed?: ListRule;
  /** Set where `nft list ruleset` is the tool that shows it. */
  readonly tool?: "nft";
  /** Sets that the rule itself changes (nft `add @name { … }`). */
  readonly updates?: readonly string[];
}

/**
 * Gives `-p tcp -m tcp --dport 21 -j ACCEPT` (iptables-save, without the chain) or `tcp dport 21 accept` (nft).
 * `chain` tells the present name of a chain by the one that the rule was written with; `table` has the sets it names.
 */
export type ListRule = (chain: (written: string) => string, table?: Table) => Listed;

/** `unknown`: why the text is not known in all its parts; what is not known stands in it as it was written. */
export interface Listed {
  readonly text: string;
  readonly unknown?: string;
  /** Of iptables' rules: what `-D` and `-C` tell them apart by. Equal where iptables takes two rules for the same. */
  readonly identity?: string;
}

/** Whether something is certainly there, or only if a fact holds that the file does not say. */
export type Presence = "certain" | { readonly maybe: string };

export interface Rule {
  readonly body: RuleBody;
  readonly origin: Origin;
  readonly presence: Presence;
}

export type { Placed };
