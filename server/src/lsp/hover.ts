import type { Hover, Position } from "vscode-languageserver";
import { MarkupKind } from "vscode-languageserver";
import { hover } from "../features/hover.ts";
import type { Understood } from "./analyses.ts";

/** What is under the pointer, explained; null where there is nothing to say. */
export function hoverAt({ uri, analysis, places }: Understood, position: Position): Hover | null {
  const file = [...analysis.host.files, ...analysis.host.included].find(({ source }) => source.path === uri);
  if (!file) return null;
  const { host, cases, incomplete } = analysis;
  const found = hover({ host, file, cases, incomplete }, places.lines(uri).offset(position));
  if (!found) return null;
  return {
    contents: { kind: MarkupKind.Markdown, value: found.markdown },
    range: places.range(uri, found.span),
  };
}
