import { readFileSync } from "node:fs";
import type { SimulateOptions } from "../../server/src/service.ts";
import type { Ruleset } from "./cases.ts";
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
  readonly session?: SessionKind;
  readonly configured?: boolean;
  readonly configuredRange?: readonly [first: number, last: number];
  readonly switchedOn?: readonly string[];
}

/** How client and server talk, where it is not the plain session: what the simulator is told of it. */
export type SessionKind = Pick<
  SimulateOptions,
  "tls" | "pasvAddress" | "announced" | "commands" | "dataPort" | "passivePorts" | "server"
>;

/** Reads a ruleset's files. */
export function hostOf(one: Ruleset): Host {
  return {
    on: one.on,
    files: one.files.map((name) => readRuleset(folderOf(one), name, one.arguments)),
    interfaces: one.interfaces ?? usualInterfaces,
    connectTo: one.connectTo ?? serverAddress,
    controlPort: one.controlPort ?? 21,
    session: one.session,
    configured: one.configured,
    configuredRange: one.configuredRange,
    switchedOn: one.switchedOn,
  };
}

function folderOf(one: Ruleset): URL {
  let path = `rulesets/${one.on}/`;
  if (one.isScript) path = `scripts/${one.on}/`;
  if (one.failureMode !== undefined) path = `failure-modes/${one.failureMode}/`;
  if (one.example !== undefined) path = `../../examples/${one.on}/${one.example}/`;
  return new URL(path, import.meta.url);
}

function readRuleset(folder: URL, name: string, given?: readonly string[]): RulesetFile {
  const text = readFileSync(new URL(name, folder), "utf8");
  return { kind: kindOf(name), text, ...(given && { arguments: given }) };
}

function kindOf(name: string): RulesetKind {
  if (name.endsWith(".nft") || name === "nftables.conf") return "nft";
  if (name.endsWith(".sh")) return "shell";
  return name.endsWith(".v6") ? "ip6tables-save" : "iptables-save";
}
