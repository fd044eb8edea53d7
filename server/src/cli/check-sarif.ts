import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Sarif from "sarif";
import { findCode } from "../checks/codes.ts";
import type { Diagnostic, Fix, Place, Service } from "../service.ts";
import type { Severity } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import type { Places, Report } from "./places.ts";
import { repositoryPath } from "./repository-path.ts";

const LEVELS: Readonly<Record<Severity, Sarif.Result.level>> = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
};

/** What the log needs besides the reports. */
export interface SarifOptions {
  readonly version: string;
  /** The documentation of a code, as Markdown. */
  readonly pageOf: (code: string) => string | undefined;
}

/**
 * A SARIF 2.1.0 log (OASIS, 2020) with one run. What comments ask to ignore is left out: GitHub shows results with
 * `suppressions` as open alerts.
 */
export function checkSarif(
  service: Service,
  reports: readonly Report[],
  { version, pageOf }: SarifOptions,
): Sarif.Log {
  const codes = reports.flatMap(({ analysis }) => analysis.diagnostics.map((one) => one.code));
  const rules = [...new Set(codes)].sort();
  const results = reports.flatMap((report) =>
    report.analysis.diagnostics.map((one) => ({
      ...result(service, report, one),
      ruleIndex: rules.indexOf(one.code),
    })),
  );
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "ftp-firewall", version, rules: rules.map((code) => rule(code, pageOf(code))) },
        },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
}

function rule(code: string, page: string | undefined): Sarif.ReportingDescriptor {
  const known = findCode(code);
  if (!known) return { id: code };
  const title = `${known.title}.`;
  return {
    id: code,
    shortDescription: { text: title },
    ...(page && { fullDescription: { text: leadOf(page) ?? title } }),
    help: { text: `ftp-firewall explain ${code}`, ...(page && { markdown: withoutRelativeLinks(page) }) },
    defaultConfiguration: {
      ...(known.level === "off" && { enabled: false }),
      level: LEVELS[known.severity],
    },
  };
}

/** The page's first paragraph. */
function leadOf(page: string): string | undefined {
  const paragraphs = page.split(/\r?\n\s*\r?\n/).map((one) => one.trim());
  return paragraphs.find((one) => one !== "" && !one.startsWith("#"))?.replace(/\s+/g, " ");
}

/** Other pages do not lie beside the log. */
function withoutRelativeLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\((?!https?:)[^)]*\)/g, "$1");
}

function result(service: Service, { analysis, places }: Report, diagnostic: Diagnostic): Sarif.Result {
  const { code, severity, message, place, related } = diagnostic;
  const { fixes } = service.fixesFor(analysis, diagnostic);
  return {
    ruleId: code,
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: location(place, places) }],
    ...(related.length > 0 && {
      relatedLocations: related.map((one, id) => ({
        id,
        physicalLocation: location(one.place, places),
        message: { text: one.message },
      })),
    }),
    ...(fixes.length > 0 && { fixes: fixes.map((fix) => sarifFix(fix, places)) }),
  };
}

function sarifFix({ title, edits }: Fix, places: Places): Sarif.Fix {
  const paths = [...new Set(edits.map(({ path }) => path))];
  return {
    description: { text: title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: artifact(path),
      replacements: edits
        .filter((edit) => edit.path === path)
        .map(({ span, newText }) => ({
          deletedRegion: region(path, span, places),
          ...(newText !== "" && { insertedContent: { text: newText } }),
        })),
    })),
  };
}

function location({ path, span }: Place, places: Places): Sarif.PhysicalLocation {
  return { artifactLocation: artifact(path), region: region(path, span, places) };
}

/** Counted from one; the end column is behind the last character, so that an empty region is a place to insert at. */
function region(path: string, span: Span, places: Places): Sarif.Region {
  const { start, end } = places.range(path, span);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** Relative to the repository's root, which SARIF's readers know by this name. */
function artifact(path: string): Sarif.ArtifactLocation {
  const shown = repositoryPath(path);
  if (isAbsolute(shown)) return { uri: pathToFileURL(shown).href };
  return { uri: shown.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
}
