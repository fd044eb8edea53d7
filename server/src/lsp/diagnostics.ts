import type { Diagnostic as LspDiagnostic } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import type { Analysis, Diagnostic } from "../service.ts";
import type { Severity } from "../text/problem.ts";
import type { ClientFeatures } from "./client-features.ts";
import { type Documentation, pageAddress } from "./documentation.ts";
import type { Places } from "./places.ts";

export const SOURCE = "ftp-firewall";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What the editor shows of a diagnostic besides its message. */
export type DiagnosticForm = Pick<ClientFeatures, "relatedInformation" | "codeDescriptions"> &
  Pick<Documentation, "documentation">;

export function lspDiagnostic(
  { code, severity, message, place, related }: Diagnostic,
  places: Places,
  { relatedInformation, codeDescriptions, documentation }: DiagnosticForm,
): LspDiagnostic {
  return {
    source: SOURCE,
    code,
    ...(codeDescriptions && documentation !== undefined
      ? { codeDescription: { href: pageAddress(documentation, code) } }
      : {}),
    severity: SEVERITIES[severity],
    message,
    range: places.range(place.path, place.span),
    ...(relatedInformation && related.length > 0
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
  form: DiagnosticForm,
): Map<string, LspDiagnostic[]> {
  const files = new Map<string, LspDiagnostic[]>([[document, []]]);
  for (const one of analysis.diagnostics) {
    const list = files.get(one.place.path) ?? [];
    list.push(lspDiagnostic(one, places, form));
    files.set(one.place.path, list);
  }
  return files;
}
