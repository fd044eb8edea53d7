import type { Hover, Position } from "vscode-languageserver";
import { MarkupKind } from "vscode-languageserver";
import { hover } from "../features/hover.ts";
import { FTP_PAGES } from "../reference/ftp.ts";
import type { Understood } from "./analyses.ts";
import { pageAddress } from "./documentation.ts";

/**
 * What is under the pointer, explained; null where there is nothing to say.
 *
 * @param documentation the address of a check's page; without it the hover has no links
 */
export function hoverAt(
  { uri, analysis, places }: Understood,
  position: Position,
  documentation?: string,
): Hover | null {
  const file = [...analysis.host.files, ...analysis.host.included].find(({ source }) => source.path === uri);
  if (!file) return null;
  const { host, cases, incomplete } = analysis;
  const found = hover({ host, file, cases, incomplete }, places.lines(uri).offset(position));
  if (!found) return null;
  const links = found.explainsFtp && documentation !== undefined ? pageLinks(documentation) : "";
  return {
    contents: { kind: MarkupKind.Markdown, value: `${found.markdown}${links}` },
    range: places.range(uri, found.span),
  };
}

/** A line of links to the pages about FTP's modes. */
function pageLinks(documentation: string): string {
  const links = Object.entries(FTP_PAGES).map(
    ([code, subject]) => `[${subject}](${pageAddress(documentation, code)})`,
  );
  return `\n\nWhat goes wrong with ${links.join(", ")}`;
}
