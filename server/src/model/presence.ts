import type { Presence } from "./rule.ts";

/** Both presences hold. */
export function both(a: Presence, b: Presence): Presence {
  return a === "certain" ? b : a;
}

/** One of the presences holds; certain is not stored. */
export function either(a: Presence | undefined, b: Presence): Presence | undefined {
  return a === undefined || a === "certain" || b === "certain" ? undefined : a;
}
