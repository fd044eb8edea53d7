import type { ValueSet } from "./values.ts";

/** What one part of an ipset's key is compared with, by the names in the type's own (`hash:ip,port`). */
export type IpsetPart = "ip" | "net" | "port" | "iface" | "mark" | "mac" | "set";

/** The type of an ipset, as `ipset create` fixes it (ipset(8)). */
export interface IpsetType {
  /** `hash:net,port` */
  readonly name: string;
  readonly parts: readonly IpsetPart[];
  /** Absent for types that hold no addresses: they are for both. */
  readonly family?: 4 | 6;
}

/**
 * An entry. `values` has one set for each part but `port`, which has two: the protocols and the ports. Entries of
 * one set have the same number of them.
 */
export interface IpsetElement {
  readonly values: readonly ValueSet[];
  /** For each net among the parts: its prefix length. The longest that fits decides. */
  readonly prefixes: readonly number[];
  /** An exception to a wider net. */
  readonly nomatch: boolean;
  /** Only packets of ICMP are concerned: which of them is not modelled. */
  readonly icmp?: boolean;
  /** Of a `list:set`: the set that is its entry. */
  readonly member?: string;
}

/** One step of filling ipsets. `set` names one of the host; absent: all of them. */
export type IpsetChange =
  | {
      readonly do: "create";
      readonly set: string;
      readonly type: IpsetType;
      /** Every option that has to be the same for `-exist` to let a second one pass. */
      readonly signature: string;
      /** `-exist`: no error where it is there already. */
      readonly exist: boolean;
    }
  | {
      readonly do: "add" | "delete";
      readonly set: string;
      readonly elements: readonly IpsetElement[];
      readonly exist: boolean;
    }
  | { readonly do: "flush" | "destroy"; readonly set?: string }
  | { readonly do: "swap" | "rename"; readonly set: string; readonly other: string }
  /** Something that is not known happens to the content. `adds`: what is there stays. */
  | { readonly do: "unknown"; readonly set?: string; readonly fact: string; readonly adds: boolean };

/** What a rule asks an ipset (`-m set --match-set`), or does to it (`-j SET`). */
export interface IpsetTest {
  readonly set: string;
  /** Which end of the packet each part of the key is taken from. */
  readonly directions: readonly ("src" | "dst")[];
  readonly family: 4 | 6;
  readonly negated: boolean;
  /** `--return-nomatch`: true for exceptions alone. */
  readonly exceptions: boolean;
}
