import type { Version } from "../random/facts.ts";
import type { Random } from "../random/seeded.ts";
import type { Place } from "../rig/topology.ts";

/** Which end sent the packets that a rule is for. */
export type Way = "up" | "down";

/** What a ruleset that splits clients and ports is written with. */
export interface Splits {
  readonly random: Random;
  readonly on: Place;
  /** Bounds that its rules share, in their order; ranges between them overlap or touch. */
  readonly bounds: readonly number[];
}

/** Parts of the clients' network, of which some clients are members. */
export const CLIENT_PARTS: Readonly<Record<Version, readonly string[]>> = {
  4: [
    "10.1.0.2",
    "10.1.0.3",
    "10.1.0.66",
    "10.1.0.200",
    "10.1.0.0/25",
    "10.1.0.128/25",
    "10.1.0.0/30",
    "10.1.0.64/26",
    "10.1.0.128/26",
    "10.1.0.0/24",
  ],
  6: [
    "fd01::2",
    "fd01::3",
    "fd01::66",
    "fd01::200",
    "fd01::/126",
    "fd01::/120",
    "fd01::100/120",
    "fd01::100/121",
    "fd01::200/119",
    "fd01::/64",
  ],
};

export const CLIENT_RANGES: Readonly<Record<Version, readonly (readonly [low: string, high: string])[]>> = {
  4: [
    ["10.1.0.2", "10.1.0.65"],
    ["10.1.0.3", "10.1.0.130"],
    ["10.1.0.66", "10.1.0.199"],
    ["10.1.0.131", "10.1.0.255"],
  ],
  6: [
    ["fd01::2", "fd01::65"],
    ["fd01::3", "fd01::130"],
    ["fd01::66", "fd01::1ff"],
    ["fd01::131", "fd01::ffff"],
  ],
};

/** Groups of clients that have none in common, for the elements of one set. */
export const DISJOINT_PARTS: Readonly<Record<Version, readonly string[]>> = {
  4: ["10.1.0.2/31", "10.1.0.66", "10.1.0.128/26", "10.1.0.192-10.1.0.255"],
  6: ["fd01::2/127", "fd01::66", "fd01::100/120", "fd01::200-fd01::2ff"],
};

/** Bounds that people choose. */
const USUAL_BOUNDS = [
  1024, 1025, 5000, 10000, 20000, 30000, 32768, 40000, 49152, 50000, 50100, 55000, 60999, 65535,
];

/** The client's kernel hands out ports from here, so rules that tell these apart split no named port. */
const HANDED_OUT = { low: 44900, high: 47100 };

export function newSplits(random: Random, on: Place): Splits {
  const bounds = new Set<number>();
  for (let count = random.between(5, 9); count > 0; count--) {
    const bound = random.chance(0.4) ? random.pick(USUAL_BOUNDS) : random.between(1024, 65535);
    if (bound < HANDED_OUT.low || bound > HANDED_OUT.high) bounds.add(bound);
  }
  bounds.add(3000 + random.between(0, 999)).add(58000 + random.between(0, 999));
  return { random, on, bounds: [...bounds].sort((a, b) => a - b) };
}

/** From one bound to another, or just one. */
export function portRange({ random, bounds }: Splits): readonly [low: number, high: number] {
  const from = random.between(0, bounds.length - 2);
  const to = random.between(from, random.chance(0.5) ? bounds.length - 1 : from + 1);
  return [bounds[from]!, bounds[to]!];
}

/** Ranges and single ports in their order, which do not touch. */
export function disjointRanges({ random, bounds }: Splits): (readonly [low: number, high: number])[] {
  const ranges: [number, number][] = [];
  for (let i = random.between(0, 1); i < bounds.length; ) {
    const width = Math.min(random.between(0, 1), bounds.length - 1 - i);
    const [low, high] = [bounds[i]!, bounds[i + width]!];
    if (low > (ranges.at(-1)?.[1] ?? 0) + 1) ranges.push([low, high]);
    i += width + random.between(1, 2);
  }
  return ranges;
}

/** The ways in which packets meet a hook. */
export function waysOf(on: Place, hook: "input" | "output" | "forward"): readonly Way[] {
  if (hook === "forward") return ["up", "down"];
  return (on === "client") === (hook === "output") ? ["up"] : ["down"];
}
