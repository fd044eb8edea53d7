import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import type { Script } from "../rig/rig.ts";
import { readScript } from "../scripts.ts";

/** Scripts in which the interpreter once was wrong, each as small as it can be. */
const FOLDER = new URL("../found/", import.meta.url);

export function foundScripts(): Script[] {
  if (!existsSync(FOLDER)) return [];
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".sh"));
  return names.sort().map((name) => readScript(FOLDER, name));
}

/** Keeps a script and the files beside it. */
export function keep({ name, text, files = {} }: Script): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(name, FOLDER), text);
  if (Object.keys(files).length === 0) return;
  const beside = new URL(`${name.replace(/\.sh$/, "")}/`, FOLDER);
  mkdirSync(beside, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(new URL(file, beside), content);
}
