import type { LoadedFile } from "../convert/host.ts";
import type { Span } from "../text/span.ts";
import type { FileEdit } from "./fix.ts";
import { indentation, lineEnd, lineStart, startsLine } from "./lines.ts";
import { nftTexts } from "./nft-texts.ts";
import { placeInRawTable } from "./save-section.ts";

/** How a rule that the tools refuse becomes one that they take, with the same purpose. */
export interface Correction {
  readonly title: string;
  readonly edits: readonly FileEdit[];
}

interface Refused {
  readonly file: LoadedFile;
  readonly text: string;
  /** What the complaint stands on. */
  readonly span: Span;
  /** The whole statement. */
  readonly statement: Span;
}

type Correct = (refused: Refused) => Correction | undefined;

/** Complaints about FTP's own rules that leave no doubt about what is meant. */
const CORRECTIONS: Readonly<Record<string, Correct>> = {
  "unknown-helper": helperName,
  "unknown-helper-type": helperType,
  "helper-needs-protocol": helperProtocol,
  "undefined-helper": helperObject,
  "ct-target-outside-raw": rawTable,
  "invalid-value": rangeOfOnePort,
};

/** What is corrected where there is no doubt about what is meant. */
export const CORRECTABLE: ReadonlySet<string> = new Set(Object.keys(CORRECTIONS));

/** The correction of what is refused; undefined where it takes the author to know what is meant. */
export function correctionOf(
  code: string,
  file: LoadedFile,
  span: Span,
  statement: Span,
): Correction | undefined {
  const correct = Object.hasOwn(CORRECTIONS, code) ? CORRECTIONS[code] : undefined;
  return correct?.({ file, text: file.source.text, span, statement });
}

function replaced({ file }: Refused, title: string, { start, end }: Span, newText: string): Correction {
  return { title, edits: [{ path: file.source.path, span: { start, end }, newText }] };
}

/** `--helper FTP`: the kernel's names are in lower case. */
function helperName(refused: Refused): Correction | undefined {
  const { text, span } = refused;
  const name = text.slice(span.start, span.end);
  if (!/^["']?ftp["']?$/i.test(name)) return undefined;
  return replaced(refused, 'Write the helper\'s name as the kernel has it, "ftp"', span, name.toLowerCase());
}

/** `type "ftp-2121"`: such a helper is there only where a module option made it. */
function helperType(refused: Refused): Correction | undefined {
  const { text, span } = refused;
  const found = /"ftp-\d+"/.exec(text.slice(span.start, span.end));
  if (!found) return undefined;
  const start = span.start + found.index;
  return replaced(refused, 'Use the helper "ftp"', { start, end: start + found[0].length }, '"ftp"');
}

function helperProtocol(refused: Refused): Correction | undefined {
  const { text, statement } = refused;
  const rule = text.slice(statement.start, statement.end);
  const inverted = /(?:! *-p|-p +!) +(?:tcp|6)\b/i.exec(rule);
  if (inverted) {
    const start = statement.start + inverted.index;
    return replaced(refused, "Ask for TCP", { start, end: start + inverted[0].length }, "-p tcp");
  }
  const target = /(?:-j|--jump)\s+CT\b/.exec(rule);
  if (!target || /(?:^|\s)(?:-p|--proto(?:col)?)[ =]/.test(rule)) return undefined;
  const port = /--dports?\b/.test(rule) ? "" : "--dport 21 ";
  const at = statement.start + target.index;
  return replaced(
    refused,
    port ? "Give the helper to TCP connections to port 21" : "Ask for TCP",
    { start: at, end: at },
    `-p tcp ${port}`,
  );
}

/** The object that a rule names, before the first chain of its table. */
function helperObject(refused: Refused): Correction | undefined {
  const { file, text, span, statement } = refused;
  const name = text
    .slice(span.start, span.end)
    .replace(/^.*\bset\s+/, "")
    .replace(/["'\\]/g, "");
  const rule = text.slice(statement.start, statement.end);
  if (!/ftp/i.test(name) && !/\bdport\s+(?:\{[^}]*\b)?(?:21|ftp)\b/.test(rule)) return undefined;
  if (!/^[\w.-]+$/.test(name)) return undefined;
  for (const { nft, offset } of nftTexts(file)) {
    for (const table of nft.items) {
      const isAround =
        table.kind === "block" && offset(table.start) < span.start && span.end < offset(table.end);
      const first = isAround ? table.items.find((one) => one.kind === "block") : undefined;
      if (!first) continue;
      const start = offset(first.start);
      const object = `ct helper ${name} { type "ftp" protocol tcp; }`;
      const between = startsLine(text, start) ? `\n${indentation(text, start)}` : "; ";
      const title = `Declare the helper object ${name} in this table`;
      return replaced(refused, title, { start, end: start }, `${object}${between}`);
    }
  }
  return undefined;
}

/** A helper is assigned before connection tracking: the rule belongs into table raw. */
function rawTable(refused: Refused): Correction | undefined {
  const { file, text, statement } = refused;
  const rule = text.slice(statement.start, statement.end);
  const chain = /(?<=(?:-A|-I|--append|--insert)[ =]+)\S+/.exec(rule)?.[0];
  if (!chain || /\s-[io]\s|--(?:in|out)-interface/.test(rule) || !(chain in RAW_CHAIN)) return undefined;
  const title = "Assign the helper in table raw, before connection tracking";
  // Before connection tracking no packet has a state.
  const stateless = rule.replace(/\s+-m\s+(?:conntrack|state)\s+--(?:ctstate|state)\s+\S+/, "");
  const moved = stateless.replace(/((?:-A|-I|--append|--insert)[ =]+)\S+/, `$1${RAW_CHAIN[chain]}`);
  const { path } = file.source;
  if (file.syntax.dialect === "shell" && !/^\s*-/.test(rule)) {
    const inTable = /(?:-t|--table)[ =]+\w+/.test(moved)
      ? moved.replace(/((?:-t|--table)[ =]+)\w+/, "$1raw")
      : moved.replace(/(?=(?:-A|-I|--append|--insert)[ =])/, "-t raw ");
    return replaced(refused, title, statement, inTable);
  }
  const start = lineStart(text, statement.start);
  const ending = /^\r?\n|^\r/.exec(text.slice(lineEnd(text, statement.end)))?.[0].length ?? 0;
  const removal: FileEdit = {
    path,
    span: { start, end: lineEnd(text, statement.end) + ending },
    newText: "",
  };
  const inShell = file.syntax.dialect === "shell";
  const [place] = placeInRawTable(text, statement.start, moved.trim(), inShell);
  if (!place) return undefined;
  const insertion: FileEdit = { path, span: { start: place.at, end: place.at }, newText: place.text };
  return { title, edits: [insertion, removal].sort((a, b) => a.span.start - b.span.start) };
}

/** What arrives enters connection tracking in PREROUTING, what this host sends in OUTPUT. */
const RAW_CHAIN: Readonly<Record<string, string>> = {
  INPUT: "PREROUTING",
  FORWARD: "PREROUTING",
  PREROUTING: "PREROUTING",
  OUTPUT: "OUTPUT",
  POSTROUTING: "OUTPUT",
};

/** `--dports 21,50060:50060`: multiport takes no range of one port. */
function rangeOfOnePort(refused: Refused): Correction | undefined {
  const { text, span } = refused;
  const found = /\b(\d+):\1\b/.exec(text.slice(span.start, span.end));
  if (!found) return undefined;
  const start = span.start + found.index;
  const at = { start, end: start + found[0].length };
  return replaced(refused, `Write ${found[1]} for the range of one port`, at, found[1]!);
}
