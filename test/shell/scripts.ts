import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Expectation } from "./compare.ts";
import type { Script } from "./rig/rig.ts";

const FOLDER = new URL("scripts/", import.meta.url);

/** How a script is called that wants to be told something: what it does then is what the interpreter follows. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "start-stop.sh": ["start"],
};

/** The scripts that learn something from outside, and what that leaves open. */
const OUTSIDE: Readonly<Record<string, Expectation>> = {};

export interface OwnScript extends Script {
  readonly expected: Expectation;
}

/** All of `scripts/NAME.sh`; what stands beside it when it is run is in `scripts/NAME/`. */
export function ownScripts(): OwnScript[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sh"));
  return names.sort().map((name) => ({ ...readScript(FOLDER, name), expected: OUTSIDE[name] ?? {} }));
}

export function readScript(folder: URL, name: string): Script {
  const beside = new URL(`${name.replace(/\.sh$/, "")}/`, folder);
  const files = existsSync(beside) ? readdirSync(beside, { recursive: true, withFileTypes: true }) : [];
  const text = (path: string | URL) => readFileSync(path, "utf8");
  return {
    name,
    text: text(new URL(name, folder)),
    args: ARGUMENTS[name] ?? [],
    files: Object.fromEntries(
      files
        .filter((file) => file.isFile())
        .map(({ parentPath, name: file }) => `${parentPath}/${file}`)
        .map((path) => [path.slice(beside.pathname.length).replace(/^\/+/, ""), text(path)]),
    ),
  };
}
