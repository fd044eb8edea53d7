import type { Hover } from "../../../server/src/features/hover.ts";
import { hover } from "../../../server/src/features/hover.ts";
import { Service } from "../../../server/src/service.ts";
import type { Dialect } from "../../../server/src/syntax/dialect.ts";

export interface MarkedHover {
  readonly markdown: string;
  /** The text that the hover is about. */
  readonly about: string;
}

/** The hover at the `<|>` of a text; undefined when there is none. */
export function hoverAt(dialect: Dialect, marked: string, family: 4 | 6 = 4): MarkedHover | undefined {
  const offset = marked.indexOf("<|>");
  if (offset < 0) throw new Error("the text has no <|>");
  const text = marked.replace("<|>", "");
  const found = hoverer(dialect, text, family)(offset);
  return found && { markdown: found.markdown, about: text.slice(found.span.start, found.span.end) };
}

/** Analyses a text once and gives the hovers of its offsets. */
export function hoverer(
  dialect: Dialect,
  text: string,
  family: 4 | 6 = 4,
): (offset: number) => Hover | undefined {
  const path = dialect === "nft" ? "a.nft" : dialect === "shell" ? "a.sh" : `rules.v${family}`;
  const { host, cases, incomplete } = new Service().analyse([{ path, text, dialect, family }]);
  const file = host.files[0];
  if (!file) throw new Error("the file was not loaded");
  return (offset) => hover({ host, file, cases, incomplete }, offset);
}
