import type { IntervalSet } from "../model/interval-set.ts";
import type { ValueSet } from "../model/values.ts";
import { ALL_PORTS, numbers } from "../model/values.ts";
import type { Box, Ref } from "./box.ts";
import { constant, isSingle, shifted, variable } from "./box.ts";

/** What a NAT statement wants of a port. */
export interface WantedPort {
  /** Candidates; undefined: any port will do. */
  readonly ports: ValueSet | "unknown" | undefined;
  readonly random: boolean;
  readonly basePort: number | undefined;
  readonly manip: "source" | "destination";
}

export interface ChosenPort {
  readonly box: Box;
  readonly port: Ref;
}

/**
 * The port that NAT gives a connection whose own is `own` (nf_nat_l4proto_unique_tuple, with no other connection in
 * the way). `name`: the variable for what the kernel draws by lot.
 */
export function choosePort(wanted: WantedPort, box: Box, own: Ref, name: string): ChosenPort[] {
  const { ports, random, basePort, manip } = wanted;
  if (ports === undefined)
    return random && manip === "source" ? sameClass(box, own, name) : [{ box, port: own }];
  if (ports === "unknown") return [drawn(box, name, ALL_PORTS)];
  if (isSingle(ports)) return [{ box, port: constant(ports.min!) }];
  if (random) return [drawn(box, name, ports)];
  if (basePort !== undefined) return fromBase(box, own, ports as IntervalSet<number>, basePort, name);
  const { inside, outside } = box.split(own, ports);
  const chosen: ChosenPort[] = inside ? [{ box: inside, port: own }] : [];
  if (!outside) return chosen;
  // Destinations begin at the start of the range, sources anywhere in it.
  chosen.push(
    manip === "destination" ? { box: outside, port: constant(ports.min!) } : drawn(outside, name, ports),
  );
  return chosen;
}

function drawn(box: Box, name: string, ports: ValueSet): ChosenPort {
  return { box: box.with(name, ports), port: variable(name) };
}

/** Privileged ports become privileged ones, high ports high ones. */
const CLASSES: readonly (readonly [of: ValueSet, to: ValueSet])[] = [
  [numbers(0, 511), numbers(1, 511)],
  [numbers(512, 1023), numbers(600, 1023)],
  [numbers(1024, 65535), numbers(1024, 65535)],
];

function sameClass(box: Box, own: Ref, name: string): ChosenPort[] {
  return CLASSES.flatMap(([of, to]) => {
    const { inside } = box.split(own, of);
    return inside ? [drawn(inside, name, to)] : [];
  });
}

/** NF_NAT_RANGE_PROTO_OFFSET: the first port behind the base becomes the first of the range, and so on around. */
function fromBase(box: Box, own: Ref, ports: IntervalSet<number>, base: number, name: string): ChosenPort[] {
  const [first, past] = [ports.min!, ports.end!];
  const { inside, outside } = box.split(own, numbers(base, base + (past - first) - 1));
  return [
    ...(inside ? [{ box: inside, port: shifted(own, first - base) }] : []),
    ...(outside ? [drawn(outside, name, ports)] : []),
  ];
}
