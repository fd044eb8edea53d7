import { type Host, usualInterfaces } from "../host.ts";
import { simulate, type Verdict } from "../product.ts";
import type { Rig } from "../rig/rig.ts";
import type { Backend } from "../rig/ruleset-loader.ts";
import { type Outcome, type SessionName, sessionNames } from "../rig/sessions.ts";
import { serverAddress } from "../rig/topology.ts";
import { isUndecidable } from "./features.ts";
import type { RandomHost } from "./generate.ts";

export type Outcomes = Readonly<Record<SessionName, Outcome>>;

/** The kernel and the simulator side by side. */
export interface Comparison {
  /** Why the real tools do not load it; nothing is compared then. */
  readonly refused?: string;
  readonly kernel?: Outcomes;
  readonly simulator?: Readonly<Record<SessionName, Verdict>>;
  /** Sessions on which the two differ. */
  readonly differing: readonly SessionName[];
  /** Sessions of which the simulator says `unknown`. */
  readonly unknown: readonly SessionName[];
}

/** The simulator's side alone. */
export function simulated(host: RandomHost): Readonly<Record<SessionName, Verdict>> {
  return simulate(hostOf(host));
}

export function hostOf(host: RandomHost): Host {
  return { interfaces: usualInterfaces, connectTo: serverAddress, controlPort: 21, ...host };
}

/** Loads the ruleset, makes the four sessions and asks the simulator about them. */
export async function compare(rig: Rig, host: RandomHost, backend?: Backend): Promise<Comparison> {
  const simulator = simulated(host);
  const { on, files, connectTo, controlPort, session } = host;
  const trial = await rig.tryRuleset({ on, files, connectTo, controlPort, session, backend });
  if (!trial.loaded || trial.sessions === undefined) {
    return { refused: trial.loadError ?? "no reason was given", differing: [], unknown: [] };
  }
  const kernel = Object.fromEntries(
    sessionNames.map((name) => [name, trial.sessions![name].outcome]),
  ) as unknown as Outcomes;
  return { kernel, simulator, ...differences(host, kernel, simulator) };
}

/** Where a ruleset tests what no file tells, `unknown` is right; elsewhere it is counted, but no contradiction. */
export function differences(
  host: RandomHost,
  kernel: Outcomes,
  simulator: Readonly<Record<SessionName, Verdict>>,
): Pick<Comparison, "differing" | "unknown"> {
  const unknown = sessionNames.filter((name) => simulator[name].verdict === "unknown");
  const differing = sessionNames.filter(
    (name) => simulator[name].verdict !== "unknown" && simulator[name].verdict !== kernel[name],
  );
  return { unknown: isUndecidable(host.files) ? [] : unknown, differing };
}

/** A contradiction is believed when it is there again: a busy machine lets a transfer time out now and then. */
export async function compareSurely(rig: Rig, host: RandomHost, backend?: Backend): Promise<Comparison> {
  let comparison = await compare(rig, host, backend);
  for (let again = 0; again < 2 && comparison.differing.length > 0; again++) {
    comparison = await compare(rig, host, backend);
  }
  return comparison;
}
