import type { NatTarget } from "../../model/rule.ts";
import { bigints, numbers, type ValueSet } from "../../model/values.ts";
import { parseAddress } from "../../syntax/iptables/address.ts";
import { parsePort } from "../../syntax/iptables/values.ts";
import { addressSet } from "./address-sets.ts";

/**
 * Reads --to-destination and --to-source: `[address[-address]][:port[-port[/base]]]`, in IPv6
 * `address`, `[address]:port` or `[first-last]:port`. Returns why as text when it cannot be read.
 */
export function parseNatTarget(text: string, family: 4 | 6): NatTarget | string {
  const split = family === 4 ? splitV4(text) : splitV6(text);
  if (!split) return "the brackets around the IPv6 address are not closed";
  const { addresses, ports } = split;
  if (addresses === "" && (ports === undefined || ports === "")) return "an address or :port is expected";
  const addr = addresses === "" ? undefined : addressInterval(addresses, family);
  if (typeof addr === "string") return addr;
  const port = ports === undefined || ports === "" ? undefined : portInterval(ports);
  if (typeof port === "string") return port;
  const base = ports === undefined ? undefined : /\/(.+)$/.exec(ports)?.[1];
  const basePort = base === undefined ? undefined : parsePort(base);
  return { ...(addr && { addr }), ...(port && { port }), ...(basePort !== undefined && { basePort }) };
}

function splitV4(text: string): { addresses: string; ports?: string } {
  const colon = text.indexOf(":");
  return colon < 0 ? { addresses: text } : { addresses: text.slice(0, colon), ports: text.slice(colon + 1) };
}

function splitV6(text: string): { addresses: string; ports?: string } | undefined {
  if (!text.startsWith("["))
    return text.startsWith(":") && !text.startsWith("::")
      ? { addresses: "", ports: text.slice(1) }
      : { addresses: text };
  const close = text.indexOf("]");
  if (close < 0) return undefined;
  const rest = text.slice(close + 1);
  const addresses = text.slice(1, close);
  if (rest === "") return { addresses };
  return rest.startsWith(":") ? { addresses, ports: rest.slice(1) } : undefined;
}

function addressInterval(text: string, family: 4 | 6): ValueSet | string {
  const ends = text.split("-");
  const [first, last = first] = ends.map((end) => parseAddress(end, family));
  if (ends.length <= 2 && !text.includes("/")) {
    if (first?.kind === "v4" && last?.kind === "v4") return numbers(first.address, last.address);
    if (first?.kind === "v6" && last?.kind === "v6") return bigints(first.address, last.address);
  }
  return `an ${family === 4 ? "IPv4" : "IPv6"} address or a range first-last is expected`;
}

const PORTS_EXPECTED = "a port or a range low-high from 0 to 65535 is expected after the address";

function portInterval(text: string): ValueSet | string {
  const parts = /^([^-/]+|[^/]*?)(?:-(\d+)(?:\/(.+))?)?$/.exec(text);
  const single = parsePort(text);
  if (single !== undefined) return numbers(single);
  const low = parts ? numberOnly(parts[1]) : undefined;
  const high = numberOnly(parts?.[2]);
  if (low === undefined || high === undefined || low > high) return PORTS_EXPECTED;
  const base = parts?.[3];
  if (base !== undefined && !((parsePort(base) ?? 0) > 0))
    return "the base port after the slash runs from 1 to 65535";
  return numbers(low, high);
}

function numberOnly(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}

/** NETMAP's `--to address[/mask]`. */
export function parseNetmap(text: string, family: 4 | 6): NatTarget | undefined {
  const addr = addressSet(parseAddress(text, family));
  return addr ? { addr, netmap: true } : undefined;
}
