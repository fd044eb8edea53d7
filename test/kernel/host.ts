import { readFileSync } from "node:fs";
import type { Case } from "./cases.ts";
import type { RulesetFile, RulesetKind } from "./rig/ruleset-loader.ts";
import { type Addresses, type GatewayInterfaces, type Place, serverAddress } from "./rig/topology.ts";

export const usualInterfaces = { client: "lan0", server: "wan0" } as const;

/** A firewall: its files and where it stands. */
export interface Host {
  readonly on: Place;
  readonly files: readonly RulesetFile[];
  readonly interfaces: GatewayInterfaces;
  readonly connectTo: Addresses;
  readonly controlPort: number;
}

/** Reads a case's files. */
export function hostOf(one: Case): Host {
  return {
    on: one.on,
    files: one.files.map((name) => readRuleset(folderOf(one), name)),
    interfaces: one.interfaces ?? usualInterfaces,
    connectTo: one.connectTo ?? serverAddress,
    controlPort: one.controlPort ?? 21,
  };
}

function folderOf(one: Case): URL {
  const path = one.example === undefined ? `rulesets/${one.on}/` : `../../examples/${one.on}/${one.example}/`;
  return new URL(path, import.meta.url);
}

function readRuleset(folder: URL, name: string): RulesetFile {
  return { kind: kindOf(name), text: readFileSync(new URL(name, folder), "utf8") };
}

function kindOf(name: string): RulesetKind {
  if (name.endsWith(".nft") || name === "nftables.conf") return "nft";
  if (name.endsWith(".sh")) return "shell";
  return name.endsWith(".v6") ? "ip6tables-save" : "iptables-save";
}
