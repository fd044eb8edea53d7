import type { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import { numbers, sizeOf } from "../model/values.ts";
import { Box } from "../netfilter/box.ts";
import type { Outcome } from "./outcome.ts";
import type { Scenario } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";
import { clientPartition } from "./verdict.ts";

/** Pairs of ports of data connections: each of the one set with each of the other. */
export interface DataPorts {
  /** Of who opens the connection: in active mode the server's, in passive mode the client's. */
  readonly source: IntervalSet<number>;
  /** Where it goes: in active mode the client's port, in passive mode the server's. */
  readonly destination: IntervalSet<number>;
}

/** Clients of which the same ports pass. */
export interface PassingClass {
  readonly clients: ValueSet;
  /** Over these a login and a whole transfer pass, whatever else the session is like. Disjoint. */
  readonly ports: readonly DataPorts[];
  /** Whether they pass over these depends on something that is not known. Disjoint. */
  readonly doubtful: readonly DataPorts[];
}

/**
 * Exactly which clients and ports a session's data connection passes with: sets, not samples. The classes are
 * disjoint and cover the scenario's clients, the smallest first.
 */
export function passingClasses(outcomes: readonly Outcome[], scenario: Scenario): PassingClass[] {
  if (outcomes.some((one) => one.undecided)) {
    const everything = [dataPorts(allPorts(scenario), scenario)];
    return [{ clients: scenario.client, ports: [], doubtful: everything }];
  }
  const classes = new Map<string, PassingClass>();
  for (const clients of clientPartition(outcomes)) {
    const here = outcomes.filter(({ state }) => meets(state.box.get(VARIABLES.client), clients));
    const one = { clients, ...portsOf(here, scenario) };
    const key = `${keyOf(one.ports)}|${keyOf(one.doubtful)}`;
    const same = classes.get(key);
    classes.set(key, same ? { ...same, clients: union(same.clients, clients) } : one);
  }
  return [...classes.values()].sort((a, b) => sizeOf(a.clients as Clients) - sizeOf(b.clients as Clients));
}

type Clients = IntervalSet<never>;

function meets(a: ValueSet, b: ValueSet): boolean {
  return (a as Clients).intersects(b as Clients);
}

function union(a: ValueSet, b: ValueSet): ValueSet {
  return (a as Clients).union(b as Clients) as ValueSet;
}

/** Names of the two variables in question, source first. */
function namesOf({ mode }: Scenario): readonly [source: string, destination: string] {
  return mode === "active"
    ? [VARIABLES.serverDataPort, VARIABLES.clientDataPort]
    : [VARIABLES.clientDataPort, VARIABLES.passivePort];
}

function allPorts(scenario: Scenario): Box {
  const [source, destination] = namesOf(scenario);
  const { clientPorts, passivePorts } = scenario;
  const sets: Record<string, IntervalSet<number>> = {
    [VARIABLES.clientDataPort]: clientPorts,
    [VARIABLES.passivePort]: passivePorts,
  };
  return new Box({
    [source]: sets[source] ?? ANY_PORT,
    [destination]: sets[destination] ?? ANY_PORT,
  });
}

const ANY_PORT = numbers(0, 65535);

function dataPorts(box: Box, scenario: Scenario): DataPorts {
  const [source, destination] = namesOf(scenario);
  const { mode, dataPort } = scenario;
  const fixed = mode === "active" && dataPort !== "any" ? numbers(dataPort) : undefined;
  return {
    source: fixed ?? (box.get(source) as IntervalSet<number>),
    destination: box.get(destination) as IntervalSet<number>,
  };
}

/** The ports over which all sessions of these outcomes pass, and those of which nobody can tell. */
export function portsOf(
  outcomes: readonly Outcome[],
  scenario: Scenario,
): Pick<PassingClass, "ports" | "doubtful"> {
  const names = namesOf(scenario);
  const boxes = (works: boolean) =>
    distinct(
      outcomes
        .filter((one) => (one.verdict === "works") === works)
        .map(({ state }) => new Box(Object.fromEntries(names.map((name) => [name, state.box.get(name)])))),
    );
  const passing = disjoint(boxes(true));
  const failing = boxes(false);
  const ports = failing.reduce((left, box) => left.flatMap((one) => one.subtract(box)), passing);
  const doubtful = ports.reduce((left, box) => left.flatMap((one) => one.subtract(box)), passing);
  const shown = (list: Box[]) => joined(list).map((box) => dataPorts(box, scenario));
  return { ports: shown(ports), doubtful: shown(doubtful) };
}

function distinct(boxes: readonly Box[]): Box[] {
  return [...new Map(boxes.map((box) => [box.setIds().join(" "), box])).values()];
}

function disjoint(boxes: readonly Box[]): Box[] {
  const result: Box[] = [];
  for (const box of boxes) {
    const fresh = result.reduce<Box[]>((left, other) => left.flatMap((one) => one.subtract(other)), [box]);
    result.push(...fresh);
  }
  return result;
}

/** As few boxes as merging neighbours gives. */
function joined(boxes: readonly Box[]): Box[] {
  const result: Box[] = [];
  for (let box of boxes) {
    for (let at = 0; at < result.length; at++) {
      const merged = result[at]!.merge(box);
      if (!merged) continue;
      result.splice(at, 1);
      box = merged;
      at = -1;
    }
    result.push(box);
  }
  return result.sort((a, b) => firstPort(a) - firstPort(b));
}

function firstPort(box: Box): number {
  const [, destination] = box.variables();
  return (box.get(destination!) as IntervalSet<number>).min ?? 0;
}

/** Equal for equal ports. */
export function keyOf(ports: readonly DataPorts[]): string {
  return ports
    .map(({ source, destination }) => `${source.bounds.join(",")}>${destination.bounds.join(",")}`)
    .sort()
    .join(" ");
}
