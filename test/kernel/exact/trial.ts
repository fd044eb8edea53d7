import { usualInterfaces } from "../host.ts";
import { type SimulatedSession, simulateAnyone } from "../product.ts";
import type { RandomHost } from "../random/generate.ts";
import type { Random } from "../random/seeded.ts";
import { serverAddress } from "../rig/topology.ts";
import type { Lab, PointResult } from "./lab.ts";
import { choosePoints, type Point } from "./points.ts";
import { type Prediction, predict } from "./predict.ts";

/** One session as the kernel and the simulator see it. */
export interface Compared {
  readonly point: Point;
  readonly result: PointResult;
  readonly prediction: Prediction;
}

export interface Comparison {
  readonly refused?: string;
  readonly compared: readonly Compared[];
  /** Those on which the two differ, each tried again alone. */
  readonly differing: readonly Compared[];
}

/** More contradictions than these are one fault. */
const mostRepeated = 12;

/** Plays sessions of all clients through a ruleset, and those again, each alone, that do not come out as predicted. */
export async function compare(lab: Lab, host: RandomHost, random: Random): Promise<Comparison> {
  const sessions = simulateAnyone({
    ...host,
    interfaces: usualInterfaces,
    connectTo: serverAddress,
    controlPort: 21,
  });
  const points = choosePoints(random, host, sessions);
  const { refused, results } = await lab.tryPoints(host, points);
  if (refused !== undefined) return { refused, compared: [], differing: [] };
  const compared = points.map((point, i) => comparePoint(sessions, point, results[i]!));
  const differing: Compared[] = [];
  for (const { point } of compared.filter(differs).slice(0, mostRepeated)) {
    const alone = await lab.tryPoints(host, [point]);
    const again = comparePoint(sessions, point, alone.results[0]!);
    if (differs(again)) differing.push(again);
  }
  return { compared, differing };
}

function comparePoint(sessions: readonly SimulatedSession[], point: Point, result: PointResult): Compared {
  const session = sessions.find(({ mode, family }) => mode === point.mode && family === point.family);
  if (session === undefined)
    throw new Error(`the simulator says nothing of ${point.mode} over IPv${point.family}`);
  return { point, result, prediction: predict(session, point, result) };
}

/** Whether what happened contradicts the sets that are shown, or is nothing that the simulator holds possible. */
export function differs({ result: { outcome }, prediction }: Compared): boolean {
  if (outcome === "error") return false;
  const { shown, possible, undecided } = prediction;
  if (shown !== "unknown" && (shown === "passes") !== (outcome === "works")) return true;
  return !undecided && !possible.has(outcome);
}

/** Whether the sets say of the session that it passes or not. */
export function isShown({ prediction: { shown } }: Compared): boolean {
  return shown !== "unknown";
}

/** Whether there is one verdict for it, now that its control connection's port is known, too. */
export function isDecided({ prediction: { possible, undecided } }: Compared): boolean {
  return possible.size === 1 && !undecided;
}
