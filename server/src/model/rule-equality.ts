import { IntervalSet } from "./interval-set.ts";
import type { RuleBody } from "./rule.ts";

/**
 * Whether iptables takes two rules for the same (-D, -C), wherever and however they were written. What tells them apart
 * may be of no effect on packets: a comment, the prefix of a log, `-m state` for `-m conntrack`.
 */
export function sameBody(a: RuleBody, b: RuleBody): boolean {
  if (a === b) return true;
  const [one, other] = [identityOf(a), identityOf(b)];
  if (one !== undefined && other !== undefined) return one === other;
  return a.comment === b.comment && same(a.items, b.items);
}

const identities = new WeakMap<RuleBody, { readonly identity: string | undefined }>();

/** Equal for what `sameBody` takes for the same. Undefined where the rule is nft's, or not known in all its parts. */
export function identityOf(body: RuleBody): string | undefined {
  let known = identities.get(body);
  if (!known) {
    const text = body.listed?.((chain) => chain);
    known = { identity: text?.unknown === undefined ? text?.identity : undefined };
    identities.set(body, known);
  }
  return known.identity;
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof IntervalSet) return b instanceof IntervalSet && same(a.bounds, b.bounds);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = fields(a);
  const right = fields(b);
  return (
    left.length === right.length &&
    left.every(([key, value], i) => key === right[i]?.[0] && same(value, right[i]?.[1]))
  );
}

/** Everything but the place in the text. */
function fields(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([key]) => key !== "span")
    .sort(([x], [y]) => (x < y ? -1 : 1));
}
