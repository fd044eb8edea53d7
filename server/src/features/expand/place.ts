import type { Frame, Origin } from "../../text/origin.ts";
import { absoluteSpan } from "../../text/origin.ts";
import type { Span } from "../../text/span.ts";

/** A place in a file, as offsets of its text. */
export interface FilePlace {
  readonly file: string;
  readonly span: Span;
}

/** Says where something is, in one line: `firewall.sh:12`. */
export type ShowPlace = (place: FilePlace) => string;

/** A part of a line that names a place. */
export interface PlaceLink {
  /** Columns of the line, in UTF-16 units. */
  readonly columns: Span;
  readonly place: FilePlace;
}

/** A line, and which of its parts lead where. */
export interface LinkedText {
  readonly text: string;
  readonly links: readonly PlaceLink[];
}

/** Where something was written, then from where that is called or read, innermost first. */
interface Step {
  /** How the step before comes to be run here. */
  readonly verb: string;
  readonly place: FilePlace;
  /** Values that hold here. */
  readonly values: string[];
}

/**
 * `firewall.sh:12 (port=21)`, `firewall.sh:30, called from firewall.sh:44 (allow 21)`: the place, the values that the
 * loops around it give, and the calls that lead there.
 */
export function placeText(origin: Origin, show: ShowPlace): LinkedText {
  let text = "";
  const links: PlaceLink[] = [];
  for (const { verb, place, values } of stepsOf(origin)) {
    if (verb !== "") text += `, ${verb} `;
    const shown = show(place);
    links.push({ columns: { start: text.length, end: text.length + shown.length }, place });
    text += values.length > 0 ? `${shown} (${values.join(", ")})` : shown;
  }
  return { text, links };
}

/** The values of the loops and calls around a place, outermost first: `allow 21`, `port=21`. */
export function frameValues(frames: readonly Frame[]): string[] {
  return frames.flatMap((frame) => {
    const value = frame.kind === "include" || frame.kind === "condition" ? undefined : valueText(frame);
    return value === undefined ? [] : [value];
  });
}

function stepsOf(origin: Origin): Step[] {
  let step: Step = { verb: "", place: { file: origin.file, span: absoluteSpan(origin) }, values: [] };
  const steps = [step];
  for (const frame of [...origin.frames].reverse()) {
    const value = valueText(frame);
    if (frame.kind === "loop") {
      if (value !== undefined) step.values.unshift(value);
    } else if (frame.kind !== "condition") {
      const verb = frame.kind === "function" ? "called from" : "read by";
      step = { verb, place: { file: frame.file, span: frame.at }, values: [] };
      if (frame.kind === "function" && value !== undefined) step.values.push(value);
      steps.push(step);
    }
  }
  return steps;
}

function valueText({ kind, name, detail, iteration }: Frame): string | undefined {
  if (kind === "function") return oneLine(detail ? `${name} ${detail}` : name);
  if (detail !== undefined) return oneLine(detail);
  return iteration === undefined ? undefined : `round ${iteration + 1}`;
}

/** A text of the script that cannot end the comment it stands in. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
