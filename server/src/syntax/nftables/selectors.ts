import type { Cursor } from "./cursor.ts";
import { BARE_META_KEYS, CT_KEYS, HEADER_FIELDS, META_KEYS, TUNNEL_HEADERS } from "./keywords.ts";
import type { Expression, Selector } from "./tree.ts";

/** Reads an expression without side effects on the caller's grammar: see expression.ts. */
export type ReadExpression = (cursor: Cursor) => Expression;

/** Whether the token at the cursor begins a selector. */
export function startsSelector(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  if (kind === "at") return isRawBase(cursor);
  if (kind !== "word") return false;
  if (BARE_META_KEYS.has(text)) return true;
  if (HEADER_FIELDS.has(text) || TUNNEL_HEADERS.has(text)) return true;
  return OTHER.has(text);
}

const OTHER = new Map<string, (cursor: Cursor, read: ReadExpression) => Selector>([
  ["meta", readMeta],
  ["ct", readCt],
  ["fib", readFib],
  ["socket", readSocket],
  ["osf", readOsf],
  ["numgen", readNumgen],
  ["jhash", readHash],
  ["symhash", readHash],
  ["ipsec", readIpsec],
  ["exthdr", readExthdr],
  ["tunnel", readTunnel],
]);

const RAW_BASES = new Set(["ll", "nh", "th", "ih"]);

function isRawBase(cursor: Cursor): boolean {
  return RAW_BASES.has(cursor.token.text) && cursor.peek().kind === "op" && cursor.peek().text === ",";
}

/** Reads the selector at the cursor; call only when `startsSelector` holds. */
export function readSelector(cursor: Cursor, read: ReadExpression): Selector {
  cursor.enter();
  const selector = readAnySelector(cursor, read);
  cursor.leave();
  return selector;
}

function readAnySelector(cursor: Cursor, read: ReadExpression): Selector {
  const { kind, text } = cursor.token;
  if (kind === "at") return readRaw(cursor);
  const other = OTHER.get(text);
  if (other) return other(cursor, read);
  if (BARE_META_KEYS.has(text)) {
    const from = cursor.at;
    cursor.next();
    return { kind: "selector", key: keyOf("meta", text), span: cursor.spanFrom(from) };
  }
  return readHeader(cursor, read);
}

function readRaw(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  cursor.expectOp(",", "and the bit offset");
  cursor.number("the offset in bits");
  cursor.expectOp(",", "and the length in bits");
  cursor.number("the length in bits");
  return { kind: "selector", key: "raw", argument: cursor.textFrom(from), span: cursor.spanFrom(from) };
}

function readHeader(cursor: Cursor, read: ReadExpression): Selector {
  const from = cursor.at;
  const header = cursor.next().text;
  if (
    TUNNEL_HEADERS.has(header) &&
    startsSelector(cursor) &&
    !HEADER_FIELDS.get(header)?.has(cursor.token.text)
  ) {
    const inner = readSelector(cursor, read);
    return { kind: "selector", key: `${header} inner`, inner, span: cursor.spanFrom(from) };
  }
  if (header === "rt" && cursor.isOneOf("ip", "ip6") && cursor.peek().text === "nexthop") {
    const argument = cursor.next().text;
    cursor.next();
    return { kind: "selector", key: keyOf("rt", "nexthop"), argument, span: cursor.spanFrom(from) };
  }
  if (header === "tcp" || header === "ip") {
    if (cursor.takeWord("option")) return readOption(cursor, from, header);
  }
  if (header === "sctp" && cursor.takeWord("chunk")) return readOption(cursor, from, "sctp chunk");
  if (header === "dccp" && cursor.takeWord("option")) return readOption(cursor, from, "dccp");
  if (header === "arp" && cursor.isOneOf("saddr", "daddr")) {
    const address = cursor.next().text;
    const kind = cursor.name('"ip" or "ether"').text;
    return { kind: "selector", key: `arp ${address} ${kind}`, span: cursor.spanFrom(from) };
  }
  return readHeaderField(cursor, from, header);
}

function readHeaderField(cursor: Cursor, from: number, header: string): Selector {
  const fields = HEADER_FIELDS.get(header)!;
  const token = cursor.token;
  if (token.kind !== "word" || !fields.has(token.text)) {
    throw cursor.unexpected(`a field of the ${header} header (${[...fields].slice(0, 6).join(", ")} …)`);
  }
  cursor.next();
  if ((header === "rt0" || header === "rt2" || header === "srh" || header === "rt4") && cursor.takeOp("[")) {
    cursor.next();
  }
  // `srh sid[1]`, `rt0 addr[1]`: the lexer has no brackets around plain numbers but as an address
  if (cursor.token.kind === "bracket" && cursor.token.start === token.end) {
    cursor.next();
    const argument = cursor.textFrom(from);
    return { kind: "selector", key: keyOf(header, token.text), argument, span: cursor.spanFrom(from) };
  }
  return { kind: "selector", key: keyOf(header, token.text), span: cursor.spanFrom(from) };
}

const KEYS = new Map<string, Map<string, string>>();

/** "tcp dport": one string for all rules. */
function keyOf(header: string, field: string): string {
  let fields = KEYS.get(header);
  if (!fields) {
    fields = new Map();
    KEYS.set(header, fields);
  }
  let key = fields.get(field);
  if (key === undefined) {
    key = `${header} ${field}`;
    fields.set(field, key);
  }
  return key;
}

const OPTION_FIELDS = new Set(
  "subtype kind length size count left right tsval tsecr echo ptr value addr type code flags checksum tsn stream ssn ppid initial-tsn num-outbound-streams num-inbound-streams a-rwnd gap-ack-num gap-ack-block-start dup-tsn-num cum-tsn-ack cum-tsn num-gap-ack-blocks num-dup-tsns lowest-tsn seqno new-cum-tsn".split(
    " ",
  ),
);

function readOption(cursor: Cursor, from: number, of: string): Selector {
  if (cursor.token.kind === "at") {
    cursor.next();
    while (cursor.takeOp(",")) cursor.next();
  } else cursor.name("the option's name or number");
  if (cursor.token.kind === "word" && OPTION_FIELDS.has(cursor.token.text)) cursor.next();
  return {
    kind: "selector",
    key: `${of} option`,
    argument: cursor.textFrom(from),
    span: cursor.spanFrom(from),
  };
}

function readMeta(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  const key = cursor.token;
  if (key.kind !== "word" || !META_KEYS.has(key.text)) {
    throw cursor.unexpected("what of the packet's metadata to look at (mark, l4proto, iifname, …)");
  }
  cursor.next();
  return { kind: "selector", key: keyOf("meta", key.text), span: cursor.spanFrom(from) };
}

function readCt(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  let direction: "original" | "reply" | undefined;
  if (cursor.isOneOf("original", "reply")) direction = cursor.next().text === "reply" ? "reply" : "original";
  let family = "";
  if (cursor.isOneOf("ip", "ip6")) family = `${cursor.next().text} `;
  const key = cursor.token;
  if (key.kind !== "word" || !CT_KEYS.has(key.text)) {
    throw cursor.unexpected("what of the connection to look at (state, mark, helper, …)");
  }
  cursor.next();
  const name = key.text === "proto" ? "protocol" : key.text;
  const span = cursor.spanFrom(from);
  if (direction === undefined && family === "") return { kind: "selector", key: keyOf("ct", name), span };
  return { kind: "selector", key: keyOf("ct", `${family}${name}`), direction, span };
}

const FIB_FLAGS = new Set(["saddr", "daddr", "mark", "iif", "oif"]);

function readFib(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  const flags: string[] = [];
  do {
    const flag = cursor.token;
    if (flag.kind !== "word" || !FIB_FLAGS.has(flag.text)) {
      throw cursor.unexpected("what to look up in the routing table (saddr, daddr, mark, iif, oif)");
    }
    flags.push(flag.text);
    cursor.next();
  } while (cursor.takeOp("."));
  if (!cursor.isOneOf("oif", "oifname", "type", "check"))
    throw cursor.unexpected('"type", "oif" or "oifname"');
  const result = cursor.next().text;
  const argument = `${flags.join(" . ")} ${result}`;
  return { kind: "selector", key: "fib", argument, span: cursor.spanFrom(from) };
}

function readSocket(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  const key = cursor.name("transparent, mark, wildcard or cgroupv2").text;
  if (key === "cgroupv2") {
    cursor.takeWord("level");
    cursor.number("the level of the control group");
  }
  return { kind: "selector", key: `socket ${key}`, span: cursor.spanFrom(from) };
}

function readOsf(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  if (cursor.takeWord("ttl")) cursor.name("loose or skip");
  const key = cursor.name('"name" or "version"').text;
  const argument = cursor.textFrom(from);
  return { kind: "selector", key: `osf ${key}`, argument, span: cursor.spanFrom(from) };
}

function readNumgen(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  const kind = cursor.name('"inc" or "random"').text;
  readModulus(cursor);
  return {
    kind: "selector",
    key: `numgen ${kind}`,
    argument: cursor.textFrom(from),
    span: cursor.spanFrom(from),
  };
}

function readModulus(cursor: Cursor): void {
  if (!cursor.takeWord("mod")) throw cursor.unexpected('"mod" and a number');
  cursor.next();
  for (;;) {
    if (cursor.takeWord("seed") || cursor.takeWord("offset")) cursor.next();
    else return;
  }
}

function readHash(cursor: Cursor, read: ReadExpression): Selector {
  const from = cursor.at;
  const key = cursor.next().text;
  const inner = key === "jhash" ? read(cursor) : undefined;
  readModulus(cursor);
  return { kind: "selector", key, inner, argument: cursor.textFrom(from), span: cursor.spanFrom(from) };
}

function readIpsec(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  // `ipsec missing` and `ipsec exists` look at the packet as a whole
  if (!cursor.isOneOf("in", "out"))
    return { kind: "selector", key: "meta ipsec", span: cursor.spanFrom(from) };
  cursor.next();
  if (cursor.takeWord("spnum")) cursor.number("a number");
  if (cursor.isOneOf("ip", "ip6")) cursor.next();
  const key = cursor.name("spi, reqid, saddr or daddr").text;
  return {
    kind: "selector",
    key: `ipsec ${key}`,
    argument: cursor.textFrom(from),
    span: cursor.spanFrom(from),
  };
}

function readExthdr(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  const header = cursor.name("the name of an IPv6 extension header").text;
  return { kind: "selector", key: "exthdr", argument: header, span: cursor.spanFrom(from) };
}

function readTunnel(cursor: Cursor): Selector {
  const from = cursor.at;
  cursor.next();
  const key = cursor.name('"path" or "id"').text;
  return { kind: "selector", key: `tunnel ${key}`, span: cursor.spanFrom(from) };
}
