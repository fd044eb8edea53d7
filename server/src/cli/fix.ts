import type { Command } from "commander";
import { Option } from "commander";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Strategy } from "../fixes/fix.ts";
import { safeTrials } from "../fixes/try-safely.ts";
import type { Role } from "../ftp/scenario.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Diagnostic, FixAllResult, LoadedFile, Settings, SourceFile } from "../service.ts";
import { Service } from "../service.ts";
import { mergeSettings } from "../settings.ts";
import type { Dialect } from "../syntax/dialect.ts";
import type { Problem } from "../text/problem.ts";
import { writeAtomically } from "./atomic-write.ts";
import { encodeText } from "./bytes.ts";
import { ConfigFinder } from "./config.ts";
import { describeIoError, UsageError } from "./errors.ts";
import { DiskSnapshot } from "./includes.ts";
import { readInputs, refuseFolders } from "./inputs.ts";
import { DIALECTS, family, portRange, roles, SERVER_CONFIG } from "./option-values.ts";
import { complain, print, printBytes } from "./output.ts";
import { Places, showPlace } from "./places.ts";
import { namedServerFile, serverFilesFor } from "./server-files.ts";

interface FixOptions {
  readonly with?: Strategy;
  readonly passivePorts?: IntervalSet<number>;
  readonly role?: Role[];
  readonly dryRun?: boolean;
  readonly stdout?: boolean;
  readonly config?: string;
  readonly serverConfig: readonly string[];
  readonly helper?: "explicit" | "automatic";
  readonly dialect?: Dialect;
  readonly family?: 4 | 6;
}

/** `ftp-firewall fix FILE…` */
export function addFix(program: Command): void {
  program
    .command("fix")
    .description("repair the files of one host, so that FTP passes wherever its control connection does")
    .argument("<files...>", "the host's files, in the order in which they are loaded")
    .addOption(
      new Option("--with <strategy>", "track FTP with the conntrack helper, or open its data ports").choices([
        "helper",
        "ports",
      ]),
    )
    .option("--passive-ports <A-B>", "the FTP server's passive range", portRange)
    .option(
      "--role <role>",
      "where the firewall stands: server, client, gateway (repeatable, or a list)",
      roles,
    )
    .option("--dry-run", "print what would change as a unified diff and write nothing")
    .option("--stdout", "print the fixed text of one file and write nothing")
    .option("--config <FILE>", "the settings file, instead of the nearest .ftp-firewall.json")
    .addOption(
      new Option("--helper <how>", "how the kernel assigns the FTP helper").choices([
        "explicit",
        "automatic",
      ]),
    )
    .option(...SERVER_CONFIG)
    .addOption(new Option("--dialect <dialect>", "what the files are").choices(DIALECTS))
    .option("--family <family>", "ipv4 or ipv6: which program iptables files are for", family)
    .addHelpText(
      "after",
      "\nExit status: 0 nothing is left to repair; 1 some finding cannot be repaired by text; 2 usage or I/O error.",
    )
    .action((paths: string[], options: FixOptions) => {
      process.exitCode = runFix(paths, options);
    });
}

function runFix(paths: readonly string[], options: FixOptions): number {
  if (options.stdout && options.dryRun) throw new UsageError("--stdout and --dry-run exclude each other");
  const { files, serverFiles: given, problems } = readInputs(paths, options);
  if (problems.length > 0) throw new UsageError(problems.join("; "));
  refuseFolders(paths);
  if (files.length === 0) throw new UsageError("there is no ruleset in what was given");
  if (options.stdout && files.length > 1) throw new UsageError("--stdout takes one file");
  if (paths.includes("-") && !options.stdout && !options.dryRun) {
    throw new UsageError("what comes from standard input can be fixed with --stdout or --dry-run only");
  }
  const snapshot = new DiskSnapshot(files);
  const service = new Service();
  const mayChange = (path: string) => files.some((file) => file.path === path);
  const settings = settingsFor(files, options);
  const host = service.load(files, snapshot, settings.assume);
  const broken = [...host.files, ...host.included].filter(
    (file) => mayChange(file.source.path) && cannotParse(file),
  );
  const named = [...given, ...options.serverConfig.map(namedServerFile)];
  const serverFiles = serverFilesFor(
    files.map(({ path }) => path),
    named,
  );
  const result = service.fixAll(files, {
    settings,
    snapshot,
    serverFiles,
    mayChange,
    strategy: options.with,
  });
  const changed = result.files.filter(
    (file) => file.edits.length > 0 && !broken.some(({ source }) => source.path === file.path),
  );
  const refused = result.analysis.diagnostics.filter((one) => one.refused && !one.finding);
  const left = result.remaining.length + refused.length;
  const status = broken.length > 0 ? 2 : left > 0 ? 1 : 0;
  process.exitCode = status;
  for (const { source } of broken) {
    complain(
      `${source.path}: left as it is, because it cannot be read without errors; \`ftp-firewall check\` shows them`,
    );
  }
  deliver(files, changed, options);
  const places = new Places(result.analysis.host, serverFiles);
  const quiet = options.stdout || options.dryRun;
  const lines = [
    ...reportLines(result, changed, places),
    ...(broken.length > 0 ? [] : refused.map((one) => notLoaded(one, places))),
  ];
  for (const line of lines) quiet ? complain(line) : print(`${line}\n`);
  if (quiet) return status;
  const written = changed.map(({ path }) => path);
  for (const { sentence } of safeTrials(result.analysis.host, written)) print(`${sentence}\n`);
  return status;
}

function settingsFor(files: readonly SourceFile[], options: FixOptions): Settings {
  return mergeSettings(new ConfigFinder(options.config).forFile(files[0]!.path), {
    ...(options.passivePorts && { passivePorts: options.passivePorts }),
    ...(options.helper && { helper: options.helper }),
    ...(options.role && { roles: options.role }),
  });
}

/** Whether the tool that loads this file would refuse it as a whole, because of its syntax. */
function cannotParse({ syntax, problems }: LoadedFile): boolean {
  // A script runs on behind a command that fails: there, only what the shell itself cannot read counts.
  const all: readonly Pick<Problem, "code" | "severity">[] =
    syntax.dialect === "shell" ? syntax.file.problems : problems;
  return all.some((one) => one.code === "syntax-error" && one.severity === "error");
}

type FixedFile = FixAllResult["files"][number];

function deliver(files: readonly SourceFile[], changed: readonly FixedFile[], options: FixOptions): void {
  if (options.stdout) printBytes(encodeText((changed[0] ?? files[0]!).text));
  else if (options.dryRun) for (const file of changed) printBytes(encodeText(patch(files, file)));
  else for (const file of changed) write(file);
}

function patch(files: readonly SourceFile[], { path, text }: FixedFile): string {
  const before = files.find((file) => file.path === path)!.text;
  return createTwoFilesPatch(path, path, before, text, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}

function write({ path, text }: FixedFile): void {
  try {
    writeAtomically(path, encodeText(text));
  } catch (error) {
    throw new UsageError(`${path}: cannot write it: ${describeIoError(error)}`);
  }
}

/** What keeps a file from loading, and is none of FTP's business. */
function notLoaded({ code, message, place }: Diagnostic, places: Places): string {
  const { start } = places.range(place.path, place.span);
  return `${place.path}:${start.line + 1}:${start.character + 1} ${code}: left to you. ${message}`;
}

function reportLines(result: FixAllResult, changed: readonly FixedFile[], places: Places): string[] {
  const lines = changed.map(
    ({ path, edits }) => `${path}: ${edits.length === 1 ? "one change" : `${edits.length} changes`}`,
  );
  if (changed.length > 0) lines.push(...result.titles.map((title) => `  ${title}`));
  for (const { diagnostic, reason } of result.remaining) {
    const { code, place } = diagnostic;
    lines.push(`${showPlace(places.of(place))} ${code}: not repaired: ${reason}`);
  }
  lines.push(...result.notes);
  return lines.length > 0 ? lines : ["nothing to repair"];
}
