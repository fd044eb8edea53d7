import type { Family, Hook } from "../../model/ruleset.ts";

/*
 * Priorities by name, nft(8) "Standard priority names and hook compatibility matrix".
 */

type Named = readonly [name: string, value: number, hooks?: readonly Hook[]];

const INET: readonly Named[] = [
  ["raw", -300],
  ["mangle", -150],
  ["dstnat", -100, ["prerouting"]],
  ["filter", 0],
  ["security", 50],
  ["srcnat", 100, ["postrouting"]],
];

const BRIDGE: readonly Named[] = [
  ["dstnat", -300, ["prerouting"]],
  ["filter", -200],
  ["out", 100, ["output"]],
  ["srcnat", 300, ["postrouting"]],
];

/** Of arp and netdev chains and of flow tables. */
export const DATA_HOOK_PRIORITIES: readonly Named[] = [["filter", 0]];

export function prioritiesAt(family: Family, hook: Hook): readonly Named[] {
  const all =
    family === "bridge" ? BRIDGE : family === "arp" || family === "netdev" ? DATA_HOOK_PRIORITIES : INET;
  return all.filter(([, , hooks]) => !hooks || hooks.includes(hook));
}

/** Further away from a name than this, nft prints the number. */
const NEAR = 10;

/** `filter`, `filter + 10`, `-225` */
export function printPriority(names: readonly Named[], priority: number): string {
  for (const [name, value] of names) {
    const offset = priority - value;
    if (offset === 0) return name;
    if (Math.abs(offset) <= NEAR) return `${name} ${offset < 0 ? "-" : "+"} ${Math.abs(offset)}`;
  }
  return String(priority);
}
