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
/** A second host on either network, as far as addresses go: somebody who has no FTP session. */
export const strangerAddress = {
  client: { ipv4: "10.1.0.66", ipv6: "fd01::66" },
  server: { ipv4: "10.2.0.66", ipv6: "fd02::66" },
} as const satisfies Record<string, Addresses>;

/** Ports that the client's kernel hands out; pinned, so that a rule that names a source port is stable. */
export const clientPorts = { first: 45000, last: 46999 } as const;

/** Names of the gateway's two interfaces; some rulesets are written for `eth0` and `eth1`. */
export interface GatewayInterfaces {
  readonly client: string;
  readonly server: string;
}

const prefix = "ftpfw";
let created = 0;

/** A free name per place; the process id is in it, so that leftovers can be told from living rigs. */
export function namespaceNames(): Record<Place, string> {
  const stem = `${prefix}-${process.pid}-${created++}`;
  return { client: `${stem}-client`, gateway: `${stem}-gateway`, server: `${stem}-server` };
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

/** Makes the three namespaces and joins them. */
export async function build(names: Record<Place, string>, interfaces: GatewayInterfaces): Promise<void> {
  for (const place of places) await mustRun("ip", ["netns", "add", names[place]]);
  // Duplicate address detection would keep IPv6 addresses unusable for a second.
  for (const place of places) await inNamespace(names[place], prepareHost(place));
  const links = [
    `link add eth0 netns ${names.client} type veth peer name ${interfaces.client} netns ${names.gateway}`,
    `link add eth0 netns ${names.server} type veth peer name ${interfaces.server} netns ${names.gateway}`,
  ];
  await mustRun("ip", ["-batch", "-"], { input: links.join("\n") });
  await ipBatch(
    names.client,
    hostLines("eth0", clientAddress, strangerAddress.client, gatewayAddress.client),
  );
  await ipBatch(
    names.server,
    hostLines("eth0", serverAddress, strangerAddress.server, gatewayAddress.server),
  );
  await ipBatch(names.gateway, [
    ...addressLines(interfaces.client, gatewayAddress.client),
    ...addressLines(interfaces.server, gatewayAddress.server),
    "link set lo up",
  ]);
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

function addressLines(device: string, address: Addresses): string[] {
  return [
    `addr add ${address.ipv4}/24 dev ${device}`,
    `addr add ${address.ipv6}/64 dev ${device} nodad`,
    `link set ${device} up`,
  ];
}

function hostLines(device: string, own: Addresses, stranger: Addresses, router: Addresses): string[] {
  return [
    // Deprecated: only who asks for the stranger's address sends from it. The newest is the one that REDIRECT takes.
    `addr add ${stranger.ipv6}/64 dev ${device} nodad preferred_lft 0`,
    ...addressLines(device, own),
    `addr add ${stranger.ipv4}/24 dev ${device}`,
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
