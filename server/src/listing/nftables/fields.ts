import type { Selector } from "../../syntax/nftables/tree.ts";
import * as T from "./datatypes.ts";
import { CT, EXTENSION_FIELDS, HEADERS, type Layer, META } from "./headers.ts";
import { notListed } from "./text.ts";

/** What of a packet or connection is looked at, as nft prints it. */
export interface Field {
  readonly text: string;
  readonly type: T.DataType;
  /** Of a header: its layer and name, and where the field lies in it (in bits). */
  readonly layer?: Layer;
  readonly header?: string;
  readonly offset?: number;
  readonly bits?: number;
  /** What it implies is asked "in front" of the rule, or not at all ("anywhere"). */
  readonly elsewhere?: "in front" | "anywhere";
  /** It says which header the given layer has. */
  readonly names?: Layer;
}

/** What is known of the packet's headers at some point of a rule. */
export interface Headers {
  readonly ll?: string;
  readonly nh?: string;
  readonly th?: string;
}

/** The field behind a selector; those with a selector inside (jhash) are not here. */
export function fieldOf(selector: Selector, known: Headers): Field {
  const { key } = selector;
  if (key === "raw") return rawField(selector.argument ?? "", known);
  if (key === "fib") return fibField(selector.argument ?? "");
  const space = key.indexOf(" ");
  const head = space < 0 ? key : key.slice(0, space);
  const rest = key.slice(space + 1);
  if (head === "meta") return metaField(rest);
  if (head === "ct") return connectionField(selector, rest, known);
  if (rest === "option") return optionField(head, words(selector.argument));
  if (key === "sctp chunk option") return chunkField(words(selector.argument));
  return headerField(head, rest, known) ?? otherField(selector, head, rest, known);
}

function words(text: string | undefined): string {
  return (text ?? "").replace(/\s+/g, " ").replace(/\s*,\s*/g, ",");
}

const ALIASES: Readonly<Record<string, string>> = {
  "vlan cfi": "dei",
  "icmpv6 packet-too-big": "packet-too-big",
};

function headerField(name: string, part: string, known: Headers): Field | undefined {
  if (name === "arp") part = part.replace(/^arp /, "");
  const header = HEADERS.get(name);
  const field = header?.fields.get(part);
  if (!header || !field) return undefined;
  if (name === "th" && known.th !== undefined && !hasPorts(known.th))
    notListed(`how nft prints ports of ${known.th}`);
  const printed = name === "th" && known.th !== undefined && hasPorts(known.th) ? known.th : name;
  return {
    text: `${printed} ${ALIASES[`${name} ${part}`] ?? part}`,
    type: field.type,
    layer: header.layer,
    header: printed,
    offset: field.offset,
    bits: field.bits,
    ...namesOf(name, part),
  };
}

function hasPorts(header: string): boolean {
  return HEADERS.get(header)?.fields.has("dport") ?? false;
}

function namesOf(header: string, part: string): { names?: Layer } {
  if ((header === "ip" && part === "protocol") || (header === "ip6" && part === "nexthdr"))
    return { names: "th" };
  return part === "type" && (header === "ether" || header === "vlan") ? { names: "nh" } : {};
}

const META_NAMES: Readonly<Record<string, Layer>> = {
  l4proto: "th",
  nfproto: "nh",
  protocol: "nh",
  iiftype: "ll",
};

const META_ALIASES: Readonly<Record<string, string>> = {
  secpath: "ipsec",
  ibridgename: "ibrname",
  obridgename: "obrname",
};

function metaField(written: string): Field {
  const key = META_ALIASES[written] ?? written;
  const meta = META.get(key) ?? notListed(`how nft prints "meta ${key}"`);
  return {
    text: meta.bare ? key : `meta ${key}`,
    type: meta.type,
    ...(META_NAMES[key] && { names: META_NAMES[key] }),
  };
}

/** Of these the direction is not printed: both have the same. */
const WITHOUT_DIRECTION = new Set(["l3proto", "protocol"]);

function connectionField(selector: Selector, written: string, known: Headers): Field {
  const [first, second] = written.split(" ");
  const family = first === "ip" || first === "ip6" ? first : undefined;
  const key = family ? (second ?? "") : (first ?? "");
  if (key === "saddr" || key === "daddr") {
    const version = family ?? (known.nh === "ip6" ? "ip6" : "ip");
    return {
      text: `ct ${selector.direction} ${version} ${key}`,
      type: version === "ip" ? T.IPV4 : T.IPV6,
      layer: "nh",
      header: version,
      elsewhere: "anywhere",
    };
  }
  const type = CT.get(key) ?? notListed(`how nft prints "ct ${key}"`);
  const direction = WITHOUT_DIRECTION.has(key) ? undefined : selector.direction;
  return { text: `ct ${direction ? `${direction} ` : ""}${key}`, type };
}

function fibField(argument: string): Field {
  const result = argument.slice(argument.lastIndexOf(" ") + 1);
  const type = result === "type" ? T.FIB_ADDRTYPE : result === "oifname" ? T.IFNAME : T.IFINDEX;
  return { text: `fib ${words(argument)}`, type };
}

const TCP_OPTION_TYPES: Readonly<Record<string, T.DataType>> = {
  kind: T.INTEGER(8),
  length: T.INTEGER(8),
  size: T.INTEGER(16),
  count: T.INTEGER(8),
  left: T.INTEGER(32),
  right: T.INTEGER(32),
  tsval: T.INTEGER(32),
  tsecr: T.INTEGER(32),
  subtype: T.INTEGER(4),
};

const IP_OPTION_TYPES: Readonly<Record<string, T.DataType>> = {
  type: T.INTEGER(8),
  length: T.INTEGER(8),
  ptr: T.INTEGER(8),
  value: T.INTEGER(16),
  addr: T.IPV4,
};

const TCP_OPTIONS: Readonly<Record<string, string>> = {
  "0": "eol",
  "1": "nop",
  "2": "maxseg",
  "3": "window",
  "4": "sack-perm",
  "5": "sack",
  "8": "timestamp",
  "19": "md5sig",
  "30": "mptcp",
  "34": "fastopen",
  sack0: "sack",
  "sack-permitted": "sack-perm",
};

/** `tcp option maxseg size`, `ip option ra value`; without a field, whether it is there. */
function optionField(protocol: string, argument: string): Field {
  const [, , option = "", part] = argument.split(" ");
  const layer = protocol === "tcp" ? "th" : "nh";
  const elsewhere = protocol === "tcp" ? "anywhere" : "in front";
  const at = { layer, header: protocol, elsewhere } as const;
  if (option.startsWith("@")) return { text: argument, type: T.INTEGER(32), ...at };
  const name = protocol === "tcp" ? (TCP_OPTIONS[option] ?? option) : option;
  if (part === undefined) return { text: `${protocol} option ${name}`, type: T.BOOLEAN, ...at };
  const types = protocol === "tcp" ? TCP_OPTION_TYPES : IP_OPTION_TYPES;
  const type = types[part] ?? notListed(`how nft prints "${argument}"`);
  return { text: `${protocol} option ${name} ${part}`, type, ...at };
}

function chunkField(argument: string): Field {
  const parts = argument.split(" ");
  const type = parts.length === 3 ? T.BOOLEAN : T.INTEGER(32);
  return { text: argument, type, layer: "th", header: "sctp", elsewhere: "anywhere" };
}

const RAW = /^@?(ll|nh|th|ih),(\d+),(\d+)$/;
const RAW_LAYERS: Readonly<Record<string, readonly string[]>> = {
  ll: ["ether"],
  nh: ["ip", "ip6", "arp"],
  th: ["tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "th"],
};

/** `@th,16,16` prints as the field that lies there, if the header is known. */
function rawField(argument: string, known: Headers): Field {
  const parts = RAW.exec(argument.replace(/\s/g, "")) ?? notListed(`how nft prints ${argument}`);
  const [, base = "", from = "", length = ""] = parts;
  const offset = Number(from);
  const bits = Number(length);
  if (offset % 8 !== 0 || bits % 8 !== 0) return notListed("how nft prints single bits");
  const layer = base === "ih" ? undefined : (base as Layer);
  const header = layer && (known[layer] ?? (layer === "th" ? "th" : undefined));
  if (header && RAW_LAYERS[base]?.includes(header)) {
    for (const [name, field] of HEADERS.get(header)!.fields) {
      if (field.offset === offset && field.bits === bits) return headerField(header, name, known)!;
    }
  }
  return {
    text: `@${base},${offset},${bits}`,
    type: T.HEX(bits),
    ...(layer && { layer, offset, bits }),
  };
}

const OTHER: Readonly<Record<string, T.DataType>> = {
  "socket transparent": T.INTEGER(1, "host"),
  "socket mark": T.MARK,
  "socket wildcard": T.INTEGER(1, "host"),
  "osf name": T.OSF_NAME,
  "osf version": T.OSF_NAME,
  "numgen inc": T.INTEGER(32, "host"),
  "numgen random": T.INTEGER(32, "host"),
  symhash: T.INTEGER(32, "host"),
  "rt classid": { ...T.REALM, print: (value) => `"${T.REALM.print(value)}"` },
  "rt mtu": T.INTEGER(16, "host"),
  "rt ipsec": T.BOOLEAN,
};

const EXTENSION = { layer: "nh", header: "ip6", elsewhere: "in front" } as const;

function otherField(selector: Selector, head: string, rest: string, known: Headers): Field {
  const { key, argument } = selector;
  if (head === "exthdr") return { text: `exthdr ${argument}`, type: T.BOOLEAN, ...EXTENSION };
  if (head === "rt" && rest === "nexthop") return nexthop(argument ?? known.nh);
  if (head === "ipsec") return ipsecField(words(argument), rest);
  const extension = EXTENSION_FIELDS.get(key);
  if (extension) return { text: words(argument) || key, type: extension, ...EXTENSION };
  const type = OTHER[key] ?? notListed(`how nft prints "${key}"`);
  return { text: words(argument).replace(/ offset 0$/, "") || key, type };
}

function nexthop(argument: string | undefined): Field {
  const version = argument === "ip6" ? "ip6" : "ip";
  return { text: `rt ${version} nexthop`, type: version === "ip" ? T.IPV4 : T.IPV6 };
}

function ipsecField(argument: string, key: string): Field {
  const text = argument.replace(/ spnum 0\b/, "");
  if (key === "spi" || key === "reqid") return { text, type: T.INTEGER(32, "host") };
  return { text, type: / ip6 /.test(text) ? T.IPV6 : T.IPV4 };
}
