import type { IpsetElement } from "../../model/ipset.ts";
import { name, namePrefix, numbers, type ValueSet } from "../../model/values.ts";
import { protocolNumber } from "../../syntax/iptables/protocols.ts";
import { parseInteger, parsePort } from "../../syntax/iptables/values.ts";
import { addresses, around, net, nets, parseRange } from "./address.ts";
import type { IpsetShape } from "./type.ts";

/** What stands in one entry: `bad` cannot be read and is refused, `fact` says what it depends on. */
export type ReadElement = readonly IpsetElement[] | "bad" | { readonly fact: string };

interface Part {
  readonly values: readonly ValueSet[];
  readonly prefix?: number;
  readonly icmp?: boolean;
}

const TCP = 6;
const UDP = 17;
/** Protocols whose ports are ports; of the others ipset keeps the type or nothing. */
const WITH_PORTS = [TCP, UDP, 132, 136];
const ICMP = [1, 58];

/** `10.0.0.0/24,tcp:21` as the set's type has it. */
export function readElement(text: string, shape: IpsetShape, nomatch: boolean): ReadElement {
  const { parts } = shape.type;
  if (parts[0] === "set") return [{ values: [], prefixes: [], nomatch: false, member: text }];
  // Nothing of FTP depends on them: the model knows no MAC addresses.
  if (parts.includes("mac")) return [];
  const texts = text.split(",");
  if (texts.length !== parts.length) return "bad";
  let elements: IpsetElement[] = [{ values: [], prefixes: [], nomatch }];
  for (const [i, part] of parts.entries()) {
    const read = readPart(part, texts[i]!, shape);
    if (read === "bad" || "fact" in read) return read;
    elements = elements.flatMap((one) => read.map((piece) => joined(one, piece)));
  }
  return elements;
}

function joined(element: IpsetElement, { values, prefix, icmp }: Part): IpsetElement {
  return {
    ...element,
    values: [...element.values, ...values],
    prefixes: prefix === undefined ? element.prefixes : [...element.prefixes, prefix],
    ...(icmp && { icmp }),
  };
}

function readPart(
  part: IpsetShape["type"]["parts"][number],
  text: string,
  shape: IpsetShape,
): readonly Part[] | "bad" | { readonly fact: string } {
  switch (part) {
    case "ip":
    case "net":
      return readAddress(part, text, shape);
    case "port":
      return readPorts(text, shape);
    case "iface": {
      const interfaceName = text.replace(/^physdev:/, "");
      if (interfaceName !== text) return { fact: `the bridge port ${interfaceName}` };
      return [{ values: [text.endsWith("+") ? namePrefix(text.slice(0, -1)) : name(text)] }];
    }
    case "mark": {
      const mark = parseInteger(text, 0xffffffff);
      return mark === undefined ? "bad" : [{ values: [numbers(mark)] }];
    }
    default:
      return [{ values: [] }];
  }
}

function readAddress(part: "ip" | "net", text: string, shape: IpsetShape): ReturnType<typeof readPart> {
  const family = shape.type.family ?? 4;
  const range = parseRange(text, family);
  if (range === "bad") return "bad";
  if (range === "name") return { fact: `the address of ${text}` };
  if (part === "ip") {
    const { netmask } = shape;
    const whole =
      netmask === undefined
        ? range
        : { low: around(range.low, netmask, family).low, high: around(range.high, netmask, family).high };
    if (isOutside(shape, whole)) return "bad";
    return [{ values: [addresses(whole, family)] }];
  }
  const found = nets(range, family);
  // The kernel has no entry for all addresses but in the types with an interface (ipset(8)).
  if (found.some(({ length }) => length === 0) && !shape.type.parts.includes("iface")) return "bad";
  return found.map(({ address, length }) => ({ values: [net(address, length, family)], prefix: length }));
}

function isOutside({ range }: IpsetShape, { low, high }: { low: bigint; high: bigint }): boolean {
  return range !== undefined && "low" in range && (low < range.low || high > range.high);
}

function readPorts(text: string, shape: IpsetShape): ReturnType<typeof readPart> {
  const colon = text.indexOf(":");
  const protocol = colon < 0 ? TCP : protocolNumber(text.slice(0, colon));
  const ports = text.slice(colon + 1);
  if (protocol === undefined) return "bad";
  if (ICMP.includes(protocol)) return [{ values: [numbers(protocol), numbers(0, -1)], icmp: true }];
  if (!WITH_PORTS.includes(protocol)) return [{ values: [numbers(protocol), numbers(0, -1)] }];
  const range = parsePorts(ports);
  if (range === undefined) return /^[\d-]*$/.test(ports) ? "bad" : { fact: `the port of ${ports}` };
  const bitmap = shape.type.name === "bitmap:port";
  const values = numbers(...range);
  if (shape.range && "bounds" in shape.range && !values.isSubsetOf(shape.range)) return "bad";
  // A bitmap of ports does not look at which of the two protocols it is (ip_set_get_ip_port).
  return [{ values: [bitmap ? numbers(TCP).union(numbers(UDP)) : numbers(protocol), values] }];
}

function parsePorts(text: string): [number, number] | undefined {
  const whole = parsePort(text);
  if (whole !== undefined) return [whole, whole];
  const dash = text.indexOf("-");
  if (dash < 0) return undefined;
  const low = parsePort(text.slice(0, dash));
  const high = parsePort(text.slice(dash + 1));
  if (low === undefined || high === undefined) return undefined;
  return low <= high ? [low, high] : [high, low];
}
