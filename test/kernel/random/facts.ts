import type { Place } from "../rig/topology.ts";
import type { Random } from "./seeded.ts";

/**
 * Values that rules are made of: those that the packets of the rig's sessions have, their neighbours, and some that
 * none has, so that random tests split the sessions instead of missing them all.
 */
export type Version = 4 | 6;

export const CLIENT = { 4: "10.1.0.2", 6: "fd01::2" } as const;
export const SERVER = { 4: "10.2.0.2", 6: "fd02::2" } as const;

const ADDRESSES = {
  4: [CLIENT[4], SERVER[4], CLIENT[4], SERVER[4], "10.1.0.1", "192.0.2.7"],
  6: [CLIENT[6], SERVER[6], CLIENT[6], SERVER[6], "fd01::1", "2001:db8::7"],
} as const;

const PREFIXES = {
  4: ["10.1.0.0/24", "10.2.0.0/24", "10.0.0.0/8", "10.1.0.0/30", "10.2.0.0/15", "192.0.2.0/24"],
  6: ["fd01::/64", "fd02::/64", "fd00::/8", "fd01::/126", "fd02::/15", "2001:db8::/32"],
} as const;

const RANGES = {
  4: [
    ["10.1.0.2", "10.1.0.9"],
    ["10.1.0.1", "10.2.0.1"],
    ["10.2.0.0", "10.2.0.255"],
    ["192.0.2.1", "192.0.2.9"],
  ],
  6: [
    ["fd01::2", "fd01::9"],
    ["fd01::1", "fd02::1"],
    ["fd02::", "fd02::ff"],
    ["2001:db8::1", "2001:db8::9"],
  ],
} as const;

export const PASSIVE = 50060;

const PORTS = [21, 21, 21, 20, 20, PASSIVE, PASSIVE, 22, 80, 2121];
const PORT_RANGES = [
  [1024, 65535],
  [50000, 50100],
  [40000, 40100],
  [1, 1023],
  [20, 21],
  [45000, 46999],
  [0, 49999],
] as const;

export function anyAddress(random: Random, version: Version): string {
  return random.pick(ADDRESSES[version]);
}

export function anyPrefix(random: Random, version: Version): string {
  return random.pick(PREFIXES[version]);
}

export function anyAddressRange(random: Random, version: Version): readonly [string, string] {
  return random.pick<readonly [string, string]>(RANGES[version]);
}

/** A port of the sessions most of the time. Source ports of the client are random, so ranges stand for them. */
export function anyPort(random: Random): number {
  return random.pick(PORTS);
}

export function anyPortRange(random: Random): readonly [number, number] {
  return random.pick<readonly [number, number]>(PORT_RANGES);
}

/** Names of interfaces: those of the host that the ruleset is for, mostly. */
export function interfacesOf(on: Place): readonly string[] {
  return on === "gateway" ? ["lan0", "wan0"] : ["eth0"];
}

export function anyInterface(random: Random, on: Place): string {
  return random.chance(0.85) ? random.pick(interfacesOf(on)) : random.pick(["lo", "eth7", "wlan0"]);
}

/** The hooks that a session's packets meet on a host, besides prerouting and postrouting. */
export function filterHooks(on: Place): readonly ("input" | "forward" | "output")[] {
  return on === "gateway" ? ["forward"] : ["input", "output"];
}
