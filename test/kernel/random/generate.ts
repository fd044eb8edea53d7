import type { RulesetFile } from "../rig/ruleset-loader.ts";
import { type Place, places } from "../rig/topology.ts";
import { iptablesRuleset } from "./iptables-ruleset.ts";
import { nftRuleset } from "./nft-ruleset.ts";
import { respellNft, respellSave } from "./respell.ts";
import { Random } from "./seeded.ts";
import type { Writer } from "./writer.ts";

/** A firewall that nobody chose. */
export interface RandomHost {
  readonly on: Place;
  readonly files: readonly RulesetFile[];
}

export interface GenerateOptions {
  /** Only iptables files, for one backend or the other. */
  readonly iptablesOnly?: boolean;
}

/** Ruleset `number` of a seed; the same on every machine. */
export function generate(seed: number, number: number, options: GenerateOptions = {}): RandomHost {
  const random = new Random(seed, number);
  const w: Writer = { random, on: random.pick(places), undecidable: random.chance(0.15) };
  const kind = options.iptablesOnly
    ? "iptables"
    : random.weighted([
        [50, "nft"],
        [36, "iptables"],
        [14, "both"],
      ] as const);
  const files: RulesetFile[] = [];
  if (kind !== "iptables") files.push({ kind: "nft", text: respellNft(random, nftRuleset(w)) });
  if (kind !== "nft") files.push(...iptablesFiles(w));
  if (kind === "both" && random.chance(0.5)) files.reverse();
  return { on: w.on, files };
}

function iptablesFiles(w: Writer): RulesetFile[] {
  const files: RulesetFile[] = [];
  if (w.random.chance(0.9))
    files.push({ kind: "iptables-save", text: respellSave(w.random, iptablesRuleset(w, 4)) });
  if (files.length === 0 || w.random.chance(0.7)) {
    files.push({ kind: "ip6tables-save", text: respellSave(w.random, iptablesRuleset(w, 6)) });
  }
  return files;
}
