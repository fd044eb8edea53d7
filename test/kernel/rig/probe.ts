import { passivePort } from "./ftp-server.ts";
import {
  type Addresses,
  clientAddress,
  gatewayAddress,
  type Place,
  places,
  serverAddress,
  strangerAddress,
} from "./topology.ts";
import type { Worker } from "./worker.ts";

/** Ports with a listener while strangers probe, on every host; vsftpd's own come on top on the server. */
export const listeningPorts: readonly number[] = [
  20,
  21,
  22,
  80,
  443,
  989,
  990,
  1023,
  1024,
  1100,
  2121,
  3306,
  8080,
  20000,
  32768,
  40000,
  50000,
  50059,
  passivePort,
  50061,
  51000,
  60000,
  65535,
];

/** A destination that a stranger can connect to, e.g. `10.1.0.66:20 -> 10.2.0.2:22`. */
export type Reachable = ReadonlySet<string>;

interface Target {
  readonly family: "ipv4" | "ipv6";
  readonly source: string;
  /** 0 for an ordinary (ephemeral) one. */
  readonly sourcePort: number;
  readonly host: string;
  readonly port: number;
}

/** From which side a stranger probes which hosts, for a firewall that stands at `on`. */
function routes(on: Place): Array<{ from: "client" | "server"; to: Addresses[] }> {
  const gateway = [gatewayAddress.client, gatewayAddress.server];
  switch (on) {
    case "server":
      return [{ from: "client", to: [serverAddress] }];
    case "client":
      return [{ from: "server", to: [clientAddress] }];
    case "gateway":
      return [
        { from: "client", to: [serverAddress, ...gateway] },
        { from: "server", to: [clientAddress, ...gateway] },
      ];
  }
}

/** A stranger has an address of its own; the FTP peer's address is tried too, without a session. */
const sources = {
  client: [clientAddress, strangerAddress.client],
  server: [serverAddress, strangerAddress.server],
};

function targetsFrom(from: "client" | "server", to: readonly Addresses[]): Target[] {
  const targets: Target[] = [];
  // Both sides may probe at once, and 20 to 20 would be one connection seen from either end.
  for (const family of ["ipv4", "ipv6"] as const)
    for (const source of sources[from])
      for (const sourcePort of [0, 20])
        for (const host of to)
          for (const port of listeningPorts)
            if (port !== 20 || sourcePort !== 20)
              targets.push({ family, source: source[family], sourcePort, host: host[family], port });
  return targets;
}

function name(target: Target): string {
  const bracket = (address: string) => (address.includes(":") ? `[${address}]` : address);
  const source = `${bracket(target.source)}:${target.sourcePort || "high"}`;
  return `${source} -> ${bracket(target.host)}:${target.port}`;
}

/** Connects to every port from every side; `patience` in seconds. */
export async function probePorts(
  workers: Readonly<Record<Place, Worker>>,
  on: Place,
  patience: number,
): Promise<Reachable> {
  await Promise.all(places.map((place) => workers[place].ask({ do: "listen", ports: listeningPorts })));
  const found = await Promise.all(
    routes(on).map(async ({ from, to }) => {
      const targets = targetsFrom(from, to);
      const answer = await workers[from].ask<{ reached: number[]; errors: string[] }>({
        do: "probe",
        targets,
        patience,
      });
      if (answer.errors.length > 0) throw new Error(`probe: ${answer.errors[0]}`);
      return answer.reached.map((index) => name(targets[index]!));
    }),
  );
  await Promise.all(places.map((place) => workers[place].ask({ do: "unlisten" })));
  return new Set(found.flat());
}
