import type { SessionKind } from "../host.ts";
import {
  type Addresses,
  clientAddress,
  gatewayAddress,
  type Place,
  serverAddress,
  strangerAddress,
} from "../rig/topology.ts";
import type { Version } from "./facts.ts";
import type { Random } from "./seeded.ts";

/** What a ruleset with NAT is written for: the address and port that the client dials, and the server's port. */
export interface NatScene {
  readonly dialled: Addresses;
  readonly dialledPort: number;
  readonly serverPort: number;
  /** A gateway's interface towards the server: the client's as well where both are on one network. */
  readonly serverSide: "wan0" | "lan0";
}

/** Addresses that no host has; what is sent there from either end reaches the gateway. */
export const ELSEWHERE = { 4: "192.0.2.7", 6: "2001:db8::7" } as const;
export const ELSEWHERE_RANGE = {
  4: ["192.0.2.1", "192.0.2.9"],
  6: ["2001:db8::1", "2001:db8::9"],
} as const;
/** Addresses that a host has. */
export const OWN = {
  client: { 4: ["10.1.0.2", "10.1.0.66"], 6: ["fd01::2", "fd01::66"] },
  server: { 4: ["10.2.0.2", "10.2.0.66"], 6: ["fd02::2", "fd02::66"] },
} as const;
export const NETWORKS = {
  client: { 4: "10.1.0.0/24", 6: "fd01::/64" },
  server: { 4: "10.2.0.0/24", 6: "fd02::/64" },
  mapped: { 4: "198.51.100.0/24", 6: "2001:db8:9::/64" },
} as const;

export function addressOf(addresses: Addresses, version: Version): string {
  return version === 4 ? addresses.ipv4 : addresses.ipv6;
}

export function serverOf(version: Version): string {
  return addressOf(serverAddress, version);
}

export function clientOf(version: Version): string {
  return addressOf(clientAddress, version);
}

export function anyScene(random: Random, on: Place): NatScene {
  const port = () => (random.chance(0.72) ? 21 : 2121);
  const serverSide = on === "gateway" && random.chance(0.1) ? "lan0" : "wan0";
  const dialled = () => anyDialled(random, on, serverSide === "lan0");
  return {
    dialled: { ipv4: dialled().ipv4, ipv6: dialled().ipv6 },
    dialledPort: port(),
    serverPort: port(),
    serverSide,
  };
}

function anyDialled(random: Random, on: Place, isOneNetwork: boolean): Addresses {
  if (on === "server") return serverAddress;
  return random.weighted([
    [isOneNetwork ? 0 : 42, serverAddress],
    [48, gatewayAddress.client],
    [10, gatewayAddress.server],
  ] as const);
}

const ANNOUNCED = [gatewayAddress.client.ipv4, gatewayAddress.server.ipv4, ELSEWHERE[4]] as const;

/** How client and server talk, where it is not as usual: whom the client believes, what the server says of itself. */
export function anySession(random: Random, scene: NatScene, on: Place): SessionKind | undefined {
  const announced = { 4: numberOf(random.chance(0.6) ? scene.dialled.ipv4 : random.pick(ANNOUNCED)) };
  return random.weighted<SessionKind | undefined>([
    [62, undefined],
    [14, { pasvAddress: "follow" }],
    [10, { commands: "extended" }],
    [7, { announced }],
    // What is not the server's own address does not lead a client to the server, unless a gateway sees to that.
    [7, on === "server" ? { announced } : { announced, pasvAddress: "follow" }],
  ]);
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function isServer(address: string): boolean {
  return address === serverAddress.ipv4 || address === serverAddress.ipv6;
}

export function isGateway(address: string): boolean {
  return Object.values(gatewayAddress).some(({ ipv4, ipv6 }) => address === ipv4 || address === ipv6);
}

/** An address that the client may have behind NAT, as the server sees it; the answers come back to this host. */
export function anySource(random: Random, on: Place, version: Version): string {
  if (on === "client") return addressOf(strangerAddress.client, version);
  return random.pick([
    addressOf(gatewayAddress.server, version),
    addressOf(gatewayAddress.server, version),
    addressOf(gatewayAddress.client, version),
    ELSEWHERE[version],
    version === 4 ? "198.51.100.2" : "2001:db8:9::2",
  ]);
}

/** Names the port that a rule sees: the one that was dialled, or the server's once the destination is translated. */
export function withPorts(random: Random, scene: NatScene, translated: boolean, text: string): string {
  if (/\b2121\b/.test(text)) return text;
  const seen = translated === random.chance(0.94) ? scene.serverPort : scene.dialledPort;
  return text
    .replace(/\bdport ftp\b/g, `dport ${seen}`)
    .replace(
      /(ct original proto-dst (?:!= )?|--ctorigdstport )?(?<![\d.]|0x)\b21\b(?!\.\d)/g,
      (_all, before?: string) => (before === undefined ? String(seen) : before + scene.dialledPort),
    );
}
