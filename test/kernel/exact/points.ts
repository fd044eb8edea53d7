import type { Mode } from "../../../server/src/ftp/scenario.ts";
import { VARIABLES } from "../../../server/src/ftp/variables.ts";
import type { IntervalSet } from "../../../server/src/model/interval-set.ts";
import type { SimulatedSession } from "../product.ts";
import type { RandomHost } from "../random/generate.ts";
import type { Random } from "../random/seeded.ts";
import { clientAddresses } from "./network.ts";

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

/**
 * The points for a ruleset, with the same ports for each client: most are the first and the last of the predicted
 * sets, others at bounds that the ruleset names and the prediction may have overlooked, the rest anywhere.
 */
export function choosePoints(
  random: Random,
  host: RandomHost,
  sessions: readonly SimulatedSession[],
): Point[] {
  const named = namedBounds(host).filter((port) => port >= UNPRIVILEGED);
  const points: Point[] = [];
  for (const family of [4, 6] as const) {
    const boxes = (mode: Mode) => boxesOf(sessions, mode, family);
    const passive = passivePorts(random, boxes("passive"), named);
    const pairs = activePairs(random, boxes("active"), named, new Set([21, ...passive]));
    for (const client of clientAddresses.keys()) {
      for (const serverPort of passive)
        points.push({ mode: "passive", family, client, serverPort, clientPort: 0 });
      for (const pair of pairs) points.push({ mode: "active", family, client, ...pair });
    }
  }
  return points;
}

const UNPRIVILEGED = 1024;

type Box = SimulatedSession["outcomes"][number]["state"]["box"];

/** The sets of sessions whose login passes. */
function boxesOf(sessions: readonly SimulatedSession[], mode: Mode, family: 4 | 6): Box[] {
  const session = sessions.find((one) => one.mode === mode && one.family === family);
  return (session?.outcomes ?? []).flatMap(({ verdict, state }) =>
    verdict === "no-control" ? [] : [state.box],
  );
}

/** The first and the last port of each interval. */
function ends(box: Box, name: string): number[] {
  const { bounds } = box.get(name) as IntervalSet<number>;
  return bounds.map((bound, i) => (i % 2 === 0 ? bound : bound - 1));
}

function passivePorts(random: Random, boxes: readonly Box[], named: readonly number[]): number[] {
  const predicted = new Set(boxes.flatMap((box) => ends(box, VARIABLES.passivePort)));
  const ports = new Set(random.some([...predicted], 0.6 * portsEach));
  for (const port of random.some(named, 0.2 * portsEach)) ports.add(port);
  while (ports.size < portsEach) ports.add(somePort(random, [...ports]));
  return [...ports];
}

type Pair = Pick<Point, "serverPort" | "clientPort">;

/** Pairs that differ in the client's port; a port with a listener of the server's (`taken`) is no source port. */
function activePairs(
  random: Random,
  boxes: readonly Box[],
  named: readonly number[],
  taken: ReadonlySet<number>,
): Pair[] {
  const pairs = new Map<number, number>();
  const add = (clientPort: number, serverPort: number) => {
    if (!pairs.has(clientPort)) pairs.set(clientPort, taken.has(serverPort) ? 20 : serverPort);
  };
  for (let tries = 40; boxes.length > 0 && tries > 0 && pairs.size < 0.6 * portsEach; tries--) {
    const box = random.pick(boxes);
    const sources = box.get(VARIABLES.serverDataPort) as IntervalSet<number>;
    const usual = sources.has(20) && random.chance(0.5);
    const source = usual ? 20 : random.pick(ends(box, VARIABLES.serverDataPort));
    add(random.pick(ends(box, VARIABLES.clientDataPort)), source === 0 ? 1 : source);
  }
  for (const port of random.some(named, 0.2 * portsEach)) {
    add(port, random.chance(0.5) ? 20 : random.pick([...named, 1023]));
  }
  while (pairs.size < portsEach) add(somePort(random, [...pairs.keys()]), random.chance(0.7) ? 20 : 40_000);
  return [...pairs].map(([clientPort, serverPort]) => ({ clientPort, serverPort }));
}

/** Anywhere, or not far from one of those that are chosen. */
function somePort(random: Random, chosen: readonly number[]): number {
  const near = chosen.length > 0 && random.chance(0.3);
  const port = near
    ? random.pick(chosen) + random.between(-40, 40)
    : random.between(UNPRIVILEGED, random.chance(0.2) ? 5000 : 65535);
  return Math.min(Math.max(port, UNPRIVILEGED), 65535);
}

/** Each port that a ruleset names, and its neighbours. */
function namedBounds({ files }: RandomHost): number[] {
  const number = /(?<![\w.:/])\d{1,5}(?:[-:]\d{1,5})?(?![\w./:])/g;
  const named = files.flatMap(({ text }) =>
    [...text.matchAll(number)].flatMap(([found]) => found.split(/[-:]/).map(Number)),
  );
  const near = new Set(named.flatMap((port) => [port - 1, port, port + 1]));
  return [...near].filter((port) => port <= 65535).sort((a, b) => a - b);
}
