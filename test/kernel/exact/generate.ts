import { isUndecidable } from "../random/features.ts";
import { generate, type RandomHost } from "../random/generate.ts";
import { respellNft, respellSave } from "../random/respell.ts";
import { Random } from "../random/seeded.ts";
import type { RulesetFile } from "../rig/ruleset-loader.ts";
import { places } from "../rig/topology.ts";
import { iptablesSplits } from "./iptables-splits.ts";
import { nftSplits } from "./nft-splits.ts";
import { newSplits } from "./splits.ts";

/** Ruleset `number` of a seed: one that tells clients and ports apart, or one of the general kind. */
export function generateSplitting(seed: number, number: number): RandomHost {
  const random = new Random(seed ^ 0xe8ac7, number);
  if (random.chance(0.3)) return decidable(seed, number);
  const s = newSplits(random, random.pick(places));
  const files: RulesetFile[] = [];
  if (random.chance(0.6)) files.push({ kind: "nft", text: respellNft(random, nftSplits(s)) });
  else {
    files.push({ kind: "iptables-save", text: respellSave(random, iptablesSplits(s, 4)) });
    files.push({ kind: "ip6tables-save", text: respellSave(random, iptablesSplits(s, 6)) });
  }
  return { on: s.on, files };
}

/** The first of the general kind, from a number on, that tests only what the files tell, and leaves addresses alone. */
function decidable(seed: number, number: number): RandomHost {
  for (let next = number; ; next += 100_000) {
    const host = generate(seed, next);
    if (!isUndecidable(host.files) && !host.files.some(({ text }) => TRANSLATION.test(text))) return host;
  }
}

/** The server knows a client's connections by the client's address. */
const TRANSLATION =
  /\b(masquerade|redirect)\b|[sd]nat (ip6? )?(prefix )?to |-j (SNAT|DNAT|MASQUERADE|REDIRECT|NETMAP)/;
