import type { Diagnostic } from "../service.ts";
import type { Range } from "../text/line-index.ts";
import type { Severity } from "../text/problem.ts";
import type { Places, Report } from "./places.ts";
import { repositoryPath, STANDARD_INPUT } from "./repository-path.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

/** Workflow commands that GitHub Actions shows as annotations beside the lines. */
export function checkGithub(reports: readonly Report[]): string {
  const lines = reports.flatMap(({ analysis, places }) =>
    analysis.diagnostics.map((one) => command(one, places)),
  );
  return lines.join("");
}

function command({ code, severity, message, place }: Diagnostic, places: Places): string {
  const properties = {
    ...(place.path === STANDARD_INPUT
      ? {}
      : { file: repositoryPath(place.path), ...lines(places.range(place.path, place.span)) }),
    title: code,
  };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${COMMANDS[severity]} ${written.join(",")}::${data(message)}\n`;
}

/**
 * Counted from one, the last line and column included. GitHub takes columns only where the range lies within one line;
 * a range that ends at the beginning of a line ends with the line before.
 */
function lines({ start, end }: Range): Readonly<Record<string, number>> {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const where = { line: start.line + 1, endLine: last + 1 };
  if (end.line !== start.line) return where;
  const col = start.character + 1;
  return { ...where, col, endColumn: Math.max(col, end.character) };
}

/** As @actions/core escapes what stands behind the second `::`. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** As it escapes a property's value, which ends at a comma or colon. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
