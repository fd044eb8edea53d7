import type { Span } from "../../text/span.ts";
import { chainNameError } from "../iptables/chain-name.ts";
import { parseIptablesArguments } from "../iptables/parse.ts";
import type { Word } from "../word.ts";
import type { LineProblem, SaveLine } from "./file.ts";
import { splitWords } from "./words.ts";

/** iptables-restore reads lines into a buffer of this size. */
const LONGEST_LINE = 10239;

const COMMENT: SaveLine = { kind: "comment" };
const COMMIT: SaveLine = { kind: "commit" };

/** Placeholders of Jinja, ERB, autoconf and the shell. */
const TEMPLATE = /\{\{|\{%|<%|\$\{[A-Za-z_]|@[A-Z_][A-Z0-9_.-]*@/;

/** Parses one line without its line end. The node depends on nothing but the text and the family. */
export function parseSaveLine(line: string, family: 4 | 6): SaveLine {
  const first = line.charCodeAt(0);
  if (first === 35) return COMMENT;
  if (line === "COMMIT") return COMMIT;
  if (line.length > LONGEST_LINE) return tooLong(line);
  const template = TEMPLATE.exec(line);
  if (template) return templateLine(line, template.index, template[0].length);
  return parseLiteralLine(line, family);
}

/** As `parseSaveLine`; what looks like a placeholder stands for itself. */
export function parseLiteralLine(line: string, family: 4 | 6): SaveLine {
  const first = line.charCodeAt(0);
  if (first === 35) return COMMENT;
  if (line === "COMMIT") return COMMIT;
  if (line.length > LONGEST_LINE) return tooLong(line);
  if (first === 42) return tableLine(line);
  if (first === 58) return chainLine(line);
  return commandLine(line, family);
}

function templateLine(line: string, at: number, length: number): SaveLine {
  const shown = line.slice(at, at + 30);
  return {
    kind: "opaque",
    fact: `the template text “${shown}${line.length > at + 30 ? "…" : ""}”`,
    template: { start: at, end: at + length },
    problems: [],
  };
}

function refused(message: string, span: Span): LineProblem {
  return { code: "syntax-error", severity: "error", message, span, refused: true };
}

function tooLong(line: string): SaveLine {
  const message =
    "This line is longer than 10,239 characters; iptables-restore cuts it in two. Split it into several rules.";
  return {
    kind: "opaque",
    fact: "a line that is too long to be read",
    problems: [refused(message, { start: 0, end: Math.min(line.length, 80) })],
  };
}

function tableLine(line: string): SaveLine {
  const [name] = splitWords(line, 1);
  if (name) return { kind: "table", name };
  const message = "The name of a table is missing. Write *filter, *nat, *mangle, *raw or *security.";
  return {
    kind: "opaque",
    fact: "a table without a name",
    problems: [refused(message, { start: 0, end: line.length })],
  };
}

function chainLine(line: string): SaveLine {
  const [name, policy] = splitWords(line, 1);
  const all = { start: 0, end: line.length };
  if (!name) {
    const message = "The name of a chain is missing. Write :CHAIN POLICY [0:0].";
    return { kind: "opaque", fact: "a chain without a name", problems: [refused(message, all)] };
  }
  if (!policy) {
    const message = `The chain ${name.text} has no policy. Write ACCEPT or DROP after it, or - for a chain of your own.`;
    return { kind: "chain", name, problems: [refused(message, all)] };
  }
  const problems: LineProblem[] = [];
  const why = chainNameError(name.text);
  if (why) problems.push({ ...refused(why, name.span), code: "invalid-chain-name" });
  return { kind: "chain", name, policy, problems };
}

function commandLine(line: string, family: 4 | 6): SaveLine {
  const counters = readCounters(line);
  if (counters === "broken") {
    const message =
      "The counters at the start of this line have no “]”. Write them as [0:0], or remove them.";
    return {
      kind: "opaque",
      fact: "a line that cannot be read",
      problems: [refused(message, { start: 0, end: line.length })],
    };
  }
  const words: Word[] = splitWords(line, counters?.end ?? 0);
  if (words.length === 0) {
    const message = "A line with nothing but blanks is an error for iptables-restore. Empty it or remove it.";
    return {
      kind: "opaque",
      fact: "an empty rule",
      problems: [refused(message, { start: 0, end: line.length })],
    };
  }
  const command = parseIptablesArguments(words, {
    program: family === 4 ? "iptables" : "ip6tables",
    context: "save-line",
  });
  return counters ? { kind: "command", counters, command } : { kind: "command", command };
}

/** `[packets:bytes]` at the start of a line. */
function readCounters(line: string): Span | "broken" | undefined {
  if (line.charCodeAt(0) !== 91) return undefined;
  const close = line.indexOf("]");
  return close < 0 ? "broken" : { start: 0, end: close + 1 };
}
