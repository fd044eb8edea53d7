import { type Host, type SessionKind, usualInterfaces } from "../host.ts";
import type { RulesetKind } from "../rig/ruleset-loader.ts";
import type { Outcome } from "../rig/sessions.ts";
import { type Addresses, type GatewayInterfaces, type Place, serverAddress } from "../rig/topology.ts";
import { asIptables } from "./as-iptables.ts";
import { asNft } from "./as-nft.ts";
import type { Filter, Firewall, HelperRule, NatRule } from "./description.ts";

/** A ruleset with NAT, and the session that is tried through it. */
export interface Trial {
  /** The kind of NAT, and what else is in the ruleset. */
  readonly kind: string;
  readonly name: string;
  readonly host: Host;
  /** Outcomes that sessions of this kind have: all of these and no others. */
  readonly shows: readonly Outcome[];
  /** A part of the reason where the files do not say what the kernel here does. */
  readonly unknown?: string;
}

export type Dialect = "nft" | "iptables";

/** Trials of one kind of NAT: every combination of what is named. */
export interface Group {
  readonly kind: string;
  readonly on: Place;
  readonly nat: readonly NatRule[];
  readonly interfaces?: GatewayInterfaces;
  readonly connectTo?: Addresses;
  readonly controlPort?: number;
  readonly helpers: Readonly<Record<string, HelperRule | undefined>>;
  readonly filters: Readonly<Record<string, Filter | undefined>>;
  readonly sessions?: Readonly<Record<string, SessionKind | undefined>>;
  readonly dialects?: readonly Dialect[];
  /** As in `Trial`; unless told otherwise some work, and some are blocked. */
  readonly shows?: readonly Outcome[];
  readonly unknown?: string;
}

export function trialsOf(group: Group): Trial[] {
  const {
    kind,
    on,
    nat,
    helpers,
    filters,
    unknown,
    dialects = ["nft", "iptables"],
    shows = ["works", "blocked"],
  } = group;
  const host = {
    on,
    interfaces: group.interfaces ?? usualInterfaces,
    connectTo: group.connectTo ?? serverAddress,
    controlPort: group.controlPort ?? 21,
  };
  const { sessions = { "": undefined } } = group;
  return dialects.flatMap((dialect) =>
    Object.entries(helpers).flatMap(([helperName, helper]) =>
      Object.entries(filters).flatMap(([filterName, filter]) =>
        Object.entries(sessions).flatMap(([sessionName, session]) => {
          if (dialect === "iptables" && !isForIptables(helper)) return [];
          const name = [kind, helperName, filterName, sessionName, dialect].filter(Boolean).join(", ");
          const files = write[dialect]({ helper, nat, filter });
          return [{ kind, name, shows, unknown, host: { ...host, files, session } }];
        }),
      ),
    ),
  );
}

const write = { nft: asNft, iptables: asIptables } as const satisfies Record<
  Dialect,
  (firewall: Firewall) => readonly { kind: RulesetKind; text: string }[]
>;

/** Table raw has two chains, and comes before everything else. */
function isForIptables(helper: HelperRule | undefined): boolean {
  return (
    !helper || ((helper.hook === "prerouting" || helper.hook === "output") && helper.priority === undefined)
  );
}
