import { InvalidArgumentError } from "commander";
import type { Mode, Role } from "../ftp/scenario.ts";
import { MODES, ROLES } from "../ftp/scenario.ts";
import type { Addresses } from "../ftp/simulate.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import { parseV4, parseV6 } from "../model/values.ts";
import { parsePortRange } from "../settings.ts";
import type { Dialect } from "../syntax/dialect.ts";

/** Parsers of option values for commander: each gives the value or throws InvalidArgumentError with what is wanted. */

export function portRange(text: string): IntervalSet<number> {
  const ports = parsePortRange(text);
  if (!ports) throw new InvalidArgumentError("Write a range of ports such as 50000-51000.");
  return ports;
}

export function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 65535) throw new InvalidArgumentError("Write a port from 1 to 65535.");
  return value;
}

export function portOrAny(text: string): number | "any" {
  if (text === "any") return "any";
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("Write a port from 1 to 65535, or any.");
  return port(text);
}

/** `ADDR[,ADDR6]`: at most one address of each IP version, in either order. */
export function addresses(text: string): Addresses {
  const found: { 4?: number; 6?: bigint } = {};
  for (const part of text.split(",")) {
    const v4 = parseV4(part.trim());
    const v6 = v4 === undefined ? parseV6(part.trim()) : undefined;
    if (v4 === undefined && v6 === undefined) throw new InvalidArgumentError(`“${part}” is no IP address.`);
    if (v4 !== undefined ? found[4] !== undefined : found[6] !== undefined) {
      throw new InvalidArgumentError("Write at most one IPv4 and one IPv6 address.");
    }
    if (v4 !== undefined) found[4] = v4;
    else found[6] = v6;
  }
  return found;
}

/** Linux allows 1 to 15 characters, neither slash nor blank. */
export function interfaceName(text: string): string {
  if (!/^[^\s/]{1,15}$/.test(text))
    throw new InvalidArgumentError("Write the name of a network interface, such as eth0.");
  return text;
}

export function modes(text: string): Mode[] {
  return listOf(text, MODES);
}

/** Repeatable: joins what came before. */
export function roles(text: string, before: readonly Role[] = []): Role[] {
  const all = [...before, ...listOf(text, ROLES)];
  return ROLES.filter((role) => all.includes(role));
}

function listOf<T extends string>(text: string, allowed: readonly T[]): T[] {
  const parts = text.split(",").map((part) => part.trim());
  const wrong = parts.find((part) => !allowed.some((one) => one === part));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`“${wrong}” is none of ${allowed.join(", ")}.`);
  }
  return allowed.filter((one) => parts.includes(one));
}

export const DIALECTS: readonly Dialect[] = ["nft", "iptables-save", "shell"];

/** `--family`: which program an iptables file is for. */
export function family(text: string): 4 | 6 {
  const found = ({ ipv4: 4, "4": 4, ipv6: 6, "6": 6 } as const)[text];
  if (!found) throw new InvalidArgumentError("Write ipv4 or ipv6.");
  return found;
}

/** A 227 reply has room for an IPv4 address only. */
export function announcedAddress(text: string): Addresses {
  const address = parseV4(text.trim());
  if (address === undefined) throw new InvalidArgumentError("Write an IPv4 address.");
  return { 4: address };
}

/** The option that names FTP servers' configuration, for every command that judges rules. */
export const SERVER_CONFIG: [flags: string, description: string, add: typeof added, initial: string[]] = [
  "--server-config <FILE>",
  "the FTP server's configuration: vsftpd.conf, proftpd.conf, pure-ftpd.conf (repeatable; check and fix find what lies beside the rules)",
  added,
  [],
];

function added(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
