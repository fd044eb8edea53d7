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
}

/** Networks that no host has: what NAT makes of a whole network, and where the answers still reach the gateway. */
export const MAPPED = { 4: "10.9.0", 6: "fd09:" } as const;
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
  mapped: { 4: "10.9.0.0/24", 6: "fd09::/64" },
} as const;

/** The server in the network that NAT makes of the server's. */
const mappedServer: Addresses = { ipv4: "10.9.0.2", ipv6: "fd09::2" };

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
  return {
    dialled: { ipv4: anyDialled(random, on).ipv4, ipv6: anyDialled(random, on).ipv6 },
    dialledPort: port(),
    serverPort: port(),
  };
}

function anyDialled(random: Random, on: Place): Addresses {
  if (on === "server") return serverAddress;
  return random.weighted([
    [on === "gateway" ? 38 : 60, serverAddress],
    [44, gatewayAddress.client],
    [8, gatewayAddress.server],
    [10, mappedServer],
  ] as const);
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
    version === 4 ? "10.9.0.2" : "fd09::2",
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
