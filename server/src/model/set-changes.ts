import type { Operation } from "./operation.ts";
import { both, either } from "./presence.ts";
import type { Presence } from "./rule.ts";
import type { ElementChange, NamedObject, NamedSet } from "./ruleset.ts";

/*
 * What loading does to the sets and objects of a table, as far as the listing shows it.
 */

type Objects = Map<string, NamedObject>;

/** Adding what is there changes nothing. */
export function addObject(objects: Objects, object: NamedObject): void {
  const key = `${object.kind} ${object.name}`;
  const before = objects.get(key);
  if (!before) objects.set(key, object);
  else objects.set(key, { ...before, presence: either(before.presence, object.presence) ?? "certain" });
}

export function deleteObject(objects: Objects, key: string, presence: Presence): void {
  const object = objects.get(key);
  if (!object) return;
  if (presence === "certain") objects.delete(key);
  else objects.set(key, { ...object, presence: both(object.presence, presence) });
}

/** The set with the operation noted among its changes. */
export function changed(
  set: NamedSet,
  operation: Operation & { op: "addElements" | "deleteElements" | "flushSet" | "deleteSet" },
): NamedSet {
  const { op, origin, presence } = operation;
  if (!set.listed) return set;
  if (op === "deleteSet") return presence === "certain" ? set : { ...set, presence };
  const change = op === "addElements" ? "add" : op === "deleteElements" ? "delete" : "flush";
  const listed = "listed" in operation && operation.listed ? { listed: operation.listed } : {};
  return { ...set, changes: { change, ...listed, origin, presence, before: set.changes } };
}

export function renamedFrom(now: NamedSet["chain"], from: string, to: string): (written: string) => string {
  return (written) => {
    const present = now?.(written) ?? written;
    return present === from ? to : present;
  };
}

/** Elements that are added later mean the chain that has the name then. */
export function renamedChanges(
  last: ElementChange | undefined,
  from: string,
  to: string,
): { changes?: ElementChange } {
  const all: ElementChange[] = [];
  for (let change = last; change; change = change.before) all.push(change);
  let before: ElementChange | undefined;
  for (const change of all.reverse())
    before = { ...change, chain: renamedFrom(change.chain, from, to), before };
  return before ? { changes: before } : {};
}
