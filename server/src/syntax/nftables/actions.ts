import type { Cursor } from "./cursor.ts";
import { readExpression, readList, readSet } from "./expression.ts";
import type { Expression, RulePart } from "./tree.ts";

/*
 * Statements that are neither verdict, NAT, assignment nor set update. Each reader starts on the
 * statement's first word and leaves the cursor behind it; the caller sets the span.
 */

type Reader = (cursor: Cursor) => RulePart;

const NOWHERE = { start: 0, end: 0 };

const READERS = new Map<string, Reader>([
  ["counter", readCounter],
  ["log", readLog],
  ["limit", readLimit],
  ["quota", readQuota],
  ["reject", readReject],
  ["queue", readQueue],
  ["notrack", (cursor) => action(cursor.next().text)],
  ["dup", readForwarding],
  ["fwd", readForwarding],
  ["tproxy", readTproxy],
  ["synproxy", readSynproxy],
  ["flow", readFlow],
  ["meter", readMeter],
  ["xt", readXt],
  ["last", readLast],
  ["reset", readReset],
  ["ct", readConnLimit],
]);

/** The reader of the statement at the cursor, if it is one of these. */
export function actionReader(cursor: Cursor): Reader | undefined {
  const { text } = cursor.token;
  if (text === "ct" && cursor.peek().text !== "count") return undefined;
  return READERS.get(text);
}

function action(name: string, words: string[] = [], inner?: Expression[]): RulePart {
  return { kind: "action", name, words, inner, span: NOWHERE };
}

function objectRef(cursor: Cursor, object: string): RulePart {
  const name = readExpression(cursor, "computed");
  return { kind: "objectRef", object, name, span: NOWHERE };
}

function readCounter(cursor: Cursor): RulePart {
  cursor.next();
  if (cursor.takeWord("name")) return objectRef(cursor, "counter");
  const words: string[] = [];
  while (cursor.isOneOf("packets", "bytes")) {
    const unit = cursor.next().text;
    words.push(unit, String(cursor.number(`the number of ${unit}`)));
  }
  return action("counter", words);
}

const LOG_NUMBERS = new Set(["snaplen", "group", "queue-threshold"]);

function readLog(cursor: Cursor): RulePart {
  cursor.next();
  const words: string[] = [];
  for (;;) {
    const { text } = cursor.token;
    if (cursor.takeWord("prefix")) {
      words.push("prefix", readWordOrVariable(cursor, "the prefix in quotes"));
    } else if (cursor.token.kind === "word" && LOG_NUMBERS.has(text)) {
      cursor.next();
      words.push(text, String(cursor.number("a number")));
    } else if (cursor.takeWord("level")) words.push("level", readWordOrVariable(cursor, "a log level"));
    else if (cursor.takeWord("flags")) readLogFlags(cursor, words);
    else return action("log", words);
  }
}

function readWordOrVariable(cursor: Cursor, what: string): string {
  if (cursor.token.kind === "variable" || cursor.token.kind === "string" || cursor.token.kind === "template")
    return cursor.next().text;
  return cursor.name(what).text;
}

function readLogFlags(cursor: Cursor, words: string[]): void {
  const flag = cursor.name("what to log (all, tcp, ip, skuid, ether)").text;
  words.push("flags", flag);
  if (flag !== "tcp" && flag !== "ip") return;
  do words.push(cursor.name("sequence or options").text);
  while (cursor.takeOp(","));
}

const BYTE_UNITS = new Set(["bytes", "kbytes", "mbytes", "gbytes"]);

function readLimit(cursor: Cursor): RulePart {
  cursor.next();
  if (cursor.takeWord("name")) return objectRef(cursor, "limit");
  if (!cursor.takeWord("rate")) throw cursor.unexpected('"rate" or "name"');
  return action("limit", readRate(cursor));
}

/** `[over|until] 10[ kbytes]/second [burst 5 packets]` */
function readRate(cursor: Cursor): string[] {
  const words: string[] = [];
  if (cursor.isOneOf("over", "until")) words.push(cursor.next().text);
  words.push(readAmount(cursor, "the rate"));
  readPeriod(cursor, words);
  if (cursor.takeWord("burst")) {
    words.push("burst", readAmount(cursor, "the burst"));
    if (cursor.isWord("packets") || BYTE_UNITS.has(cursor.token.text)) words.push(cursor.next().text);
  }
  return words;
}

/** `/second`, `kbytes/second`: a slash is part of a word. */
function readPeriod(cursor: Cursor, words: string[]): void {
  const glued = /^([kmg]?bytes)\/(\w+)$/.exec(cursor.token.kind === "word" ? cursor.token.text : "");
  if (glued) {
    cursor.next();
    words.push(glued[1]!, "/", glued[2]!);
    return;
  }
  if (cursor.token.kind === "word" && BYTE_UNITS.has(cursor.token.text)) words.push(cursor.next().text);
  cursor.expectOp("/", "and a unit of time");
  words.push("/", cursor.name("second, minute, hour, day or week").text);
}

/** A number, with its unit glued on perhaps (`10mbytes`), or a variable. */
function readAmount(cursor: Cursor, what: string): string {
  const { kind, text } = cursor.token;
  if (kind === "variable" || kind === "template" || (kind === "word" && /^\d/.test(text)))
    return cursor.next().text;
  throw cursor.unexpected(what);
}

function readQuota(cursor: Cursor): RulePart {
  cursor.next();
  if (cursor.takeWord("name")) return objectRef(cursor, "quota");
  const words: string[] = [];
  if (cursor.isOneOf("over", "until")) words.push(cursor.next().text);
  words.push(readAmount(cursor, "an amount"));
  if (cursor.token.kind === "word" && BYTE_UNITS.has(cursor.token.text)) words.push(cursor.next().text);
  if (cursor.takeWord("used")) {
    words.push("used", readAmount(cursor, "an amount"));
    if (cursor.token.kind === "word" && BYTE_UNITS.has(cursor.token.text)) words.push(cursor.next().text);
  }
  return action("quota", words);
}

function readReject(cursor: Cursor): RulePart {
  cursor.next();
  if (!cursor.takeWord("with")) return action("reject");
  const words = ["with"];
  if (cursor.takeWord("tcp")) {
    if (!cursor.takeWord("reset")) throw cursor.unexpected('"reset"');
    return action("reject", [...words, "tcp", "reset"]);
  }
  if (!cursor.isOneOf("icmp", "icmpv6", "icmpx"))
    throw cursor.unexpected('"icmp", "icmpv6", "icmpx" or "tcp reset"');
  words.push(cursor.next().text);
  if (cursor.takeWord("type")) words.push("type");
  words.push(readWordOrVariable(cursor, "the kind of ICMP error"));
  return action("reject", words);
}

function readQueue(cursor: Cursor): RulePart {
  cursor.next();
  const inner: Expression[] = [];
  const words: string[] = [];
  for (;;) {
    if (cursor.takeWord("num") || cursor.takeWord("to")) inner.push(readExpression(cursor, "computed"));
    else if (cursor.takeWord("flags")) words.push("flags");
    else if (cursor.isOneOf("bypass", "fanout")) {
      words.push(cursor.next().text);
      cursor.takeOp(",");
    } else return action("queue", words, inner);
  }
}

/** `dup to ADDRESS [device DEV]`, `fwd [ip|ip6] to ADDRESS device DEV`, `fwd to DEV` */
function readForwarding(cursor: Cursor): RulePart {
  const name = cursor.next().text;
  const words: string[] = [];
  if (cursor.isOneOf("ip", "ip6")) words.push(cursor.next().text);
  if (!cursor.takeWord("to")) throw cursor.unexpected('"to"');
  const inner = [readExpression(cursor, "computed")];
  if (cursor.takeWord("device")) inner.push(readExpression(cursor, "computed"));
  return action(name, words, inner);
}

function readTproxy(cursor: Cursor): RulePart {
  cursor.next();
  const words: string[] = [];
  if (cursor.isOneOf("ip", "ip6")) words.push(cursor.next().text);
  if (!cursor.takeWord("to")) throw cursor.unexpected('"to"');
  const inner: Expression[] = [];
  if (!cursor.isOp(":")) inner.push(readExpression(cursor, "computed"));
  if (cursor.takeOp(":")) inner.push(readExpression(cursor, "computed"));
  return action("tproxy", words, inner);
}

function readSynproxy(cursor: Cursor): RulePart {
  cursor.next();
  if (cursor.takeWord("name")) return objectRef(cursor, "synproxy");
  const words: string[] = [];
  for (;;) {
    if (cursor.isOneOf("mss", "wscale")) words.push(cursor.next().text, String(cursor.number("a number")));
    else if (cursor.isOneOf("timestamp", "sack-perm", "sack-permitted")) words.push(cursor.next().text);
    else return action("synproxy", words);
  }
}

/** `flow add @table`, `flow offload @table` */
function readFlow(cursor: Cursor): RulePart {
  cursor.next();
  if (cursor.isWord("table")) return readMeter(cursor);
  if (!cursor.isOneOf("add", "offload")) throw cursor.unexpected('"add" and the flow table');
  cursor.next();
  const table = cursor.token;
  if (table.kind !== "at") throw cursor.unexpected('the flow table, "@name"');
  cursor.next();
  return action("flow", [table.text]);
}

/** `meter NAME [size N] { KEY statements }`; nft before 0.8 wrote `flow table NAME { … }`. */
function readMeter(cursor: Cursor): RulePart {
  cursor.next();
  const words: string[] = [];
  if (cursor.token.kind === "word") words.push(cursor.next().text);
  if (cursor.takeWord("size")) words.push("size", String(cursor.number("the size")));
  if (!cursor.isOp("{")) throw cursor.unexpected('"{"');
  return action("meter", words, [readSet(cursor, "computed")]);
}

/** Rules made by iptables-nft, as nft lists what it cannot translate: `xt target "LOG"`. */
function readXt(cursor: Cursor): RulePart {
  cursor.next();
  const kind = cursor.name("match, target or watcher").text;
  const name = cursor.nameOrString("the name of the extension").text;
  return action("xt", [kind, name]);
}

function readLast(cursor: Cursor): RulePart {
  cursor.next();
  const words: string[] = [];
  if (cursor.takeWord("used")) words.push("used", readWordOrVariable(cursor, "a time"));
  return action("last", words);
}

/** `reset tcp option sack-perm` */
function readReset(cursor: Cursor): RulePart {
  cursor.next();
  const inner = readList(cursor, "computed");
  return action("reset", [], [inner]);
}

/** `ct count [over] 10` */
function readConnLimit(cursor: Cursor): RulePart {
  cursor.next();
  cursor.next();
  const words: string[] = [];
  if (cursor.takeWord("over")) words.push("over");
  words.push(String(cursor.number("a number of connections")));
  return action("ct count", words);
}
