import type { Origin } from "../text/origin.ts";
import type { HostState } from "./host-setting.ts";
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
  /** nft's own properties of a chain. */
  readonly comment?: string;
  readonly offload?: boolean;
  /** Absent: certain. */
  readonly presence?: Presence;
  /** Where it was declared; absent for iptables' built-in chains that the file does not declare. */
  readonly origin?: Origin;
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
  /** How the set was declared, for `listing/` alone. */
  readonly listed?: object;
  /** What was put in and taken out after the declaration. */
  readonly changes?: ElementChange;
  /** The present name of a chain by the one that elements were written with. */
  readonly chain?: (written: string) => string;
  /** Absent: certain. */
  readonly presence?: Presence;
}

/** Changes of a set in the order of loading, the last one first. */
export interface ElementChange {
  readonly change: "add" | "delete" | "flush";
  /** The elements, for `listing/` alone. */
  readonly listed?: object;
  readonly origin: Origin;
  readonly presence: Presence;
  /** As the set's own. */
  readonly chain?: (written: string) => string;
  readonly before: ElementChange | undefined;
}

/** A counter, quota, limit, flow table and such of an nft table, ct helpers too. */
export interface NamedObject {
  /** As nft calls it: "counter", "ct helper". */
  readonly kind: string;
  readonly name: string;
  readonly origin: Origin;
  /** What it holds, for `listing/` alone. */
  readonly listed: object;
  readonly presence: Presence;
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
  /** How it was declared, for `listing/` alone. */
  readonly listed?: object;
}

export interface Table {
  readonly id: TableId;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly sets: ReadonlyMap<string, NamedSet>;
  readonly helpers: ReadonlyMap<string, HelperObject>;
  /** By kind and name; in the order in which they were made. */
  readonly objects: ReadonlyMap<string, NamedObject>;
  /** nft `flags dormant`: its chains do not run. */
  readonly dormant: boolean;
  readonly comment?: string;
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
  /** Absent: nothing was said of it. */
  readonly host?: HostState;
  /** When conntrack was registered for each IP version, in the count of the chains; it stays registered. */
  readonly conntrack?: { readonly 4?: number; readonly 6?: number };
}

export type { Field };
