import type { Host } from "../../convert/host.ts";
import type { ListingLine, RulesetListing } from "../../listing/listing.ts";
import { listRuleset } from "../../listing/listing.ts";
import type { Origin } from "../../text/origin.ts";
import type { LinkedText, PlaceLink, ShowPlace } from "./place.ts";
import { oneLine, placeText } from "./place.ts";

/** The ruleset that results from loading a host's files, and what was taken for granted about its scripts. */
export interface Expansion extends RulesetListing {
  /** Full sentences: which branch of a script counts, say. */
  readonly notes: readonly string[];
}

/** A line of an expansion's text. */
export interface ExpandedLine extends LinkedText {
  /** Where the author wrote what the line shows; the comment above a line has that line's. */
  readonly origin?: Origin;
}

/** Never throws; takes time in proportion to the rules. */
export function expandHost({ files, ruleset }: Host): Expansion {
  const notes = files.flatMap(({ syntax }) => (syntax.dialect === "shell" ? syntax.conversion.notes : []));
  return { ...listRuleset(ruleset), notes: [...new Set(notes)] };
}

/**
 * What the tools print, with comments that say where each line comes from and what is not known. Without the lines
 * whose first visible character is `#` it is exactly what they print, one tool after the other.
 */
export function expandedText({ listings, unknowns, notes }: Expansion, show: ShowPlace): ExpandedLine[] {
  const lines = notes.map((note) => comment(oneLine(note)));
  for (const { fact, origin } of unknowns) {
    const place = placeText(origin, show);
    lines.push({ ...linked("# unknown: ", place, ` depends on ${oneLine(fact)}`), origin });
  }
  if (listings.length === 0)
    lines.push(comment("Nothing is certain to be left: the tools would print nothing."));
  for (const { tool, lines: listed } of listings) {
    lines.push(comment(tool));
    let last: string | undefined;
    for (const line of listed) {
      const place = line.origin && placeText(line.origin, show);
      // What nobody wrote ends what a place's comment is about.
      if (place && place.text !== last) lines.push({ ...placeComment(line, place), origin: line.origin });
      last = place?.text;
      lines.push({ text: printed(line), links: [], origin: line.origin });
    }
  }
  return lines;
}

function comment(text: string): ExpandedLine {
  return { text: `# ${text}`, links: [] };
}

function placeComment({ text }: ListingLine, place: LinkedText): LinkedText {
  return linked(`${indentOf(text)}# `, place, "");
}

function printed({ text, doubt }: ListingLine): string {
  if (doubt === undefined) return text;
  return `${indentOf(text)}# maybe: ${text.trim()} — it depends on ${oneLine(doubt)}`;
}

function indentOf(text: string): string {
  return /^[ \t]*/.exec(text)![0];
}

function linked(before: string, { text, links }: LinkedText, behind: string): LinkedText {
  return { text: `${before}${text}${behind}`, links: links.map((link) => moved(link, before.length)) };
}

function moved({ columns, place }: PlaceLink, by: number): PlaceLink {
  return { columns: { start: columns.start + by, end: columns.end + by }, place };
}
