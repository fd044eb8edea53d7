import type { Diagnostic as LspDiagnostic } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import type { Analysis, Diagnostic } from "../service.ts";
import type { Severity } from "../text/problem.ts";
import type { Places } from "./places.ts";

export const SOURCE = "ftp-firewall";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function lspDiagnostic(
  { code, severity, message, place, related }: Diagnostic,
  places: Places,
  withRelated: boolean,
): LspDiagnostic {
  return {
    source: SOURCE,
    code,
    severity: SEVERITIES[severity],
    message,
    range: places.range(place.path, place.span),
    ...(withRelated && related.length > 0
      ? {
          relatedInformation: related.map((one) => ({
            message: one.message,
            location: places.location(one.place),
          })),
        }
      : {}),
  };
}

/** All diagnostics of an analysis by the file they stand in; the document itself is always there. */
export function diagnosticsByFile(
  document: string,
  analysis: Analysis,
  places: Places,
  withRelated: boolean,
): Map<string, LspDiagnostic[]> {
  const files = new Map<string, LspDiagnostic[]>([[document, []]]);
  for (const one of analysis.diagnostics) {
    const list = files.get(one.place.path) ?? [];
    list.push(lspDiagnostic(one, places, withRelated));
    files.set(one.place.path, list);
  }
  return files;
}
