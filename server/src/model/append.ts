/** Adds all items; unlike `push(...items)` it has no limit on their number. */
export function append<T>(target: T[], items: Iterable<T>): void {
  for (const item of items) target.push(item);
}
