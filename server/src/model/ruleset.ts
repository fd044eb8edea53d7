import type { Origin } from "../text/origin.ts";
import type { Field, MappedEntry, Presence, Rule, Verdict } from "./rule.ts";

export type Family = "ip" | "ip6" | "inet" | "arp" | "bridge" | "netdev";
export type Hook = "ingress" | "prerouting" | "input" | "forward" | "output" | "postrouting" | "egress";

/** Names a table: iptables' tables and nft's live side by side on one host. */
export interface TableId {
  readonly backend: "nftables" | "iptables";
  readonly family: Family;
  readonly name: string;
}

export function tableKey(id: TableId): string {
  return `${id.backend} ${id.family} ${id.name}`;
}

export interface BaseChain {
  readonly type: "filter" | "nat" | "route";
  readonly hook: Hook;
  /** As a number; nft's names are resolved for the table's family. */
  readonly priority: number;
  /** For netdev/ingress and egress chains. */
  readonly devices: readonly string[];
}

/** A chain's default verdict. `stated` is false where the file does not say it (the kernel's is accept). */
export interface Policy {
  readonly verdict: "accept" | "drop";
  readonly stated: boolean;
  readonly origin?: Origin;
  readonly presence: Presence;
}

export interface Chain {
  readonly table: TableId;
  readonly name: string;
  /** Absent for a chain that is only jumped to. */
  readonly base?: BaseChain;
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** For a base chain: when it was registered, counted over the whole host. */
  readonly registered?: number;
  /** Where it was declared; absent for iptables' built-in chains that the file does not declare. */
  readonly origin?: Origin;
  /** Of a chain that is declared or deleted under a condition that we do not know. Absent: certain. */
  readonly presence?: Presence;
}

/** A named set or (verdict) map. */
export interface NamedSet {
  readonly name: string;
  readonly kind: "set" | "map" | "vmap";
  /** Elements in order. `values` has one set per concatenated field. */
  readonly elements: readonly SetElement[];
  /** "complete": the file shows all elements; otherwise what fills it, as a noun phrase. */
  readonly content: "complete" | { readonly unknown: string };
  /** What every element counts besides (a rate limit, a quota): a hit then depends on it. */
  readonly counts?: string;
  readonly origin: Origin;
}

export interface SetElement extends MappedEntry {
  readonly verdict?: Verdict;
}

/** nft `ct helper NAME { type "ftp" protocol tcp; }`. */
export interface HelperObject {
  readonly name: string;
  /** The kernel's helper, e.g. "ftp". */
  readonly type: string;
  readonly protocol: "tcp" | "udp" | "unknown";
  /** Families it is for; the table's own by default. */
  readonly families: readonly (4 | 6)[];
  readonly origin: Origin;
}

export interface Table {
  readonly id: TableId;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly sets: ReadonlyMap<string, NamedSet>;
  readonly helpers: ReadonlyMap<string, HelperObject>;
  /** nft `flags dormant`: its chains do not run. */
  readonly dormant: boolean;
  readonly origin?: Origin;
  /** Whether the kernel has it: iptables makes a table with its first chain only. Absent: it was named, not made. */
  readonly made?: Presence;
}

/** Something in the file that may change the ruleset in ways we cannot tell. */
export interface Unknown {
  /** A noun phrase that completes "it depends on …". */
  readonly fact: string;
  readonly origin: Origin;
  /** The table concerned; absent: all. */
  readonly table?: TableId;
}

/** What the kernel holds once everything was loaded, in the order of first appearance. */
export interface Ruleset {
  readonly tables: ReadonlyMap<string, Table>;
  readonly unknowns: readonly Unknown[];
  /** When conntrack was registered for each IP version, in the count of the chains; it stays registered. */
  readonly conntrack?: { readonly 4?: number; readonly 6?: number };
}

export type { Field };
