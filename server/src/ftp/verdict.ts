import { divided, IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import { Box, setId } from "../netfilter/box.ts";
import { CHOSEN_ADDRESS, DRAWN_PORT, LOCAL_ADDRESS } from "../netfilter/nat.ts";
import type { Assumption } from "../netfilter/state.ts";
import type { Origin } from "../text/origin.ts";
import { NEIGHBOUR } from "./neighbour-discovery.ts";
import type { Outcome } from "./outcome.ts";
import { isLetIn } from "./outcome.ts";
import type { Scenario } from "./scenario.ts";
import { VARIABLES } from "./variables.ts";

export type VerdictName = "works" | "blocked" | "no-control" | "unknown";

/** What becomes of a set of sessions, with the outcome that decides it. */
export interface Verdict {
  readonly verdict: VerdictName;
  /** The outcome that shows it: the first that fails, or one that works. Absent when the analysis gave up. */
  readonly outcome?: Outcome;
  /** For `unknown`: the fact it depends on. For `blocked` by a part of the range: which ports pass. */
  readonly reason?: string;
  /** For `unknown` by an assumption: where the deciding condition stands. */
  readonly assumption?: Assumption;
  /** Where something besides the rules decides it. */
  readonly origin?: Origin;
}

/** Variables that the peers choose freely: all their values have to pass. The others describe one session. */
const FREE = new Set<string>([VARIABLES.passivePort, VARIABLES.serverDataPort]);

/** The least number of ports in a row that look like a passive range when none is configured. */
const LEAST_RANGE = 8;

type Ports = IntervalSet<number>;

/** The passive ports through which a transfer passes for certain. */
export function passingPorts(outcomes: readonly Outcome[]): Ports {
  const sets = (wanted: boolean) =>
    outcomes
      .filter((one) => one.verdict !== "no-control" && (one.verdict === "works") === wanted)
      .map((one) => one.state.box.get(VARIABLES.passivePort) as Ports);
  return IntervalSet.unionOf(sets(true)).subtract(IntervalSet.unionOf(sets(false)));
}

function portsOf({ state }: Outcome): Ports {
  return state.box.get(VARIABLES.passivePort) as Ports;
}

/** What can serve as a passive range: the intervals of at least eight ports. */
export function likelyRange(ports: Ports): Ports {
  let range = IntervalSet.empty<number>();
  for (let i = 0; i < ports.bounds.length; i += 2) {
    const [low, high] = [ports.bounds[i]!, ports.bounds[i + 1]!];
    if (high - low >= LEAST_RANGE) range = range.union(IntervalSet.interval(low, high));
  }
  return range;
}

/** One verdict for all outcomes of a session: what agrees, or `unknown` with what it depends on. */
export function judge(outcomes: readonly Outcome[], scenario: Scenario): Verdict {
  const passing = outcomes.filter((one) => one.verdict === "works");
  const blocked = outcomes.filter((one) => one.verdict === "blocked");
  const refused = outcomes.filter((one) => one.verdict === "no-control");
  const undecided = refused.find((one) => one.undecided);
  if (undecided) return { verdict: "unknown", reason: undecided.reason, outcome: undecided };
  if (passing.length === 0 && blocked.length === 0) return refusal(refused);
  if (refused.length > 0) return depends([...passing, ...blocked], refused);
  if (blocked.length === 0) return { verdict: "works", outcome: passing[0] };
  const shown = plainest(blocked);
  if (passing.length === 0) return { verdict: "blocked", outcome: shown, reason: shown?.reason };
  return judgeMixed(passing, blocked, scenario);
}

/** The verdict for those sessions whose control connection passes; undefined when none does. */
export function judgeData(outcomes: readonly Outcome[], scenario: Scenario): Verdict | undefined {
  const controlled = outcomes.filter(isLetIn);
  if (controlled.length === 0) return undefined;
  const skipped = controlled.find((one) => one.undecided && one.phase === "control");
  const followed = controlled.filter((one) => !one.undecided || one.phase === "data");
  const verdict = surely(followed, scenario) ?? judge(controlled, scenario);
  // What fails fails, whatever becomes of the sessions that were not followed at all.
  return skipped && verdict.verdict !== "blocked" ? judge(controlled, scenario) : verdict;
}

/** What holds however the sessions end that were not followed. */
function surely(outcomes: readonly Outcome[], scenario: Scenario): Verdict | undefined {
  const ending = (verdict: "works" | "blocked") =>
    judge(
      outcomes.map((one) => (one.undecided ? { ...one, verdict, undecided: false } : one)),
      scenario,
    );
  const [best, worst] = [ending("works"), ending("blocked")];
  if (best.verdict !== worst.verdict || best.verdict === "unknown") return undefined;
  // What is shown is a session that was followed.
  return best.verdict === "blocked" ? best : worst;
}

function refusal(refused: readonly Outcome[]): Verdict {
  const first = plainest(refused);
  return { verdict: "no-control", outcome: first, reason: first?.reason };
}

/** Some ports, clients or assumptions pass and others do not. */
function judgeMixed(passing: readonly Outcome[], blocked: readonly Outcome[], scenario: Scenario): Verdict {
  const regions = blocked.map(({ state }) => ({
    box: described(state.box),
    assumptions: state.assumptions,
  }));
  const alwaysFails = passing.every((one) => covered(one, regions));
  if (!alwaysFails) return depends(passing, blocked);
  if (scenario.mode === "passive" && !scenario.passiveRangeKnown) {
    const range = likelyRange(passingPorts([...passing, ...blocked]));
    if (!range.isEmpty) return { verdict: "works", outcome: passing[0] };
    // A range that passes unless something nobody can tell stands in the way (a rate limit) is no missing range.
    const possible = likelyRange(IntervalSet.unionOf(passing.map(portsOf)));
    const doubtful = blocked.filter((one) => portsOf(one).intersects(possible));
    if (doubtful.length > 0) return depends(passing, doubtful);
  }
  const shown = plainest(blocked);
  return { verdict: "blocked", outcome: shown, reason: shown?.reason };
}

/** The outcome that rests on the fewest assumptions, and on a rule of the files, explains best. */
function plainest(outcomes: readonly Outcome[]): Outcome | undefined {
  const weight = (one: Outcome) =>
    2 * one.state.assumptions.length + (one.stop?.reason === undefined ? 0 : 1);
  return outcomes.reduce<Outcome | undefined>(
    (best, one) => (best && weight(best) <= weight(one) ? best : one),
    undefined,
  );
}

/** Whether every session of `one` also fails for some port: then the session as a whole fails. */
function covered(
  one: Outcome,
  blocked: readonly { readonly box: Box; readonly assumptions: readonly Assumption[] }[],
): boolean {
  let rest: Box[] = [described(one.state.box)];
  for (const other of blocked) {
    if (rest.length === 0) return true;
    if (!compatible(one.state.assumptions, other.assumptions)) continue;
    rest = rest.flatMap((box) => box.subtract(other.box));
  }
  return rest.length === 0;
}

/** The box without what the peers choose freely. */
function described(box: Box): Box {
  let known = DESCRIBED.get(box);
  if (!known) {
    const sets: Record<string, ValueSet> = {};
    for (const name of box.variables()) if (!FREE.has(name)) sets[name] = box.get(name);
    known = new Box(sets);
    DESCRIBED.set(box, known);
  }
  return known;
}

const DESCRIBED = new WeakMap<Box, Box>();

/** Whether both can be true at once, `b` adding nothing that is open in `a`. */
function compatible(a: readonly Assumption[], b: readonly Assumption[]): boolean {
  return b.every((one) => a.some((other) => other.key === one.key && other.holds === one.holds));
}

function depends(some: readonly Outcome[], others: readonly Outcome[]): Verdict {
  const assumption = decidingAssumption(some, others);
  if (assumption) {
    return { verdict: "unknown", reason: assumption.fact, assumption, outcome: others[0] };
  }
  return { verdict: "unknown", reason: differingVariable(some, others), outcome: others[0] };
}

/** Enough pairs to find the question in all but contrived cases. */
const MOST_COMPARED = 60;

/** The first question on which the same session ends differently. */
function decidingAssumption(some: readonly Outcome[], others: readonly Outcome[]): Assumption | undefined {
  for (const a of some.slice(0, MOST_COMPARED)) {
    for (const b of others.slice(0, MOST_COMPARED)) {
      if (a.verdict === b.verdict || !described(a.state.box).intersect(described(b.state.box))) continue;
      for (const one of b.state.assumptions) {
        const opposite = a.state.assumptions.find((other) => other.key === one.key);
        if (opposite && opposite.holds !== one.holds) return one;
      }
      const more = a.state.assumptions.length > b.state.assumptions.length ? a : b;
      const [first] = more.state.assumptions;
      if (first) return first;
    }
  }
  return undefined;
}

const DESCRIPTIONS: Record<string, string> = {
  [VARIABLES.client]: "the client's address",
  [VARIABLES.dialed]: "the address that the client dials",
  [VARIABLES.clientInterface]: "the interface towards the client",
  [VARIABLES.serverInterface]: "the interface towards the server",
  [VARIABLES.controlPort]: "the client's source port of the control connection",
  [VARIABLES.clientDataPort]: "the client's port of the data connection",
  [NEIGHBOUR.router]: "the address of the router on the firewall's network",
  [NEIGHBOUR.asking]: "the address of the neighbour that asks for the firewall",
  [NEIGHBOUR.group]: "the multicast group of neighbour discovery",
  [NEIGHBOUR.own]: "the firewall's own IPv6 address",
};

function differingVariable(some: readonly Outcome[], others: readonly Outcome[]): string {
  const all = [...some, ...others];
  const known = Object.keys(DESCRIPTIONS);
  // What alone tells them apart is more to the point than what does so now and then.
  const telling =
    known.find((name) => parts(name, some, others)) ?? known.find((name) => differs(name, some, others));
  if (telling) return DESCRIPTIONS[telling]!;
  const made = new Set(all.flatMap(({ state }) => state.box.variables().filter(isChosenByNat)));
  for (const name of made) {
    if (!differs(name, some, others)) continue;
    if (name.startsWith(DRAWN_PORT)) return "which port NAT draws for the connection";
    return name.startsWith(LOCAL_ADDRESS)
      ? `the firewall's own address${name.slice(LOCAL_ADDRESS.length - 1)}`
      : "the address that NAT gives the connection";
  }
  return "addresses and interfaces that are not given";
}

function isChosenByNat(name: string): boolean {
  return [LOCAL_ADDRESS, CHOSEN_ADDRESS, DRAWN_PORT].some((prefix) => name.startsWith(prefix));
}

/** Whether the values of a variable differ between the outcomes. */
function differs(name: string, some: readonly Outcome[], others: readonly Outcome[]): boolean {
  const [left, right] = [valuesIn(some, name), valuesIn(others, name)];
  return !left.isEmpty && !right.isEmpty && !left.equals(right);
}

/** Whether no value of a variable is common to both. */
function parts(name: string, some: readonly Outcome[], others: readonly Outcome[]): boolean {
  const [left, right] = [valuesIn(some, name), valuesIn(others, name)];
  return !left.isEmpty && !right.isEmpty && !left.intersects(right);
}

function valuesIn(outcomes: readonly Outcome[], name: string): IntervalSet<never> {
  const sets = outcomes.flatMap(({ state: { box } }) => (box.has(name) ? [box.get(name)] : []));
  return IntervalSet.unionOf(sets as IntervalSet<never>[]);
}

type Clients = IntervalSet<never>;

/** Classes of clients of which no outcome concerns only a part; coarser where `most` would not do. */
export function clientPartition(outcomes: readonly Outcome[], most?: number): ValueSet[] {
  const sets = new Map<number, Clients>();
  for (const { state } of outcomes) {
    const set = state.box.get(VARIABLES.client);
    sets.set(setId(set), set as Clients);
  }
  return divided([...sets.values()], most) as ValueSet[];
}

/** Clients that are judged as one. */
export interface ClientClass {
  readonly clients: ValueSet;
  /** All that are left when there are too many classes to judge each: they may fare differently. */
  readonly isRest: boolean;
}

const MOST_CLASSES = 64;

/** Classes of clients that share an outcome. */
export function clientClasses(outcomes: readonly Outcome[]): ClientClass[] {
  const classes = clientPartition(outcomes, 4 * MOST_CLASSES);
  const alone = classes.length <= MOST_CLASSES ? classes : classes.slice(0, MOST_CLASSES - 1);
  const others = classes.slice(alone.length) as Clients[];
  return [
    ...alone.map((clients) => ({ clients, isRest: false })),
    ...(others.length > 0 ? [{ clients: IntervalSet.unionOf(others) as ValueSet, isRest: true }] : []),
  ];
}

const TOO_MANY_KINDS = "the client's address: the rules tell too many kinds of clients apart to judge each";

/** A verdict on clients that may fare differently holds where it is the same for all of them. */
export function commonVerdict(verdict: Verdict, outcomes: readonly Outcome[]): Verdict {
  const isMixed = verdict.verdict === "blocked" && outcomes.some((one) => one.verdict === "works");
  return isMixed ? { verdict: "unknown", reason: TOO_MANY_KINDS, outcome: verdict.outcome } : verdict;
}

/** The outcomes that concern clients of a class, narrowed to it. */
export function outcomesFor(outcomes: readonly Outcome[], clients: ValueSet): Outcome[] {
  // Many outcomes have the same clients.
  const common = new Map<number, ValueSet>();
  return outcomes.flatMap((outcome) => {
    const { box } = outcome.state;
    const set = box.get(VARIABLES.client);
    const id = setId(set);
    let inside = common.get(id);
    if (!inside) {
      inside = (set as IntervalSet<never>).intersect(clients as IntervalSet<never>) as ValueSet;
      common.set(id, inside);
    }
    if (inside.isEmpty) return [];
    return [{ ...outcome, state: { ...outcome.state, box: box.with(VARIABLES.client, inside) } }];
  });
}
