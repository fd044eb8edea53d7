import type { SessionKind } from "../host.ts";
import type { RulesetFile } from "../rig/ruleset-loader.ts";
import { type Addresses, type GatewayInterfaces, type Place, places } from "../rig/topology.ts";
import { iptablesNatRuleset, iptablesRuleset } from "./iptables-ruleset.ts";
import { anyScene, anySession } from "./nat-scene.ts";
import { nftNatRuleset, nftRuleset, type Purpose } from "./nft-ruleset.ts";
import { respellNft, respellSave } from "./respell.ts";
import { Random } from "./seeded.ts";
import type { NatWriter, Writer } from "./writer.ts";

/** A firewall that nobody chose. */
export interface RandomHost {
  readonly on: Place;
  readonly files: readonly RulesetFile[];
  /** What the client dials; the server's port 21 unless told otherwise. */
  readonly connectTo?: Addresses;
  readonly controlPort?: number;
  readonly session?: SessionKind;
  /** A gateway's, where they are not the usual two. */
  readonly interfaces?: GatewayInterfaces;
}

export interface GenerateOptions {
  /** Only iptables files, for one backend or the other. */
  readonly iptablesOnly?: boolean;
  /** Where the firewall stands; anywhere unless told. */
  readonly on?: Place;
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

/** Sets the stream of rulesets with NAT apart from the others of a seed. */
const NAT_STREAM = 0x4e41_5400;

/** Ruleset `number` of a seed's rulesets with NAT; mostly for gateways. */
export function generateNat(seed: number, number: number, options: GenerateOptions = {}): RandomHost {
  const random = new Random(seed ^ NAT_STREAM, number);
  const anywhere = random.weighted<Place>([
    [84, "gateway"],
    [8, "server"],
    [8, "client"],
  ]);
  const on = options.on ?? anywhere;
  const nat = anyScene(random, on);
  const w: NatWriter = { random, on, undecidable: random.chance(0.07), nat };
  const kind = random.weighted([
    [options.iptablesOnly ? 0 : 50, "nft"],
    [38, "iptables"],
    [options.iptablesOnly ? 0 : 12, "both"],
  ] as const);
  const [nft, iptables] = purposes(random, kind === "both");
  const files: RulesetFile[] = [];
  if (kind !== "iptables") files.push({ kind: "nft", text: respellNft(random, nftNatRuleset(w, nft)) });
  if (kind !== "nft") {
    files.push(saveFile(w, 4, iptables));
    if (random.chance(0.85)) files.push(saveFile(w, 6, iptables));
  }
  if (kind === "both" && random.chance(0.5)) files.reverse();
  const host = { on, files, connectTo: nat.dialled, controlPort: nat.dialledPort };
  const session = anySession(random, nat, on);
  return {
    ...host,
    ...(session === undefined ? {} : { session }),
    ...(nat.serverSide === "lan0" ? { interfaces: { client: "lan0", server: "lan0" } } : {}),
  };
}

/** What the file of nft and those of iptables are for, where there are both, and otherwise the only ones. */
function purposes(random: Random, both: boolean): [nft: Purpose, iptables: Purpose] {
  if (!both) {
    const purpose = { translates: true, filters: random.chance(0.8) };
    return [purpose, purpose];
  }
  const nft = { translates: random.chance(0.6), filters: random.chance(0.6) };
  return [
    nft,
    { translates: !nft.translates || random.chance(0.15), filters: !nft.filters || random.chance(0.15) },
  ];
}

function saveFile(w: NatWriter, version: 4 | 6, purpose: Purpose): RulesetFile {
  const kind = version === 4 ? "iptables-save" : "ip6tables-save";
  return { kind, text: respellSave(w.random, iptablesNatRuleset(w, version, purpose)) };
}
