import type { IntervalSet } from "../model/interval-set.ts";
import { sizeOf } from "../model/values.ts";
import { DRAWN_PORT } from "../netfilter/nat.ts";
import type { Outcome } from "./outcome.ts";

/** What happens less often than once in so many connections is not what somebody means by "FTP is blocked". */
const SELDOM = 256;

/** The outcomes without those that depend on NAT drawing one of a few ports out of very many. */
export function withoutNegligible(outcomes: readonly Outcome[]): Outcome[] {
  const candidates = new Map<string, IntervalSet<number>>();
  for (const { state } of outcomes) {
    for (const name of state.box.variables().filter(isDrawn)) {
      const set = state.box.get(name) as IntervalSet<number>;
      candidates.set(name, candidates.get(name)?.union(set) ?? set);
    }
  }
  if (candidates.size === 0) return [...outcomes];
  return outcomes.filter(({ state }) =>
    [...candidates].every(
      ([name, all]) =>
        !state.box.has(name) || SELDOM * sizeOf(state.box.get(name) as IntervalSet<number>) >= sizeOf(all),
    ),
  );
}

function isDrawn(name: string): boolean {
  return name.startsWith(DRAWN_PORT);
}
