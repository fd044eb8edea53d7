import { VARIABLES } from "../../../server/src/ftp/variables.ts";
import type { ValueSet } from "../../../server/src/model/values.ts";
import { parseV4, parseV6 } from "../../../server/src/model/values.ts";
import type { SimulatedSession } from "../product.ts";
import type { Outcome } from "../rig/sessions.ts";
import type { PointResult } from "./lab.ts";
import { clientAddresses } from "./network.ts";
import type { Point } from "./points.ts";

/** What the simulator says of one session. */
export interface Prediction {
  /** The verdicts that it holds possible; more than one is `unknown`, none at all a hole in its answer. */
  readonly possible: ReadonlySet<Outcome>;
  /** The analysis gave up before it came to this session, perhaps. */
  readonly undecided: boolean;
  readonly why: readonly string[];
  /** What it depends on that no file tells. */
  readonly doubts: ReadonlySet<string>;
}

type Known = Readonly<Record<string, number | bigint | undefined>>;

/** Finds the outcomes whose sets of sessions have this one among them. */
export function predict(session: SimulatedSession, point: Point, result: PointResult): Prediction {
  const known = variablesOf(point, result);
  const possible = new Set<Outcome>();
  const why: string[] = [];
  const doubts = new Set<string>();
  for (const { state, verdict, step, reason, undecided } of session.outcomes) {
    if (undecided) doubts.add(reason ?? "?");
    else if (contains(state.box, known)) {
      possible.add(verdict);
      const assumed = state.assumptions.map(({ fact, holds }) => `${fact}: ${holds ? "yes" : "no"}`);
      why.push([verdict, step, reason, ...assumed].filter(Boolean).join(", "));
      for (const { fact } of state.assumptions) doubts.add(fact);
    }
  }
  const { reason } = session.verdict;
  if (session.outcomes.length === 0) doubts.add(reason ?? "?");
  const undecided = session.outcomes.length === 0 || session.outcomes.some((one) => one.undecided);
  return { possible, undecided, why, doubts };
}

function variablesOf(point: Point, { controlPort, dataPort }: PointResult): Known {
  const { ipv4, ipv6 } = clientAddresses[point.client]!;
  return {
    [VARIABLES.client]: point.family === 4 ? parseV4(ipv4) : parseV6(ipv6),
    [VARIABLES.controlPort]: controlPort ?? undefined,
    [VARIABLES.clientDataPort]: point.mode === "active" ? point.clientPort : (dataPort ?? undefined),
    [point.mode === "active" ? VARIABLES.serverDataPort : VARIABLES.passivePort]: point.serverPort,
  };
}

interface Sets {
  has(name: string): boolean;
  get(name: string): ValueSet;
}

/** Whether the session can be one of the box's, as far as it is known. */
function contains(box: Sets, known: Known): boolean {
  return Object.entries(known).every(([name, value]) => {
    if (value === undefined || !box.has(name)) return true;
    return (box.get(name) as { has(value: number | bigint): boolean }).has(value);
  });
}
