import type { Severity } from "../text/problem.ts";
import type { Report } from "./places.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

/** Workflow commands that GitHub Actions shows as annotations beside the lines. */
export function checkGithub(reports: readonly Report[]): string {
  const lines = reports.flatMap(({ analysis, places }) =>
    analysis.diagnostics.map(({ code, severity, message, place }) => {
      const { start, end } = places.range(place.path, place.span);
      // GitHub takes columns only where the range lies within one line.
      const columns =
        start.line === end.line ? [`col=${start.character + 1}`, `endColumn=${end.character}`] : [];
      const properties = [
        `file=${property(place.path)}`,
        `line=${start.line + 1}`,
        `endLine=${end.line + 1}`,
        ...columns,
        `title=${property(code)}`,
      ];
      return `::${COMMANDS[severity]} ${properties.join(",")}::${data(message)}\n`;
    }),
  );
  return lines.join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
