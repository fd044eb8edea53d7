import { formatV4 } from "../../model/values.ts";
import { parseAddress } from "../../syntax/iptables/address.ts";
import { parseNatPorts, parsePort } from "../../syntax/iptables/values.ts";
import { prefixLength4, savedHost, savedNetwork } from "./addresses.ts";

/** `low-high`, or one port where both are the same. */
export function savedNatPorts(range: readonly [number, number] | undefined): string | undefined {
  if (!range) return undefined;
  return range[0] === range[1] ? String(range[0]) : `${range[0]}-${range[1]}`;
}

/** `--to-destination`, `--to-source`: addresses, ports and base port, each range of one as one. */
export function savedNatTarget(text: string, family: 4 | 6): string | undefined {
  const { addresses, ports } = family === 4 ? splitV4(text) : splitV6(text);
  const host = addresses === "" ? "" : hostRange(addresses, family);
  if (host === undefined) return undefined;
  if (ports === undefined || ports === "") return host;
  const port = savedPorts(ports);
  if (port === undefined) return undefined;
  return `${family === 6 && host !== "" ? `[${host}]` : host}:${port}`;
}

function splitV4(text: string): { addresses: string; ports?: string } {
  const colon = text.indexOf(":");
  return colon < 0 ? { addresses: text } : { addresses: text.slice(0, colon), ports: text.slice(colon + 1) };
}

function splitV6(text: string): { addresses: string; ports?: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed)
    return {
      addresses: bracketed[1] ?? "",
      ...(bracketed[2] === undefined ? {} : { ports: bracketed[2] }),
    };
  return /^:[^:]/.test(text) ? { addresses: "", ports: text.slice(1) } : { addresses: text };
}

function hostRange(text: string, family: 4 | 6): string | undefined {
  const [first = "", last = first] = text.split("-");
  const ends = [savedHost(first, family), savedHost(last, family)];
  if (ends.includes(undefined)) return undefined;
  return ends[0] === ends[1] ? ends[0] : ends.join("-");
}

function savedPorts(text: string): string | undefined {
  const [range = "", base] = text.split("/");
  const ports = savedNatPorts(parseNatPorts(range));
  if (ports === undefined || base === undefined) return ports;
  const first = parsePort(base);
  return first === undefined ? undefined : `${ports}/${first}`;
}

/** NETMAP `--to`. A mask that is no prefix counts as a single address. */
export function savedNetmap(text: string, family: 4 | 6): string | undefined {
  const value = parseAddress(text, family);
  if (value.kind === "v4" && prefixLength4(value.mask) === undefined) return `${formatV4(value.address)}/32`;
  const network = savedNetwork(text, family);
  return network.kind === "network" ? network.text : undefined;
}
