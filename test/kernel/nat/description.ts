import type { Addresses } from "../rig/topology.ts";

/** A firewall as it is meant; each dialect has a writer. It is written for both IP versions, with each one's addresses. */
export interface Firewall {
  readonly helper?: HelperRule;
  readonly nat: readonly NatRule[];
  /** The base chain that drops by default; without it everything passes. */
  readonly filter?: Filter;
}

/** Assigns the FTP helper to connections with this destination port. */
export interface HelperRule {
  readonly hook: "prerouting" | "output" | "forward" | "input";
  readonly port: number;
  /** nft alone: -150 unless given. iptables knows table raw only. */
  readonly priority?: number;
  /** nft alone: the port that was dialled, whatever has become of it. */
  readonly originally?: boolean;
}

export interface NatRule {
  readonly hook: "prerouting" | "output" | "postrouting" | "input";
  readonly in?: string;
  readonly out?: string;
  /** Tests of the packet: a network or an address. */
  readonly source?: Addresses;
  readonly destination?: Addresses;
  /** A port, or a range of them. */
  readonly port?: string;
  /** Only packets whose destination was translated before. */
  readonly translated?: boolean;
  /** Only packets to an address of this host. */
  readonly local?: boolean;
  readonly becomes: Translation;
}

export type Translation =
  | { readonly kind: "masquerade"; readonly ports?: string; readonly random?: boolean }
  | { readonly kind: "redirect"; readonly ports: string }
  | {
      readonly kind: "snat" | "dnat";
      /** An address, or a range of them. */
      readonly address?: Addresses;
      /** A port, or a range of them. */
      readonly ports?: string;
      /** iptables alone: the port that becomes the first of `ports`. */
      readonly base?: number;
    }
  /** One network is mapped onto another, host by host. */
  | { readonly kind: "netmap"; readonly from: Addresses; readonly to: Addresses }
  /** nft alone: the whole rule as it is written, and what it needs in its table. */
  | { readonly kind: "written"; readonly ipv4: string; readonly ipv6: string; readonly needs?: Addresses };

export interface Filter {
  readonly hook: "forward" | "input";
  readonly accepts: readonly Accepted[];
}

export type Accepted =
  /** RELATED is what an FTP helper expects, and ICMP errors. */
  | "established"
  | "related"
  | "translated"
  /** The port that was dialled, whatever has become of it. */
  | { readonly originalPort: string }
  | { readonly in?: string; readonly destination?: Addresses; readonly ports?: readonly string[] };

export type Family = keyof Addresses;
export const families: readonly Family[] = ["ipv4", "ipv6"];
