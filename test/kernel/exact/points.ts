import type { Mode } from "../../../server/src/ftp/scenario.ts";
import type { RandomHost } from "../random/generate.ts";
import { Random } from "../random/seeded.ts";
import { clientAddresses } from "./network.ts";

export const modes = ["active", "passive"] as const;
export const families = [4, 6] as const;

/** One session: who its client is, and which ports its data connection has. */
export interface Point {
  readonly mode: Mode;
  readonly family: 4 | 6;
  /** A number of `clientAddresses`. */
  readonly client: number;
  /** Passive mode: the port that the server names. Active mode: the port that it connects from. */
  readonly serverPort: number;
  /** Active mode: the port that the client names. Passive mode: 0, the client's kernel chooses. */
  readonly clientPort: number;
}

/** How many ports are tried from each client, in each mode over each IP version. */
const portsEach = 20;

/** The points for a ruleset: the same ports for each client. */
export function choosePoints(host: RandomHost, seed: number, number: number): Point[] {
  const random = new Random(seed ^ 0x5eed, number);
  const named = boundaries(host);
  const points: Point[] = [];
  for (const family of families) {
    const passive = choosePorts(random, named, portsEach, 1024);
    const clientPorts = choosePorts(random, named, portsEach, 1024);
    // A port with a listener of the server's is no source port.
    const sources = choosePorts(random, named, portsEach, 1).filter(
      (port) => port !== 21 && !passive.includes(port),
    );
    const pairs = clientPorts.map((port) => ({
      clientPort: port,
      serverPort: random.chance(0.5) ? 20 : (sources.pop() ?? 20),
    }));
    for (const client of clientAddresses.keys()) {
      for (const serverPort of passive)
        points.push({ mode: "passive", family, client, serverPort, clientPort: 0 });
      for (const pair of pairs) points.push({ mode: "active", family, client, ...pair });
    }
  }
  return points;
}

/** Different ports from `least` on: most at the bounds that the ruleset names, the others anywhere. */
function choosePorts(random: Random, named: readonly number[], count: number, least: number): number[] {
  const possible = named.filter((port) => port >= least);
  const ports = new Set(random.some(possible, Math.round(count * 0.7)));
  while (ports.size < count) {
    // Next to the bounds and far from them.
    const near = possible.length > 0 && random.chance(0.3);
    const port = near
      ? random.pick(possible) + random.between(-40, 40)
      : random.between(least, random.chance(0.2) ? 5000 : 65535);
    if (port >= least && port <= 65535) ports.add(port);
  }
  return [...ports];
}

/** Each port that a ruleset names, and its neighbours. */
function boundaries({ files }: RandomHost): number[] {
  const found = new Set<number>();
  for (const { text } of files) {
    for (const [, digits] of text.matchAll(/(?<![\w.:/]|\d[-:])(\d{1,5})(?![\w./])/g)) add(Number(digits));
    for (const [, low, high] of text.matchAll(/(?<![\w.:/])(\d{1,5})[-:](\d{1,5})(?![\w./:])/g)) {
      add(Number(low));
      add(Number(high));
    }
  }
  function add(port: number): void {
    for (const one of [port - 1, port, port + 1]) if (one >= 1 && one <= 65535) found.add(one);
  }
  return [...found].sort((a, b) => a - b);
}
