import { mustRun } from "../rig/command.ts";
import {
  type Addresses,
  clientPorts,
  forwardingOn,
  gatewayAddress,
  inNamespace,
  namespaceNames,
  removeNamespace,
  serverAddress,
} from "../rig/topology.ts";

/**
 * Hosts on the client's side, each with one address: a host asks for its router in the name of one address only, and
 * so each address needs a neighbour cache of its own.
 */
export const clientAddresses: readonly Addresses[] = [
  { ipv4: "10.1.0.2", ipv6: "fd01::2" },
  { ipv4: "10.1.0.3", ipv6: "fd01::3" },
  { ipv4: "10.1.0.66", ipv6: "fd01::66" },
  { ipv4: "10.1.0.130", ipv6: "fd01::130" },
  { ipv4: "10.1.0.200", ipv6: "fd01::200" },
];

/** Several clients at a switch, a gateway and a server, each in a namespace of its own. */
export interface Network {
  readonly clients: readonly string[];
  readonly lan: string;
  readonly gateway: string;
  readonly server: string;
}

export function networkNames(): Network {
  const { client, gateway, server } = namespaceNames();
  return {
    clients: clientAddresses.map((_, number) => `${client}-${number}`),
    lan: `${client}-lan`,
    gateway,
    server,
  };
}

export function namespacesOf({ clients, lan, gateway, server }: Network): string[] {
  return [...clients, lan, gateway, server];
}

export function removeNetwork(network: Network): void {
  for (const name of namespacesOf(network)) removeNamespace(name);
}

export async function buildNetwork(network: Network): Promise<void> {
  const { clients, lan, gateway, server } = network;
  for (const name of namespacesOf(network)) await mustRun("ip", ["netns", "add", name]);
  await Promise.all(namespacesOf(network).map((name) => inNamespace(name, prepare(name, network))));
  await mustRun("ip", ["-batch", "-"], {
    input: [
      `link add eth0 netns ${server} type veth peer name wan0 netns ${gateway}`,
      `link add gateway netns ${lan} type veth peer name lan0 netns ${gateway}`,
      ...clients.map((name, i) => `link add eth0 netns ${name} type veth peer name port${i} netns ${lan}`),
    ].join("\n"),
  });
  await inNamespace(lan, switchLines(clients.length).join("\n"));
  await Promise.all([
    ...clients.map((name, i) =>
      inNamespace(name, hostLines("eth0", clientAddresses[i]!, gatewayAddress.client).join("\n")),
    ),
    inNamespace(server, hostLines("eth0", serverAddress, gatewayAddress.server).join("\n")),
    inNamespace(
      gateway,
      [...addressLines("lan0", gatewayAddress.client), ...addressLines("wan0", gatewayAddress.server)].join(
        "\n",
      ),
    ),
  ]);
}

/** What hundreds of sessions at once would run into, and a host with a few sessions would not. */
const roomForMany: readonly string[] = [
  // A rejected packet is always answered.
  "echo 0 > /proc/sys/net/ipv4/icmp_ratemask",
  "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit",
  "echo 0 > /proc/sys/net/ipv6/icmp/ratelimit",
  // Connections that open at once.
  "echo 4096 > /proc/sys/net/core/somaxconn",
  "echo 4096 > /proc/sys/net/ipv4/tcp_max_syn_backlog",
  // The next ruleset may use the same ports.
  "echo 0 > /proc/sys/net/ipv4/tcp_max_tw_buckets",
  "echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save",
];

function prepare(name: string, { clients, gateway }: Network): string {
  const lines = ["ip link set lo up", ...roomForMany];
  for (const scope of ["all", "default"]) {
    lines.push(`echo 0 > /proc/sys/net/ipv6/conf/${scope}/accept_dad`);
    lines.push(`echo 0 > /proc/sys/net/ipv6/conf/${scope}/accept_ra`);
  }
  if (name === gateway) lines.push(...forwardingOn);
  if (clients.includes(name)) {
    lines.push(`echo ${clientPorts.first} ${clientPorts.last} > /proc/sys/net/ipv4/ip_local_port_range`);
  }
  return lines.join("\n");
}

/** Hands on every frame at once, and to all ports those that go to a group of neighbour discovery. */
function switchLines(ports: number): string[] {
  const names = ["gateway", ...Array.from({ length: ports }, (_, i) => `port${i}`)];
  return [
    "ip link add lan type bridge forward_delay 0 mcast_snooping 0",
    ...names.flatMap((name) => [`ip link set ${name} master lan`, `ip link set ${name} up`]),
    "ip link set lan up",
  ];
}

function addressLines(device: string, { ipv4, ipv6 }: Addresses): string[] {
  return [
    `ip addr add ${ipv4}/24 dev ${device}`,
    `ip addr add ${ipv6}/64 dev ${device} nodad`,
    `ip link set ${device} up`,
    // The first packets of all sessions wait for a neighbour's answer.
    `echo 4000000 > /proc/sys/net/ipv4/neigh/${device}/unres_qlen_bytes`,
    `echo 4000000 > /proc/sys/net/ipv6/neigh/${device}/unres_qlen_bytes`,
  ];
}

function hostLines(device: string, own: Addresses, router: Addresses): string[] {
  return [
    ...addressLines(device, own),
    `ip route add default via ${router.ipv4}`,
    `ip -6 route add default via ${router.ipv6}`,
  ];
}
