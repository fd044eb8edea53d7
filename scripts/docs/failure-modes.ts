import { readdirSync, readFileSync } from "node:fs";
import { CHECKS } from "../../server/src/checks/registry.ts";
import {
  type ConfigFile,
  DEFAULT_SETTINGS,
  Service,
  type Settings,
  type SourceFile,
} from "../../server/src/service.ts";
import { detectDialect, familyOfFile } from "../../server/src/syntax/detect.ts";

const FOLDER = new URL("../../test/kernel/failure-modes/", import.meta.url);

/** A known way to get FTP wrong: a folder of `test/kernel/failure-modes`. */
export interface FailureMode {
  readonly number: number;
  readonly folder: string;
}

/** What a server's configuration can add to what the rules show. */
const CONFIGURATIONS: readonly ConfigFile[] = [
  { path: "vsftpd.conf", text: "listen_ipv6=YES\npasv_min_port=50000\npasv_max_port=50100\n" },
  {
    path: "vsftpd.conf",
    text: "listen_ipv6=YES\nssl_enable=YES\npasv_min_port=50000\npasv_max_port=50100\n",
  },
];

/** Those that are off by default are asked for. */
const EVERY_CHECK: Settings = {
  ...DEFAULT_SETTINGS,
  checks: Object.fromEntries(CHECKS.map(({ id, severity }) => [id, severity])),
};

export const FAILURE_MODES: readonly FailureMode[] = readdirSync(FOLDER)
  .filter((name) => /^\d+-/.test(name))
  .sort()
  .map((folder) => ({ number: Number.parseInt(folder, 10), folder }));

/** The codes that are reported for a mode's faulty forms, by the rules alone. */
export function codesReported(mode: FailureMode): Set<string> {
  return codesOf(mode, []);
}

/** As `codesReported`, where a server's configuration lies beside the rules. */
export function codesWithConfiguration(mode: FailureMode): Set<string> {
  return new Set(CONFIGURATIONS.flatMap((one) => [...codesOf(mode, [one])]));
}

function codesOf(mode: FailureMode, serverFiles: readonly ConfigFile[]): Set<string> {
  const codes = faultyHosts(mode).flatMap((files) =>
    new Service().analyse(files, { serverFiles, settings: EVERY_CHECK }).diagnostics.map(({ code }) => code),
  );
  return new Set(codes);
}

/** `faulty.rules.v4` and `faulty.rules.v6` are one host, every other form is one by itself. */
function faultyHosts({ folder }: FailureMode): SourceFile[][] {
  const files = readdirSync(new URL(`${folder}/`, FOLDER))
    .filter((name) => name.startsWith("faulty."))
    .map((name) => faultyForm(folder, name));
  const twins = files.filter(({ path }) => /^faulty\.rules\.v[46]$/.test(path));
  const alone = files.filter((file) => !twins.includes(file)).map((file) => [file]);
  return twins.length > 0 ? [twins, ...alone] : alone;
}

function faultyForm(folder: string, path: string): SourceFile {
  const text = readFileSync(new URL(`${folder}/${path}`, FOLDER), "utf8");
  const dialect = detectDialect(path, text);
  if (dialect === undefined) throw new Error(`${folder}/${path} is in none of the dialects`);
  return { path, text, dialect, family: familyOfFile(path, text) };
}

const COVERS =
  /^Covers (?:failure modes? (?:\[([\d, ]+)\]\(\.\.\/failure-modes\.md\)|([\d, ]+))|no failure mode of the catalogue)\.$/m;

/** The modes that a check's page says it covers; undefined where it does not say. */
export function modesOfPage(page: string): number[] | undefined {
  const found = COVERS.exec(page);
  return found ? ((found[1] ?? found[2])?.split(",").map(Number) ?? []) : undefined;
}

/**
 * The page with the line that says which modes it covers. Where there is none yet, it gets all for whose faulty forms
 * its code is reported: its author takes out those where that is beside the point.
 */
export function withModes(page: string, code: string, reported: ReadonlyMap<number, Set<string>>): string {
  const found = [...reported].filter(([, codes]) => codes.has(code)).map(([number]) => number);
  const line = coversLine(modesOfPage(page) ?? found);
  return COVERS.test(page)
    ? page.replace(COVERS, line)
    : page.replace("\n## Faulty\n", () => `\n${line}\n\n## Faulty\n`);
}

function coversLine(modes: readonly number[]): string {
  if (modes.length === 0) return "Covers no failure mode of the catalogue.";
  const numbers = [...new Set(modes)].sort((a, b) => a - b).join(", ");
  return `Covers failure mode${modes.length === 1 ? "" : "s"} [${numbers}](../failure-modes.md).`;
}
