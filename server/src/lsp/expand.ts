import type { Location, Range, TextDocumentIdentifier } from "vscode-languageserver";
import type { Expansion } from "../features/expand/expand.ts";
import { expandedText, expandHost } from "../features/expand/expand.ts";
import type { FilePlace } from "../features/expand/place.ts";
import { placeOf } from "../service.ts";
import type { Understood } from "./analyses.ts";
import { nameOf } from "./source-files.ts";

/** A request of our own: the ruleset that results from loading a document's host. */
export const EXPAND_REQUEST = "ftp-firewall/expand";

export interface ExpandParams {
  readonly textDocument: TextDocumentIdentifier;
}

/** The answer; null for a document that is no firewall file. */
export interface ExpandResult {
  /** What `ftp-firewall expand` prints. */
  readonly text: string;
  /** The language in which most of it is written. */
  readonly language: "iptables" | "nft";
  /** Where a line of the text comes from, in order of the lines; lines that nobody wrote are not here. */
  readonly origins: readonly { readonly line: number; readonly location: Location }[];
  /** Parts of the text that name a place. */
  readonly links: readonly { readonly range: Range; readonly location: Location }[];
}

export function expandResult({ uri, analysis: { host }, places }: Understood): ExpandResult {
  const expansion = expandHost(host);
  const location = ({ file, span }: FilePlace) => places.location({ path: file, span });
  const lines = expandedText(expansion, ({ file, span }) => {
    return `${nameOf(file)}:${places.range(file, span).start.line + 1}`;
  });
  return {
    text: lines.map(({ text }) => `${text}\n`).join(""),
    language: languageOf(expansion, host.files.find(({ source }) => source.path === uri)?.source.dialect),
    origins: lines.flatMap(({ origin }, line) =>
      origin ? [{ line, location: places.location(placeOf(origin)) }] : [],
    ),
    links: lines.flatMap(({ links }, line) =>
      links.map(({ columns, place }) => ({
        range: { start: { line, character: columns.start }, end: { line, character: columns.end } },
        location: location(place),
      })),
    ),
  };
}

/** Of what is printed; where that is nothing, of the file. */
function languageOf({ listings }: Expansion, dialect: string | undefined): ExpandResult["language"] {
  if (listings.length === 0) return dialect === "nft" ? "nft" : "iptables";
  let nft = 0;
  for (const { tool, lines } of listings) nft += tool === "nft list ruleset" ? lines.length : -lines.length;
  return nft > 0 ? "nft" : "iptables";
}
