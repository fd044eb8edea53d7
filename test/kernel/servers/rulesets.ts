import { readFileSync } from "node:fs";
import type { RulesetFile } from "../rig/ruleset-loader.ts";
import type { Place } from "../rig/topology.ts";

/** The rulesets that every server and client are tried with: what they are in words, and their files. */
export const tried = {
  "no firewall": { on: "server", file: undefined },
  "server, helper": { on: "server", file: "output-related.nft" },
  "server, passive range and port 20": { on: "server", file: "ftps-20-out.nft" },
  "client, helper": { on: "client", file: "closed-tracked.nft" },
} as const satisfies Record<string, { readonly on: Place; readonly file: string | undefined }>;
export type TriedName = keyof typeof tried;
export const triedNames = Object.keys(tried) as TriedName[];

export function filesOf(ruleset: TriedName): readonly RulesetFile[] {
  const { on, file } = tried[ruleset];
  if (file === undefined) return [];
  return [{ kind: "nft", text: readFileSync(new URL(`../rulesets/${on}/${file}`, import.meta.url), "utf8") }];
}
