import type { Placed } from "../text/origin.ts";
import type { Insertion } from "./lines.ts";
import { lineAfter, lineBefore, lineEnd, lineStart } from "./lines.ts";

// How a new command is joined to the author's: on a line of its own, within a list of `&&`, or on the same line.

type Where = "before" | "after";

const COMMENT = "(?:[ \\t]#.*)?$";
const AND = new RegExp(`&&[ \\t]*(\\\\?)${COMMENT}`);
const OR_OR_PIPE = new RegExp(`\\|[ \\t]*\\\\?${COMMENT}`);
const BEGINS_WITH_AND = /^[ \t]*&&[ \t]*$/;

/** The new command before or after a statement, the likeliest place first; none where it would cut a list in two. */
export function commandPlaces(
  text: string,
  statement: Placed,
  where: Where,
  indent: string,
  lines: readonly string[],
): Insertion[] {
  const own = ownLine(text, statement, where, indent, lines);
  const same = sameLine(text, statement, where, lines);
  if (same === undefined) return own;
  const joins = endsCompound(text, statement.end) || isConditional(text, statement.start, statement.end);
  return where === "after" && joins ? [same, ...own] : [...own, same];
}

/** A line of its own; between the commands of a list it has to be one of these. */
function ownLine(
  text: string,
  { start, end }: Placed,
  where: Where,
  indent: string,
  lines: readonly string[],
): Insertion[] {
  const insertion = (written: readonly string[]) =>
    where === "after" ? lineAfter(text, end, indent, written) : lineBefore(text, start, indent, written);
  const above = lineAbove(text, where === "after" ? lineEnd(text, end) + 1 : insertion([]).at);
  if (OR_OR_PIPE.test(above)) return [];
  const and = AND.exec(above);
  if (and) return [insertion(lines.map((line) => `${asOne(line)} &&${and[1] === "" ? "" : " \\"}`))];
  if (!above.endsWith("\\")) return [insertion(lines)];
  const next = text.slice(lineStart(text, start), start);
  const begins =
    where === "before" ? BEGINS_WITH_AND.test(next) : /^\s*&&/.test(text.slice(lineEnd(text, end)));
  return begins ? [insertion(lines.map((line) => `&& ${asOne(line)} \\`))] : [];
}

/** The line before an offset that begins one, without white space at its end. */
function lineAbove(text: string, offset: number): string {
  const before = text.slice(0, offset).trimEnd();
  return before.slice(lineStart(before, before.length));
}

/** A list within a list. */
function asOne(line: string): string {
  return line.includes(" || ") ? `{ ${line}; }` : line;
}

/** On the statement's own line, where that holds more than the statement. */
function sameLine(
  text: string,
  { start, end }: Placed,
  where: Where,
  lines: readonly string[],
): Insertion | undefined {
  const added = lines.join("; ");
  if (where === "after") {
    if (isConditional(text, start, end))
      return { at: end, text: lines.map((line) => ` && ${asOne(line)}`).join("") };
    const follows = /^[ \t]*;[ \t]*[^ \t\r\n#]/.test(text.slice(end, lineEnd(text, end)));
    return follows ? { at: end, text: `; ${added}` } : undefined;
  }
  const precedes = /(?:[;{)]|\b(?:then|do|else))[ \t]+$/.test(text.slice(lineStart(text, start), start));
  return precedes ? { at: start, text: `${added}; ` } : undefined;
}

/** `[ "$FTP" = yes ] && iptables …`: what goes with the rule depends on the same. */
function isConditional(text: string, start: number, end: number): boolean {
  const before = text.slice(lineStart(text, start), start);
  const behind = text.slice(end, lineEnd(text, end));
  return /\S[ \t]*&&[ \t]+$/.test(before) && /^[ \t]*(?:#.*)?$/.test(behind);
}

/** Whether what the statement stands in ends on the same line: the next line is outside of it. */
function endsCompound(text: string, end: number): boolean {
  return /;[ \t]*(?:fi|done|esac|\}|;)(?![\w-])/.test(text.slice(end, lineEnd(text, end)));
}
