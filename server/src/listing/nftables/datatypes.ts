import { SERVICES } from "../../syntax/nftables/names.ts";
import { parseIpv4, parseIpv6, parseMac, printIpv4, printIpv6, printMac } from "./addresses.ts";
import * as names from "./symbols.ts";
import { hex, notListed, parseNumber, parseTime, printTime, quoted } from "./text.ts";

/**
 * A kind of value, as nft(8) DATA TYPES has them. Texts (interfaces, helpers) are numbers as well: their bytes from
 * the left of `bits`, so that a prefix of a name is a block of values.
 */
export interface DataType {
  readonly name: string;
  readonly bits: number;
  /** How the value lies in the kernel's registers; the order of concatenations follows from it. */
  readonly order: "network" | "host";
  readonly form: "number" | "text" | "flags";
  /** Blocks of values print as `value/length`. */
  readonly prefixes?: boolean;
  /** How many elements of a set nft puts on a line. */
  readonly perLine: number;
  print(value: bigint): string;
  /** Undefined where the text stands for no value that is known. */
  parse(text: string): bigint | undefined;
  /** The ends of a range, where they print differently (nft writes them as plain numbers). */
  printPlain?(value: bigint): string;
}

type Options = Partial<Omit<DataType, "name" | "bits">>;

function define(name: string, bits: number, options: Options = {}): DataType {
  return {
    name,
    bits,
    order: "network",
    form: "number",
    perLine: 1,
    print: (value) => String(value),
    parse: parseNumber,
    ...options,
  };
}

function named(name: string, bits: number, symbols: names.Symbols, options: Options = {}): DataType {
  const printNumber = options.print ?? ((value: bigint) => String(value));
  return define(name, bits, {
    ...options,
    print: (value) => names.nameOf(symbols, value) ?? printNumber(value),
    parse: (text) => symbols.get(text) ?? parseNumber(text),
    printPlain: printNumber,
  });
}

/** Bits with names; several are joined by the printer of the place where they stand. */
function flags(
  name: string,
  bits: number,
  symbols: names.Symbols,
  perLine: number,
  order: DataType["order"],
) {
  return define(name, bits, {
    form: "flags",
    order,
    perLine,
    print: (value) => names.nameOf(symbols, value) ?? hex(value),
    parse: (text) => symbols.get(text) ?? parseNumber(text),
  });
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function textValue(text: string, bits: number): bigint {
  const bytes = encoder.encode(text);
  if (bytes.length * 8 > bits) notListed(`what "${text}" stands for`);
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value << BigInt(bits - bytes.length * 8);
}

export function valueText(value: bigint, bits: number): string {
  const bytes: number[] = [];
  for (let shift = bits - 8; shift >= 0; shift -= 8) {
    const byte = Number((value >> BigInt(shift)) & 0xffn);
    if (byte === 0) break;
    bytes.push(byte);
  }
  return decoder.decode(new Uint8Array(bytes));
}

function text(name: string, bits: number, options: Options = {}): DataType {
  return define(name, bits, {
    form: "text",
    order: "host",
    print: (value) => quoted(valueText(value, bits)),
    parse: (written) => textValue(written, bits),
    ...options,
  });
}

const NAME_BITS = 128;

export const INTEGER = (bits: number, order: DataType["order"] = "network"): DataType =>
  define("integer", bits, { order, perLine: 5 });
/** Raw bytes. */
export const HEX = (bits: number): DataType =>
  define("integer", bits, { perLine: 5, print: (value) => hex(value) });

export const IPV4 = define("ipv4_addr", 32, {
  prefixes: true,
  perLine: 2,
  print: printIpv4,
  parse: (written) => parseIpv4(written) ?? parseNumber(written),
});
export const IPV6 = define("ipv6_addr", 128, { prefixes: true, print: printIpv6, parse: parseIpv6 });
export const ETHER = define("ether_addr", 48, {
  print: printMac,
  parse: (written) => parseMac(written) ?? parseNumber(written),
});
export const PORT = define("inet_service", 16, {
  perLine: 5,
  parse: (written) => parseNumber(written) ?? serviceOf(written),
});
export const PROTO = named("inet_proto", 8, names.PROTOCOL_NAMES, { perLine: 5 });
export const ETHER_TYPE = named("ether_type", 16, names.ETHER_TYPES, { print: (value) => hex(value, 4) });
export const NFPROTO = named("nf_proto", 8, names.NF_PROTO, { perLine: 5, order: "host" });
export const IFNAME = text("ifname", NAME_BITS, { prefixes: true });
/** An interface's number; its name stands for it here, as the number is the kernel's. */
export const IFINDEX = text("iface_index", NAME_BITS, { parse: (written) => interfaceValue(written) });
export const IFTYPE = named("iface_type", 16, names.IFACE_TYPE, { order: "host" });
export const MARK = define("mark", 32, {
  order: "host",
  prefixes: true,
  perLine: 5,
  print: (value) => hex(value, 8),
});
export const ICMP_TYPE = named("icmp_type", 8, names.ICMP_TYPE);
export const ICMP_CODE = named("icmp_code", 8, names.ICMP_CODE);
export const ICMPV6_TYPE = named("icmpv6_type", 8, names.ICMPV6_TYPE);
export const ICMPV6_CODE = named("icmpv6_code", 8, names.ICMPV6_CODE);
export const ICMPX_CODE = named("icmpx_code", 8, names.ICMPX_CODE);
export const IGMP_TYPE = named("igmp_type", 8, names.IGMP_TYPE);
export const TCP_FLAG = flags("tcp_flag", 8, names.TCP_FLAG, 5, "network");
export const CT_STATE = flags("ct_state", 32, names.CT_STATE, 2, "host");
export const CT_STATUS = flags("ct_status", 32, names.CT_STATUS, 2, "host");
export const CT_EVENT = flags("ct_event", 32, names.CT_EVENT, 1, "host");
export const CT_DIR = named("ct_dir", 8, names.CT_DIR, { perLine: 5, order: "host" });
export const CT_LABEL = define("ct_label", 128, { order: "host" });
export const PKT_TYPE = named("pkt_type", 8, names.PKT_TYPE, { perLine: 2, order: "host" });
export const FIB_ADDRTYPE = named("fib_addrtype", 32, names.FIB_ADDRTYPE, { order: "host" });
export const ARP_OP = named("arp_op", 16, names.ARP_OP, { perLine: 5 });
export const DCCP_TYPE = named("dccp_pkttype", 4, names.DCCP_TYPE, { perLine: 5 });
export const MH_TYPE = named("mh_type", 8, names.MH_TYPE);
export const DSCP = named("dscp", 6, names.DSCP, { print: (value) => hex(value, 2) });
export const ECN = named("ecn", 2, names.ECN);
export const BOOLEAN = named("boolean", 1, names.BOOLEAN, { order: "host" });
export const UID = define("uid", 32, { order: "host", perLine: 5, parse: (written) => userOf(written) });
export const GID = define("gid", 32, { order: "host", perLine: 5, parse: (written) => userOf(written) });
export const REALM = named("realm", 32, names.REALMS, { order: "host", print: (value) => String(value) });
export const DEVGROUP = groups();
export const CLASSID = define("classid", 32, {
  order: "host",
  perLine: 5,
  print: printClassId,
  parse: parseClassId,
});
export const CGROUP = define("cgroupsv2", 64, { order: "host" });
/** Milliseconds here. */
export const TIME = define("time", 64, {
  order: "host",
  print: printTime,
  parse: parseTime,
  printPlain: (value) => `${value / 1000n}s`,
});
export const DAY = named("day", 8, names.DAYS, { order: "host", print: (value) => String(value) });
export const HOUR = define("hour", 32, { order: "host", print: printHour, parse: parseHour });
export const DATE = define("date", 64, { order: "host", print: printDate, parse: parseDate });
export const OSF_NAME = text("string", NAME_BITS);
export const HELPER = text("string", NAME_BITS);
export const IFKIND = text("ifkind", NAME_BITS);

/** Types by the names that `type …` of a set has. */
export const TYPES: ReadonlyMap<string, DataType> = new Map(
  [
    IPV4,
    IPV6,
    ETHER,
    PORT,
    PROTO,
    ETHER_TYPE,
    NFPROTO,
    IFNAME,
    IFINDEX,
    IFTYPE,
    MARK,
    ICMP_TYPE,
    ICMP_CODE,
    ICMPV6_TYPE,
    ICMPV6_CODE,
    ICMPX_CODE,
    IGMP_TYPE,
    TCP_FLAG,
    CT_STATE,
    CT_STATUS,
    CT_DIR,
    PKT_TYPE,
    FIB_ADDRTYPE,
    ARP_OP,
    DCCP_TYPE,
    MH_TYPE,
    DSCP,
    ECN,
    BOOLEAN,
    UID,
    GID,
    REALM,
    DEVGROUP,
    CLASSID,
    TIME,
    DAY,
    HOUR,
    DATE,
  ].map((type) => [type.name, type]),
);

function groups(): DataType {
  return {
    ...named("devgroup", 32, names.DEVICE_GROUPS, { order: "host" }),
    print: (value) => (value === 0n ? '"default"' : String(value)),
  };
}

function serviceOf(written: string): bigint | undefined {
  const port = SERVICES.get(written);
  return port === undefined ? undefined : BigInt(port);
}

function interfaceValue(written: string): bigint {
  if (written === "1") return textValue("lo", NAME_BITS);
  if (/^\d+$/.test(written)) return textValue(written, NAME_BITS);
  return textValue(written, NAME_BITS);
}

/** Only root has the same number everywhere. */
function userOf(written: string): bigint | undefined {
  return written === "root" ? 0n : parseNumber(written);
}

function printClassId(value: bigint): string {
  if (value === 0xffffffffn) return "root";
  if (value === 0n) return "none";
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}

function parseClassId(written: string): bigint | undefined {
  if (written === "root") return 0xffffffffn;
  if (written === "none") return 0n;
  const parts = /^([0-9a-fA-F]{0,4}):([0-9a-fA-F]{0,4})$/.exec(written);
  if (!parts) return parseNumber(written);
  return (BigInt(`0x${parts[1] || "0"}`) << 16n) | BigInt(`0x${parts[2] || "0"}`);
}

function printHour(value: bigint): string {
  const part = (size: bigint, modulus: bigint) => String((value / size) % modulus).padStart(2, "0");
  const seconds = value % 60n === 0n ? "" : `:${part(1n, 60n)}`;
  return quoted(`${part(3600n, 24n)}:${part(60n, 60n)}${seconds}`);
}

/** The kernel counts in UTC; nft reads and prints in the local zone, so that the text stays what it was. */
function parseHour(written: string): bigint | undefined {
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(written);
  if (!parts) return undefined;
  return BigInt(Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0));
}

function printDate(value: bigint): string {
  return quoted(new Date(Number(value) * 1000).toISOString().slice(0, 19).replace("T", " "));
}

function parseDate(written: string): bigint | undefined {
  const date = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}(?::\d{2})?))?$/.exec(written);
  if (!date) return undefined;
  const time = Date.parse(`${date[1]}T${date[2] ?? "00:00"}Z`);
  return Number.isNaN(time) ? undefined : BigInt(time / 1000);
}
