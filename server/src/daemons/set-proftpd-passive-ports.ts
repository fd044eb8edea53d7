import type { TextEdit } from "../text/edit.ts";
import { cover } from "../text/span.ts";
import type { Line } from "./lines.ts";
import { insertAfter, linesOf, replacement } from "./lines.ts";
import type { PassiveRange } from "./passive-range.ts";
import type { Section, Sections, Setting } from "./proftpd-blocks.ts";
import { sectionsOf } from "./proftpd-blocks.ts";
import type { Directive } from "./proftpd-lines.ts";
import { directivesOf } from "./proftpd-lines.ts";
import type { ConfigFile } from "./server-config.ts";

/**
 * The edits that pin every server of a proftpd.conf to a range that ProFTPD takes. Undefined when its blocks do
 * not match, or its last line goes on: where a line belongs is not certain then.
 */
export function setProftpdPassivePorts(
  file: ConfigFile,
  range: PassiveRange,
): readonly TextEdit[] | undefined {
  const sections = sectionsOf(file, []);
  if (sections.problems.length > 0 || /\\\n?$/.test(file.text)) return undefined;
  const all = [sections.main, ...sections.hosts, ...sections.globals];
  const existing = all.flatMap((section) => [...section.settings, ...section.sometimes].filter(isRange));
  return [
    ...existing.flatMap((setting) => setRange(file.text, setting, range)),
    ...insertions(file.text, sections, `PassivePorts ${range.low} ${range.high}`),
  ];
}

function isRange({ directive }: Setting): boolean {
  return isCalled(directive, "passiveports");
}

function isCalled({ name }: Directive, wanted: string): boolean {
  return name.text.toLowerCase() === wanted;
}

/** Two words are replaced one by one, so that what stands between them stays; anything else as a whole. */
function setRange(text: string, { directive }: Setting, { low, high }: PassiveRange): readonly TextEdit[] {
  const { args, name } = directive;
  const [first, second] = args;
  const apart = first && second && name.span.end < first.span.start && first.span.end < second.span.start;
  if (apart && args.length === 2)
    return [...replacement(text, first.span, String(low)), ...replacement(text, second.span, String(high))];
  const newText = `${text.slice(name.span.start, name.span.end)} ${low} ${high}`;
  return replacement(text, cover(name.span, directive.span), newText);
}

/** A server without a range of its own or in <Global> needs a line; the main server's reaches no other. */
function insertions(text: string, sections: Sections, line: string): TextEdit[] {
  const has = (section: Section) => section.settings.some(isRange);
  if (sections.globals.some(has)) return [];
  const lacking = sections.hosts.some((host) => !has(host));
  if (!lacking) return has(sections.main) ? [] : [insertAfter(text, placeInMain(text), [line])];
  const block = openGlobal(text);
  if (block) return [insertAfter(text, block.last, [indentBelow(text, block.last) + line])];
  return [insertAfter(text, placeInMain(text), ["<Global>", `  ${line}`, "</Global>"])];
}

/** Directives of the main server behind which a range is at home, likeliest first. */
const RELATED = ["masqueradeaddress", "port", "useipv6", "defaultserver", "servertype", "servername"];

/** Behind the commented-out directive or a related one, outside all blocks; undefined: at the end. */
function placeInMain(text: string): Line | undefined {
  const directives = directivesOf(text);
  const lines = outsideBlocks(text, directives);
  const comment = lines.findLast(
    (line) => COMMENTED.test(text.slice(line.start, line.end)) && !isContinuation(text, line),
  );
  if (comment) return comment;
  const starts = new Set(lines.map((line) => line.start));
  const outside = directives.filter(({ first }) => starts.has(first.start));
  const related = RELATED.map((name) => outside.findLast((directive) => isCalled(directive, name)));
  return related.find((directive) => directive !== undefined)?.last;
}

const COMMENTED = /^[ \t]*#+[ \t]*PassivePorts[ \t]+\d/i;

/** Whether a line that looks like a comment may belong to the directive on the line before it. */
function isContinuation(text: string, { start }: Line): boolean {
  return text.slice(Math.max(0, start - 2), start) === "\\\n";
}

/** The lines in front of which no block is open; those that open one are among them. */
function outsideBlocks(text: string, directives: readonly Directive[]): Line[] {
  const marks = directives.filter(({ name }) => name.text.startsWith("<"));
  let depth = 0;
  let next = 0;
  return linesOf(text).filter((line) => {
    for (; next < marks.length && marks[next]!.first.start < line.start; next++)
      depth += marks[next]!.name.text.startsWith("</") ? -1 : 1;
    return depth === 0;
  });
}

/** The opening line of a <Global> block that is in no other block. */
function openGlobal(text: string): Directive | undefined {
  const directives = directivesOf(text);
  const starts = new Set(outsideBlocks(text, directives).map((line) => line.start));
  return directives.find((one) => isCalled(one, "<global>") && starts.has(one.first.start));
}

function indentBelow(text: string, line: Line): string {
  const [indent = ""] = /^[ \t]*/.exec(text.slice(line.next)) ?? [];
  return indent === "" ? "  " : indent;
}
