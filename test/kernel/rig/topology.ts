import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killIfRunning, mustRun } from "./command.ts";

/** The three hosts: client - gateway - server. */
export type Place = "client" | "gateway" | "server";
export const places: readonly Place[] = ["client", "gateway", "server"];

/** One address of each family. */
export interface Addresses {
  readonly ipv4: string;
  readonly ipv6: string;
}

export const clientAddress: Addresses = { ipv4: "10.1.0.2", ipv6: "fd01::2" };
export const serverAddress: Addresses = { ipv4: "10.2.0.2", ipv6: "fd02::2" };
/** The gateway's own addresses, by the side they face. */
export const gatewayAddress = {
  client: { ipv4: "10.1.0.1", ipv6: "fd01::1" },
  server: { ipv4: "10.2.0.1", ipv6: "fd02::1" },
} as const satisfies Record<string, Addresses>;
/**
 * What the gateway is called from outside, as far as NAT says so: on `lo`, so that it belongs to neither network. The
 * host part is the server's, so that a whole network can be mapped onto another.
 */
export const publicAddress: Addresses = { ipv4: "203.0.113.2", ipv6: "2001:db8::2" };
/** The router that may stand between client and gateway. */
const routerAddress: Addresses = { ipv4: "10.1.0.254", ipv6: "fd01::fe" };
/** A second host on either network, as far as addresses go: somebody who has no FTP session. */
export const strangerAddress = {
  client: { ipv4: "10.1.0.66", ipv6: "fd01::66" },
  server: { ipv4: "10.2.0.66", ipv6: "fd02::66" },
} as const satisfies Record<string, Addresses>;

/** Ports that the client's kernel hands out; pinned, so that a rule that names a source port is stable. */
export const clientPorts = { first: 45000, last: 46999 } as const;

/** Names of the gateway's two interfaces; some rulesets are written for `eth0` and `eth1`. */
export interface GatewayInterfaces {
  /** The server's as well: then client and server are on one network, and reach each other without the gateway. */
  readonly client: string;
  readonly server: string;
  /** A further router between client and gateway, which has no rules. */
  readonly router?: boolean;
}

const prefix = "ftpfw";
let created = 0;

/** Names of namespaces: a host at each place, and what joins them where a cable alone does not. */
export type Names = Readonly<Record<Place | "between", string>>;

/** Free names; the process id is in them, so that leftovers can be told from living rigs. */
export function namespaceNames(): Names {
  const stem = `${prefix}-${process.pid}-${created++}`;
  return {
    client: `${stem}-client`,
    gateway: `${stem}-gateway`,
    server: `${stem}-server`,
    between: `${stem}-between`,
  };
}

/** Where a rig of this process keeps its files. */
export const folderStem = join(tmpdir(), `${prefix}-${process.pid}-`);

/** Clears away what killed test runs (their process is gone) have left: processes, namespaces, folders. */
export function removeAbandoned(): void {
  const leftover = new RegExp(`^${prefix}-(\\d+)-`);
  const isAbandoned = (name: string) => {
    const owner = leftover.exec(name)?.[1];
    return owner !== undefined && !existsSync(`/proc/${owner}`);
  };
  for (const name of list("/run/netns").filter(isAbandoned)) {
    for (const pid of processesIn(name)) killIfRunning(pid);
    removeNamespace(name);
  }
  for (const name of list(tmpdir()).filter(isAbandoned)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function processesIn(namespace: string): number[] {
  const listed = spawnSync("ip", ["netns", "pids", namespace], { encoding: "utf8" });
  return listed.stdout.split("\n").filter(Boolean).map(Number);
}

/** Deletes one namespace, synchronously: it runs while the process is going down. */
export function removeNamespace(name: string): void {
  spawnSync("ip", ["netns", "del", name], { stdio: "ignore" });
}

/** Makes the namespaces and joins them. */
export async function build(names: Names, interfaces: GatewayInterfaces): Promise<void> {
  for (const place of places) await mustRun("ip", ["netns", "add", names[place]]);
  // Duplicate address detection would keep IPv6 addresses unusable for a second.
  for (const place of places) await inNamespace(names[place], prepareHost(place));
  if (isOneNetwork(interfaces)) await joinOnOneNetwork(names, interfaces.client);
  else if (interfaces.router) await joinBehindRouter(names, interfaces);
  else await joinDirectly(names, interfaces);
  await ipBatch(names.gateway, [
    `addr add ${publicAddress.ipv4}/32 dev lo`,
    `addr add ${publicAddress.ipv6}/128 dev lo nodad`,
    "link set lo up",
  ]);
}

function isOneNetwork({ client, server }: GatewayInterfaces): boolean {
  return client === server;
}

async function joinDirectly(names: Names, interfaces: GatewayInterfaces): Promise<void> {
  await plug([names.client, "eth0"], [names.gateway, interfaces.client]);
  await plug([names.server, "eth0"], [names.gateway, interfaces.server]);
  await ipBatch(names.client, hostLines("client"));
  await ipBatch(names.server, hostLines("server"));
  await ipBatch(names.gateway, [
    ...addressLines(interfaces.client, gatewayAddress.client),
    ...addressLines(interfaces.server, gatewayAddress.server),
  ]);
}

/** A switch joins all three; the prefixes are so short that the usual addresses are of one network. */
async function joinOnOneNetwork(names: Names, device: string): Promise<void> {
  const length: PrefixLengths = { ipv4: 8, ipv6: 8 };
  await mustRun("ip", ["netns", "add", names.between]);
  await inNamespace(names.between, "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
  for (const place of places) {
    await plug([names[place], place === "gateway" ? device : "eth0"], [names.between, place]);
  }
  await ipBatch(names.between, [
    "link add br0 type bridge forward_delay 0 mcast_snooping 0",
    "link set br0 up",
    ...places.flatMap((place) => [`link set ${place} master br0`, `link set ${place} up`]),
  ]);
  await ipBatch(names.client, hostLines("client", { length }));
  await ipBatch(names.server, hostLines("server", { length }));
  await ipBatch(names.gateway, [
    ...addressLines(device, gatewayAddress.client, length),
    ...addressLines(device, gatewayAddress.server, length),
  ]);
}

/** The addresses stay as they are: a host route leads to the router, which has routes to both of its neighbours. */
async function joinBehindRouter(names: Names, interfaces: GatewayInterfaces): Promise<void> {
  await mustRun("ip", ["netns", "add", names.between]);
  await inNamespace(names.between, prepareHost("gateway"));
  await plug([names.client, "eth0"], [names.between, "client"]);
  await plug([names.between, "gateway"], [names.gateway, interfaces.client]);
  await plug([names.server, "eth0"], [names.gateway, interfaces.server]);
  await ipBatch(names.client, [
    ...hostLines("client", { router: routerAddress }),
    ...routeLines(gatewayAddress.client, `via ${routerAddress.ipv4}`, `via ${routerAddress.ipv6}`),
  ]);
  await ipBatch(names.between, [
    ...addressLines("client", routerAddress, { ipv4: 32, ipv6: 128 }),
    ...addressLines("gateway", routerAddress, { ipv4: 32, ipv6: 128 }),
    ...routeLines(clientAddress, "dev client"),
    ...routeLines(strangerAddress.client, "dev client"),
    ...routeLines(gatewayAddress.client, "dev gateway"),
    `route add default via ${gatewayAddress.client.ipv4} dev gateway`,
    `-6 route add default via ${gatewayAddress.client.ipv6} dev gateway`,
    "link set lo up",
  ]);
  await ipBatch(names.server, hostLines("server"));
  await ipBatch(names.gateway, [
    ...addressLines(interfaces.client, gatewayAddress.client),
    ...addressLines(interfaces.server, gatewayAddress.server),
    ...[clientAddress, strangerAddress.client].flatMap((address) =>
      routeLines(address, `via ${routerAddress.ipv4}`, `via ${routerAddress.ipv6}`),
    ),
  ]);
}

/** A cable between two namespaces. */
function plug(
  [namespace, device]: readonly [namespace: string, device: string],
  [peerNamespace, peerDevice]: readonly [namespace: string, device: string],
): Promise<string> {
  const line = `link add ${device} netns ${namespace} type veth peer name ${peerDevice} netns ${peerNamespace}`;
  return mustRun("ip", line.split(" "));
}

function prepareHost(place: Place): string {
  const lines = ["all", "default"].flatMap((scope) => [
    `echo 0 > /proc/sys/net/ipv6/conf/${scope}/accept_dad`,
    `echo 0 > /proc/sys/net/ipv6/conf/${scope}/accept_ra`,
  ]);
  if (place === "gateway") lines.push(...forwardingOn);
  else lines.push(`echo ${clientPorts.first} ${clientPorts.last} > /proc/sys/net/ipv4/ip_local_port_range`);
  return lines.join("\n");
}

/** Shell lines that make the gateway a router; a script under test may have switched it off. */
export const forwardingOn: readonly string[] = [
  "echo 1 > /proc/sys/net/ipv4/ip_forward",
  "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding",
];

interface PrefixLengths {
  readonly ipv4: number;
  readonly ipv6: number;
}

const usualLength: PrefixLengths = { ipv4: 24, ipv6: 64 };

function addressLines(device: string, address: Addresses, length = usualLength): string[] {
  return [
    `addr add ${address.ipv4}/${length.ipv4} dev ${device}`,
    `addr add ${address.ipv6}/${length.ipv6} dev ${device} nodad`,
    `link set ${device} up`,
  ];
}

function routeLines(to: Addresses, way: string, way6 = way): string[] {
  return [`route add ${to.ipv4}/32 ${way}`, `-6 route add ${to.ipv6}/128 ${way6}`];
}

/** The host at one end, where nothing is told otherwise next to the gateway. */
function hostLines(
  side: "client" | "server",
  { length = usualLength, router = gatewayAddress[side] as Addresses } = {},
): string[] {
  const [own, stranger] = [side === "client" ? clientAddress : serverAddress, strangerAddress[side]];
  return [
    // Deprecated: only who asks for the stranger's address sends from it. REDIRECT chooses IPv6's last address.
    `addr add ${stranger.ipv6}/${length.ipv6} dev eth0 nodad preferred_lft 0`,
    ...addressLines("eth0", own, length),
    `addr add ${stranger.ipv4}/${length.ipv4} dev eth0`,
    `route add default via ${router.ipv4}`,
    `-6 route add default via ${router.ipv6}`,
    "link set lo up",
  ];
}

function ipBatch(namespace: string, lines: readonly string[]): Promise<string> {
  const plain = lines.filter((line) => !line.startsWith("-6 "));
  const six = lines.filter((line) => line.startsWith("-6 ")).map((line) => line.slice(3));
  return mustRun("ip", ["-n", namespace, "-batch", "-"], { input: plain.join("\n") }).then(() =>
    mustRun("ip", ["-6", "-n", namespace, "-batch", "-"], { input: six.join("\n") }),
  );
}

/** Runs shell lines inside a namespace; they have to succeed. */
export function inNamespace(namespace: string, script: string): Promise<string> {
  return mustRun("ip", ["netns", "exec", namespace, "sh", "-e"], { input: script });
}
