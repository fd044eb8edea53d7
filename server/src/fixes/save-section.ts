import { lineEnding } from "../text/edit.ts";
import type { Placed } from "../text/origin.ts";
import type { Insertion } from "./lines.ts";
import { indentation, lineBefore, lineEnd, lineStart } from "./lines.ts";

/**
 * Puts a rule into table raw of iptables-save text: into its section when there is one, else into a new
 * section before the others. `near`: an offset inside the text's own sections, which in a script are a here
 * document (`inShell`).
 */
export function placeInRawTable(text: string, near: number, rule: string, inShell: boolean): Insertion[] {
  const region = inShell ? hereDocument(text, near) : { start: 0, end: text.length };
  const sections = sectionsOf(text, region);
  const raw = sections.find((section) => section.name === "raw");
  if (raw) {
    const places: Insertion[] = [];
    const indent = indentation(text, raw.end);
    if (raw.commits) places.push(lineBefore(text, raw.end, indent, [rule]));
    const first = text.slice(raw.start, raw.end).search(/^[ \t]*(\[\d+:\d+\] )?-A /m);
    if (first >= 0) places.push(lineBefore(text, raw.start + first, indent, [rule]));
    return places;
  }
  const [before] = sections;
  if (!before) return [];
  const ending = lineEnding(text);
  const lines = ["*raw", ":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", rule, "COMMIT"];
  const at = lineStart(text, before.start);
  const indent = indentation(text, before.start);
  return [{ at, text: lines.map((line) => indent + line + ending).join("") }];
}

interface Section {
  readonly name: string;
  /** Of its `*name`. */
  readonly start: number;
  /** Of its COMMIT, or of the next section. */
  readonly end: number;
  readonly commits: boolean;
}

function sectionsOf(text: string, region: { start: number; end: number }): Section[] {
  const sections: Section[] = [];
  const pattern = /^[ \t\uFEFF]*(?:\*(\w+)|(COMMIT)\b)/gm;
  pattern.lastIndex = region.start;
  let open: { name: string; start: number } | undefined;
  for (let found = pattern.exec(text); found && found.index < region.end; found = pattern.exec(text)) {
    const at = found.index + found[0].search(/[*C]/);
    if (open) sections.push({ ...open, end: at, commits: found[2] !== undefined });
    open = found[1] === undefined ? undefined : { name: found[1], start: at };
  }
  if (open) sections.push({ ...open, end: region.end, commits: false });
  return sections;
}

/** The lines of a table's section that append to a chain, in order. */
export function ruleLines(text: string, table: string, chain: string): Placed[] {
  const section = sectionsOf(text, { start: 0, end: text.length }).find(({ name }) => name === table);
  if (!section) return [];
  const lines = text.slice(section.start, section.end).matchAll(/^[ \t]*(?:\[\d+:\d+\] )?-A (\S+) .*$/gm);
  return [...lines]
    .filter((line) => line[1] === chain)
    .map(({ 0: line, index }) => ({
      start: section.start + index + line.length - line.trimStart().length,
      end: section.start + index + line.trimEnd().length,
    }));
}

/** The here document around an offset: from the line after `<<WORD` to the line that is WORD. */
function hereDocument(text: string, near: number): { start: number; end: number } {
  let start = lineStart(text, near);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const opening = /<<-?\s*(['"]?)(\w+)\1/.exec(text.slice(above, lineEnd(text, above)));
    if (opening) {
      const closing = new RegExp(`^[ \\t]*${opening[2]}[ \\t]*$`, "m");
      const length = text.slice(start).search(closing);
      return { start, end: length < 0 ? text.length : start + length };
    }
    start = above;
  }
  return { start: near, end: near };
}
