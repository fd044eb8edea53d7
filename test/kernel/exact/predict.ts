import type { PassingClass } from "../../../server/src/ftp/passing.ts";
import { VARIABLES } from "../../../server/src/ftp/variables.ts";
import { IntervalSet } from "../../../server/src/model/interval-set.ts";
import type { ValueSet } from "../../../server/src/model/values.ts";
import { numbers, parseV4, parseV6 } from "../../../server/src/model/values.ts";
import type { SimulatedSession } from "../product.ts";
import type { Outcome } from "../rig/sessions.ts";
import { clientPorts } from "../rig/topology.ts";
import type { PointResult } from "./lab.ts";
import { clientAddresses } from "./network.ts";
import type { Point } from "./points.ts";

/** What the simulator says of one session. */
export interface Prediction {
  /** By the sets of clients and ports that it shows. */
  readonly shown: "passes" | "blocked" | "unknown";
  /** The verdicts that it holds possible; more than one is `unknown`, none at all a hole in its answer. */
  readonly possible: ReadonlySet<Outcome>;
  /** The analysis gave up before it came to this session, perhaps. */
  readonly undecided: boolean;
  readonly why: readonly string[];
  /** What it depends on that no file tells. */
  readonly doubts: ReadonlySet<string>;
}

type Known = Readonly<Record<string, number | bigint | undefined>>;

/** Looks the session up in the sets that are shown, and among the outcomes that these are made of. */
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
  return { shown: shownOf(session, point, result), possible, undecided, why, doubts };
}

/** What the sets say of the point's client and ports, whatever the control connection's port. */
function shownOf(
  { passing, scenario }: SimulatedSession,
  { mode, family, client, serverPort, clientPort }: Point,
  { dataPort }: PointResult,
): Prediction["shown"] {
  const address = addressOf(client, family);
  const [one, ...others] = passing.filter(({ clients }) => (clients as Addresses).has(address));
  // When the analysis gives up there are no classes at all.
  if (passing.length === 0) return "unknown";
  if (one === undefined || others.length > 0) {
    throw new Error(`the client ${address} is not in exactly one class`);
  }
  // Without a data connection there is no port: it would have been one of those that the client's kernel hands out.
  const chosen = dataPort === null ? numbers(clientPorts.first, clientPorts.last) : numbers(dataPort);
  const [source, destination] =
    mode === "active"
      ? [numbers(scenario.dataPort === "any" ? serverPort : scenario.dataPort), clientPort]
      : [chosen, serverPort];
  const at = ({ ports }: { readonly ports: PassingClass["ports"] }) =>
    ports.filter((each) => each.destination.has(destination)).map((each) => each.source);
  if (IntervalSet.unionOf(at(one)).intersects(source)) {
    return source.isSubsetOf(IntervalSet.unionOf(at(one))) ? "passes" : "unknown";
  }
  return IntervalSet.unionOf(at({ ports: one.doubtful })).intersects(source) ? "unknown" : "blocked";
}

type Addresses = IntervalSet<number | bigint>;

function addressOf(client: number, family: 4 | 6): number | bigint {
  const { ipv4, ipv6 } = clientAddresses[client]!;
  return family === 4 ? parseV4(ipv4)! : parseV6(ipv6)!;
}

function variablesOf(point: Point, { controlPort, dataPort }: PointResult): Known {
  return {
    [VARIABLES.client]: addressOf(point.client, point.family),
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
