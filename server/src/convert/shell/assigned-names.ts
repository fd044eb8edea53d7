import type { ShellFile } from "../../syntax/shell/shell-file.ts";

const assigned = new WeakMap<ShellFile, ReadonlySet<string>>();

/** Names that stand before an assignment of any kind: `X=`, `X+=`, `X[1]=`, `X++`, `read X`, `for X`. */
export function assignedIn(file: ShellFile): ReadonlySet<string> {
  let names = assigned.get(file);
  if (names === undefined) {
    const written = file.source.matchAll(/\b([A-Za-z_]\w*)(?=(?:\[[^\]\n]*\])?\s*[-+*/%]?=(?!=)|\+\+|--)/g);
    names = new Set([...written].map(([, name]) => name!));
    assigned.set(file, names);
  }
  return names;
}
