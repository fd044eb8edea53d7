import { assumableIn } from "../features/assume.ts";
import type { Diagnostic, Service } from "../service.ts";
import { placeOf } from "../service.ts";
import type { Range } from "../text/line-index.ts";
import type { Severity } from "../text/problem.ts";
import type { Paint } from "./output.ts";
import { SEVERITY_STYLES } from "./output.ts";
import type { Report } from "./places.ts";
import { showLoadOrder, showPlace } from "./places.ts";
import { decidingPlace, reasonOf } from "./reasons.ts";

/** Longer lines are shown around the place only. */
const WIDEST_LINE = 120;

/** Every finding as a compiler prints it, and a line that sums up. */
export function checkText(service: Service, reports: readonly Report[], paint: Paint): string {
  const parts = reports.flatMap((report) => [
    ...orderNote(report),
    ...report.analysis.diagnostics.map((one) => diagnosticText(service, report, one, paint)),
    ...incompleteNote(report),
  ]);
  return [...parts, ...undecidedNotes(reports), summary(reports, paint)].join("\n");
}

function diagnosticText(service: Service, report: Report, diagnostic: Diagnostic, paint: Paint): string {
  const { analysis, places } = report;
  const { severity, code, message } = diagnostic;
  const place = places.of(diagnostic.place);
  const head = `${paint(showPlace(place), "bold")} ${paint(severity, "bold", SEVERITY_STYLES[severity])} ${code}: ${message}`;
  const lines = [
    head,
    ...excerpt(places.line(place.path, place.range.start.line), place.range, severity, paint),
  ];
  for (const { message: why, place: where } of diagnostic.related) {
    lines.push(`    ${paint(showPlace(places.of(where)), "dim")} ${why}`);
  }
  for (const fix of service.fixesFor(analysis, diagnostic).fixes) {
    lines.push(`    ${paint("fix:", "green")} ${fix.title}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The source line with its place underlined. */
function excerpt(line: string, range: Range, severity: Severity, paint: Paint): string[] {
  if (line.trim() === "") return [];
  const last = range.end.line === range.start.line ? range.end.character : line.length;
  const from = line.length > WIDEST_LINE ? Math.max(0, range.start.character - WIDEST_LINE / 4) : 0;
  const shown = line.slice(from, from + WIDEST_LINE).replace(UNPRINTABLE, "\ufffd");
  const start = range.start.character - from;
  const length = Math.max(1, Math.min(last - from, shown.length) - start);
  const margin = shown.slice(0, start).replace(/[^\t]/g, " ");
  return [
    `    ${shown}${from + WIDEST_LINE < line.length ? "…" : ""}`,
    `    ${margin}${paint("^".repeat(length), SEVERITY_STYLES[severity])}`,
  ];
}

/** Control characters, which may do things to a terminal, and bytes that are no text. */
const UNPRINTABLE = /[^\P{C}\t]/gu;

function orderNote({ analysis }: Report): string[] {
  const order = analysis.diagnostics.length > 0 ? showLoadOrder(analysis.host) : undefined;
  return order === undefined ? [] : [`${order}\n`];
}

/** Sessions that some rule means to permit and that depend on what the files do not say. */
function undecidedNotes(reports: readonly Report[]): string[] {
  const notes = reports.flatMap(({ analysis, places }) =>
    analysis.cases.flatMap((one) =>
      one.classes.flatMap(({ verdict, anchors }) => {
        if (verdict.verdict !== "unknown" || !verdict.assumption || anchors.length === 0) return [];
        const at = decidingPlace(verdict) ?? placeOf(anchors[0]!.origin);
        const session = `${one.mode} FTP over IPv${one.family} on the ${one.role}`;
        const reason = reasonOf(verdict) ?? "";
        const name = assumableIn(reason);
        const remedy =
          name === undefined ? "" : ` Say what it is in the script: # ftp-firewall: assume ${name}=value`;
        return [`${showPlace(places.of(at))} not decided: ${session} depends on ${reason}.${remedy}\n`];
      }),
    ),
  );
  return [...new Set(notes)].slice(0, MOST_NOTES);
}

const MOST_NOTES = 8;

function incompleteNote({ analysis }: Report): string[] {
  const [first] = analysis.host.files;
  return analysis.incomplete ? [`${first?.source.path}: FTP was not judged: ${analysis.incomplete}\n`] : [];
}

function summary(reports: readonly Report[], paint: Paint): string {
  const found = reports.flatMap((report) => report.analysis.diagnostics);
  const files = count(
    new Set(
      reports.flatMap(({ analysis, given }) => [
        ...analysis.host.files.map(({ source }) => source.path),
        ...given,
      ]),
    ).size,
    "file",
  );
  const ignored = reports.reduce((sum, { analysis }) => sum + analysis.ignored.length, 0);
  const where = `${files}${ignored > 0 ? ` (${ignored} ignored)` : ""}`;
  if (found.length === 0) return `${paint("No problems", "green")} in ${where}.\n`;
  const kinds = (["error", "warning", "info", "hint"] as const).flatMap((severity) => {
    const number = found.filter((one) => one.severity === severity).length;
    return number > 0 ? [severity === "info" ? `${number} info` : count(number, severity)] : [];
  });
  return `${paint(count(found.length, "problem"), "bold")} (${kinds.join(", ")}) in ${where}.\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
