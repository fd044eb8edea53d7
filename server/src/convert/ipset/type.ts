import type { IntervalSet } from "../../model/interval-set.ts";
import type { IpsetChange, IpsetPart, IpsetType } from "../../model/ipset.ts";
import { numbers } from "../../model/values.ts";
import { type AddressRange, parseRange } from "./address.ts";

/** A set's type with what its options say of the entries, as it is needed to read these. */
export interface IpsetShape {
  readonly type: IpsetType;
  /** hash:ip,… with `netmask`: every address stands for its net. */
  readonly netmask?: number;
  /** bitmap:ip and bitmap:port hold nothing outside of it; the kernel refuses it. */
  readonly range?: AddressRange | IntervalSet<number>;
  /** Entries expire unless they say otherwise. */
  readonly expires: boolean;
}

/** ipset's names of before version 5, and its own short ones. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  iphash: "hash:ip",
  nethash: "hash:net",
  ipporthash: "hash:ip,port",
  ipportiphash: "hash:ip,port,ip",
  ipportnethash: "hash:ip,port,net",
  netporthash: "hash:net,port",
  netifacehash: "hash:net,iface",
  iptree: "hash:ip",
  iptreemap: "hash:ip",
  ipmap: "bitmap:ip",
  macipmap: "bitmap:ip,mac",
  portmap: "bitmap:port",
  setlist: "list:set",
};

const PARTS: readonly string[] = ["ip", "net", "port", "iface", "mark", "mac", "set"];

/** Options of `create` with a value; the others stand alone. */
const WITH_VALUE = new Set([
  ...["family", "range", "from", "to", "network", "netmask", "bitmask", "timeout", "hashsize", "maxelem"],
  ...["markmask", "bucketsize", "initval", "size", "probes", "resize", "gc", "ip"],
]);
/** They do not matter for whether the same set can be created again (measured). */
const FREE = new Set(["hashsize", "initval", "bucketsize"]);

/** What the words behind `create NAME` mean; the reason as a string where that is not known. */
export function readCreate(
  set: string,
  words: readonly string[],
  exist: boolean,
): { readonly change: IpsetChange; readonly shape: IpsetShape } | string {
  const [typeName = "", ...rest] = words;
  const name = Object.hasOwn(OLD_NAMES, typeName) ? OLD_NAMES[typeName]! : typeName;
  const parts = name.slice(name.indexOf(":") + 1).split(",");
  if (!/^(?:hash|bitmap|list):/.test(name) || !parts.every(isPart))
    return `the type ${typeName} of the ipset`;
  const options = readOptions(rest);
  const family = options.get("family") ?? "inet";
  const hasAddress = parts.some((part) => part === "ip" || part === "net") || name === "hash:ip,mark";
  const type: IpsetType = hasAddress ? { name, parts, family: /6/.test(family) ? 6 : 4 } : { name, parts };
  const signature = `${name} ${[...options]
    .filter(([key]) => !FREE.has(key) && key !== "family")
    .map((pair) => pair.join(" "))
    .sort()
    .join(" ")} ${type.family ?? ""}`;
  const netmask = options.get("netmask");
  const range = rangeOf(type, options);
  const shape: IpsetShape = {
    type,
    ...(netmask !== undefined && { netmask: Number(netmask) }),
    ...(range && { range }),
    expires: Number(options.get("timeout") ?? 0) !== 0,
  };
  return { change: { do: "create", set, type, signature, exist }, shape };
}

function isPart(text: string): text is IpsetPart {
  return PARTS.includes(text);
}

function readOptions(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!.replace(/^--/, "");
    if (word === "-6" || word === "-4") options.set("family", word === "-6" ? "inet6" : "inet");
    else if (WITH_VALUE.has(word)) options.set(word, words[++i] ?? "");
    else options.set(word, "");
  }
  return options;
}

function rangeOf(type: IpsetType, options: ReadonlyMap<string, string>): IpsetShape["range"] {
  if (!type.name.startsWith("bitmap:")) return undefined;
  const from = options.get("from");
  const text =
    options.get("range") ??
    options.get("network") ??
    (from === undefined ? undefined : `${from}-${options.get("to") ?? from}`);
  if (text === undefined) return undefined;
  if (type.parts[0] !== "port") {
    const range = parseRange(text, 4);
    return typeof range === "object" ? range : undefined;
  }
  const [low, high = low] = text.split("-").map(Number);
  return low === undefined || Number.isNaN(low) || Number.isNaN(high) ? undefined : numbers(low, high);
}
