import type { Host, LoadedFile } from "../../convert/host.ts";
import type { SessionCase } from "../../ftp/judgement.ts";
import type { ReferenceEntry } from "../../reference/entry.ts";
import type { Span } from "../../text/span.ts";

/** What a hover needs: the file under the cursor, its host, and the FTP sessions that were judged. */
export interface HoverInput {
  readonly host: Host;
  /** One of the host's files. */
  readonly file: LoadedFile;
  readonly cases: readonly SessionCase[];
  /** Why sessions were not judged, if they were not. */
  readonly incomplete?: string;
}

/** What is under the cursor, explained. `span` is of the whole text and contains the cursor. */
export interface Topic {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
  /** It has to do with FTP: the modes and their verdicts follow. */
  readonly ftp?: boolean;
  /** It stops FTP somewhere: the verdicts follow, without the explanation of the modes. */
  readonly stopsFtp?: boolean;
}

/** Text of a file, safe in the middle of a Markdown sentence. */
export function plain(text: string): string {
  return text.replace(/[\\`*[\]<&~|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&");
}

const LONGEST_CODE = 120;

/** Text of a file as a Markdown code span, on one line. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const short = line.length > LONGEST_CODE ? `${line.slice(0, LONGEST_CODE)}…` : line;
  if (short === "") return "(empty)";
  if (!short.includes("`")) return `\`${short}\``;
  const longest = Math.max(...[...short.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence} ${short} ${fence}`;
}

/** A fenced block; the text cannot end it. */
export function block(lines: readonly string[], language = ""): string {
  const text = lines.join("\n");
  const fence = text.includes("```") ? "`````" : "```";
  return `${fence}${language}\n${text.replaceAll("`````", "'''''")}\n${fence}`;
}

/** A reference entry under its heading: "**`--dport`** – the port … *(iptables(8))*". */
export function explain(heading: string, entry: ReferenceEntry): string {
  return `**${code(heading)}** – ${entry.text} *(${entry.source})*`;
}

export function topic(
  span: Span,
  heading: string,
  entry: ReferenceEntry | undefined,
  ftp = false,
): Topic | undefined {
  return entry ? { span, text: explain(heading, entry), ftp } : undefined;
}

/** The piece of a comma-, colon- or space-separated text in `span` that the offset is in. */
export function pieceAt(text: string, span: Span, offset: number): { text: string; span: Span } {
  const separator = /[\s,"'!{}();=]/;
  const floor = Math.max(span.start, offset - 200);
  const ceiling = Math.min(span.end, offset + 200);
  let start = Math.min(offset, ceiling);
  let end = start;
  while (start > floor && !separator.test(text.charAt(start - 1))) start--;
  while (end < ceiling && !separator.test(text.charAt(end))) end++;
  return { text: text.slice(start, end), span: { start, end } };
}
