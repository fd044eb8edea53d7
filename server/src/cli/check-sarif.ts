import type { Diagnostic, Place } from "../service.ts";
import type { Severity } from "../text/problem.ts";
import type { Places, Report } from "./places.ts";

const LEVELS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
};

/** A SARIF 2.1.0 log (OASIS, 2020) with one run. */
export function checkSarif(reports: readonly Report[], version: string): object {
  const codes = reports.flatMap(({ analysis }) => analysis.diagnostics.map((one) => one.code));
  const rules = [...new Set(codes)].sort().map((id) => ({ id }));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ftp-firewall", version, rules } },
        columnKind: "utf16CodeUnits",
        results: reports.flatMap(({ analysis, places }) =>
          analysis.diagnostics.map((one) => result(one, places)),
        ),
      },
    ],
  };
}

function result({ code, severity, message, place, related }: Diagnostic, places: Places): object {
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: location(place, places) }],
    relatedLocations: related.map((one) => ({
      physicalLocation: location(one.place, places),
      message: { text: one.message },
    })),
  };
}

function location(place: Place, places: Places): object {
  const { start, end } = places.range(place.path, place.span);
  return {
    artifactLocation: { uri: uriOf(place.path) },
    region: {
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    },
  };
}

/** A relative path stays relative: the reader resolves it against the repository's root. */
function uriOf(path: string): string {
  const encoded = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return encoded.startsWith("/") ? `file://${encoded}` : encoded;
}
