import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../../../server/src/service.ts";
import { detectDialect, familyOfFile } from "../../../server/src/syntax/detect.ts";
import { CORPUS, corpusFiles } from "../syntax/nftables-corpus.ts";

/** The rulesets below a folder of the corpus, as the command line tool would take them; undefined where it is missing. */
export function realFiles(folder: string): SourceFile[] | undefined {
  return corpusFiles(folder, [""])?.flatMap(({ name, text }) => {
    const path = `${folder}/${name}`;
    const dialect = detectDialect(path, text);
    return dialect ? [{ path, text, dialect, family: familyOfFile(path, text) }] : [];
  });
}

/** What somebody who read a file says of a mode. */
export type Label = "yes" | "helper" | "partial" | "no" | "unsure";

/** A row of LABELS.tsv; its head explains the columns. */
export interface LabelRow {
  readonly path: string;
  readonly role: string;
  readonly control: Label;
  readonly active: Label;
  readonly passive: Label;
}

export function labelRows(): LabelRow[] {
  const lines = readFileSync(join(CORPUS, "real-ftp/LABELS.tsv"), "utf8").split("\n");
  const rows = lines.filter((line) => line !== "" && !line.startsWith("#")).slice(1);
  return rows.map((line) => {
    const [file, role, control, active, passive] = line.split("\t") as [string, string, Label, Label, Label];
    return { path: `real-ftp/${file}`, role, control, active, passive };
  });
}

/** More ports than this in one interval name none of them. */
const WIDEST_INTERVAL = 10;

/**
 * Whether some rule has the control port for its destination, alone, in a list or in a short interval, or assigns the FTP
 * helper. Read from the text alone, so that the product is not judged by itself.
 */
export function namesFtp(text: string): boolean {
  const rules = text.split("\n").filter((line) => !/^\s*#/.test(line));
  return rules.some((line) => /helper\s+(set\s+)?"?ftp/.test(line) || portsIn(line).some(namesControlPort));
}

/** What stands behind each word for a destination port, up to the end of its list. */
function portsIn(line: string): string[] {
  const lists =
    /(?:--d(?:estination-)?ports?|\bdport|--to-destination\s+[\d.]+:|--to-ports?)\s*(\{[^}]*\}|\S+)/g;
  return [...line.matchAll(lists)].flatMap(([, list]) => list!.split(/[{},\s]+/));
}

function namesControlPort(port: string): boolean {
  if (port === "ftp") return true;
  const [low, high = low] = port.split(/[:-]/).map((end) => (end === "" ? Number.NaN : Number(end)));
  return low! <= 21 && 21 <= high! && high! - low! < WIDEST_INTERVAL;
}
