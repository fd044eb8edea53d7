import type { Span } from "./span.ts";
import { shift } from "./span.ts";

/**
 * A statement of a file at its present place. Syntax below a statement counts its positions from
 * the statement's start, so a parsed statement can be reused when text above it changes.
 */
export interface Placed {
  readonly start: number;
  readonly end: number;
}

/** One step from the outside to a statement that runs more than once or from elsewhere. */
export interface Frame {
  readonly kind: "function" | "loop" | "include" | "condition";
  /** What a reader calls it: a function's or variable's name, an included path. */
  readonly name: string;
  readonly file: string;
  readonly at: Placed;
  /** The iteration's index for a loop. */
  readonly iteration?: number;
  /** For a loop: variable = value of this iteration. For a function: positional arguments. */
  readonly detail?: string;
}

/** Where a part of the model was written. */
export interface Origin {
  /** The file's path or URI, as the host gave it. */
  readonly file: string;
  readonly statement: Placed;
  /** Relative to the statement's start. */
  readonly span: Span;
  /** Call sites and loops around it, outermost first. Several parts may share one text. */
  readonly frames: readonly Frame[];
}

export function absoluteSpan(origin: Origin): Span {
  return shift(origin.span, origin.statement.start);
}

/** A part of the same statement: `inner` counts from the statement's start. */
export function within(origin: Origin, inner: Span): Origin {
  return { ...origin, span: inner };
}

/** The file that was loaded for this part to take effect: the outermost of those that include its own. */
export function loadedFile({ file, frames }: Origin): string {
  return frames[0]?.file ?? file;
}

/** A path as it was given; of a URI its last part. */
export function fileName(path: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(path)) return path;
  const name = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
