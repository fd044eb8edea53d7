import type { Cursor } from "./cursor.ts";
import { readExpression } from "./expression.ts";
import type { Expression, NatPart } from "./tree.ts";

export function isNat(word: string): boolean {
  return word === "dnat" || word === "snat" || word === "masquerade" || word === "redirect";
}

const NAT_FLAGS = new Set(["random", "fully-random", "persistent"]);

/** `dnat [ip|ip6] [addr . port | interval | prefix] to ADDRESS[:PORT] [flags]` and its relatives, nft(8) NAT STATEMENTS. */
export function readNat(cursor: Cursor): NatPart {
  const from = cursor.at;
  const nat = cursor.next().text as NatPart["nat"];
  const family = readNatFamily(cursor);
  const both = readShape(cursor, "addr");
  const interval = cursor.isWord("interval") && cursor.next().text !== "";
  const prefix = cursor.takeWord("prefix");
  const to = cursor.takeWord("to");
  let addr: Expression | undefined;
  let port: Expression | undefined;
  if (cursor.takeOp(":")) port = readExpression(cursor, "computed");
  else if (hasTarget(cursor, to)) {
    addr = readExpression(cursor, "computed");
    if (cursor.takeOp(":")) port = readExpression(cursor, "computed");
  }
  if (to && !addr && !port) throw cursor.unexpected("where to translate to");
  if (!to && (both || prefix || interval)) throw cursor.unexpected('"to"');
  if ((nat === "dnat" || nat === "snat") && !addr && !port) throw cursor.unexpected('"to" and an address');
  return finish(cursor, from, { nat, family, addr, port, both, prefix });
}

function readNatFamily(cursor: Cursor): "ip" | "ip6" | undefined {
  const next = cursor.peek();
  // Old nft leaves out "to": `snat ip saddr map { … }` begins with a selector, not a family.
  if (!cursor.isOneOf("ip", "ip6") || !["to", "addr", "prefix", "interval"].includes(next.text))
    return undefined;
  return cursor.next().text === "ip" ? "ip" : "ip6";
}

function readShape(cursor: Cursor, word: string): boolean {
  if (!cursor.takeWord(word)) return false;
  cursor.expectOp(".", 'between "addr" and "port"');
  if (!cursor.takeWord("port")) throw cursor.unexpected('"port"');
  return true;
}

function hasTarget(cursor: Cursor, to: boolean): boolean {
  if (to) return true;
  const { kind, text } = cursor.token;
  if (kind === "word")
    return (
      !NAT_FLAGS.has(text) &&
      /^(\d|ip6?$|tcp$|udp$|th$|ct$|meta$|numgen$|jhash$|symhash$|[0-9a-fA-F:]*::)/.test(text)
    );
  return kind === "variable" || kind === "bracket" || (kind === "op" && text === "{");
}

function finish(
  cursor: Cursor,
  from: number,
  read: Pick<NatPart, "nat" | "family" | "addr" | "port" | "both" | "prefix">,
): NatPart {
  const flags: string[] = [];
  let prefix = read.prefix;
  let { addr } = read;
  if (cursor.isWord("prefix")) {
    cursor.next();
    prefix = true;
  }
  while (cursor.token.kind === "word" && NAT_FLAGS.has(cursor.token.text)) {
    flags.push(cursor.next().text);
    if (!cursor.takeOp(",")) break;
  }
  let { port } = read;
  // `redirect to 8080` names a port, not an address
  if ((read.nat === "redirect" || read.nat === "masquerade") && addr && !port) {
    port = addr;
    addr = undefined;
  }
  return { ...read, kind: "nat", addr, port, prefix, flags, span: cursor.spanFrom(from) };
}
