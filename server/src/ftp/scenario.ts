import type { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import {
  ALL_NAMES,
  bigints,
  name,
  numbers,
  parseV4,
  UNPRIVILEGED_PORTS,
  v4Prefix,
  v6Prefix,
} from "../model/values.ts";
import type { IpFamily } from "../netfilter/packet.ts";

/** Where the firewall stands. */
export type Role = "server" | "client" | "gateway";
/** Who opens the data connection: active, the server; passive, the client. */
export type Mode = "active" | "passive";

export const ROLES: readonly Role[] = ["server", "client", "gateway"];
export const MODES: readonly Mode[] = ["active", "passive"];

/** The server's source port in active mode (RFC 959, section 8); in implicit TLS where the server does not say. */
export const FTP_DATA_PORT = 20;
export const FTPS_DATA_PORT = 989;

/** Where the packets of a session are filtered first. */
export const HOOK_OF_ROLE = {
  server: "input",
  client: "output",
  gateway: "forward",
} as const satisfies Record<Role, string>;

/** One question to the simulator: does an FTP session of this kind pass a host with this ruleset? */
export interface Scenario {
  readonly role: Role;
  readonly mode: Mode;
  readonly family: IpFamily;
  /** Addresses the client may have. */
  readonly client: ValueSet;
  /** The client's unprivileged ports, for control and data. */
  readonly clientPorts: IntervalSet<number>;
  /** What the client dials: the server, or an address of the firewall that NAT sends on. */
  readonly dialed: ValueSet;
  /** Where the server really is, when that is known. */
  readonly server?: ValueSet;
  /** The dialed address is known to be the firewall's own, and not the server's. */
  readonly dialsFirewall: boolean;
  /** The firewall host's interface towards the client. */
  readonly clientInterface: IntervalSet<string>;
  /** The firewall host's interface towards the server. */
  readonly serverInterface: IntervalSet<string>;
  /** The ports the server may name in passive mode. */
  readonly passivePorts: IntervalSet<number>;
  /** Whether those ports are the server's configured range, so that all of them have to pass. */
  readonly passiveRangeKnown: boolean;
  /** The port the client dials. */
  readonly controlPort: number;
  /** The server's source port in active mode. */
  readonly dataPort: number | "any";
  readonly tls: "none" | "explicit" | "implicit";
  /** Whether the client dials the address in the 227 reply, or the one that it dialled before. */
  readonly pasvAddress: "ignore" | "follow";
  /** What the server names in its 227 reply; undefined: its own address. */
  readonly announced?: ValueSet;
  /** PORT and PASV (RFC 959), or EPRT and EPSV (RFC 2428) over IPv4 as well; IPv6 has only these. */
  readonly commands: "standard" | "extended";
  /** "forced": every control connection gets it, to ask whether the helper is all that is missing. */
  readonly helper: "explicit" | "automatic" | "forced";
  /** A gateway's client and server are taken to be on different sides, a published server not where it is published. */
  readonly twoSided?: boolean;
  /** Follow only sessions whose control connection a rule permits, not those that a policy alone lets pass. */
  readonly onlyPermitted?: boolean;
  /** Leave out neighbour discovery: a fragment of a firewall does not show who else lets it in. */
  readonly assumeNeighbours?: boolean;
}

/** Unicast addresses that a host on a network can have. */
export const HOST_ADDRESSES: Record<IpFamily, ValueSet> = {
  4: numbers(parseV4("1.0.0.0")!, parseV4("223.255.255.255")!).subtract(v4Prefix(parseV4("127.0.0.0")!, 8)),
  6: bigints(0x2000n << 112n, (0x4000n << 112n) - 1n).union(v6Prefix(0xfc00n << 112n, 7)),
};

/** All interfaces but the loopback: no FTP session of interest runs over `lo`. */
export const NETWORK_INTERFACES: IntervalSet<string> = ALL_NAMES.subtract(name("lo")).subtract(name(""));

/** A scenario about which nothing is known but role, mode and family. */
export function openScenario(role: Role, mode: Mode, family: IpFamily): Scenario {
  return {
    role,
    mode,
    family,
    client: HOST_ADDRESSES[family],
    clientPorts: UNPRIVILEGED_PORTS,
    dialed: HOST_ADDRESSES[family],
    dialsFirewall: false,
    clientInterface: NETWORK_INTERFACES,
    serverInterface: NETWORK_INTERFACES,
    passivePorts: UNPRIVILEGED_PORTS,
    passiveRangeKnown: false,
    controlPort: 21,
    dataPort: FTP_DATA_PORT,
    tls: "none",
    pasvAddress: "ignore",
    commands: "standard",
    helper: "explicit",
  };
}
