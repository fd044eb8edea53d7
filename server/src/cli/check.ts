import type { Command } from "commander";
import { Option } from "commander";
import type { Mode } from "../ftp/scenario.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { ConfigFile, Settings } from "../service.ts";
import { Service } from "../service.ts";
import { mergeSettings } from "../settings.ts";
import type { Dialect } from "../syntax/dialect.ts";
import type { Severity } from "../text/problem.ts";
import { checkGithub } from "./check-github.ts";
import { checkDocument } from "./check-json.ts";
import { checkSarif } from "./check-sarif.ts";
import { checkText } from "./check-text.ts";
import { ConfigFinder } from "./config.ts";
import { UsageError } from "./errors.ts";
import { explanation } from "./explain.ts";
import type { FoundHost } from "./hosts.ts";
import { findHosts } from "./hosts.ts";
import { readInputs } from "./inputs.ts";
import { DIALECTS, family, modes, portRange, SERVER_CONFIG } from "./option-values.ts";
import { complain, painter, print } from "./output.ts";
import type { Report } from "./places.ts";
import { Places } from "./places.ts";
import { namedServerFile, serverFilesFor } from "./server-files.ts";
import { VERSION } from "./version.ts";

interface CheckOptions {
  readonly format: "text" | "json" | "sarif" | "github";
  readonly failOn: Severity | "never";
  readonly passivePorts?: IntervalSet<number>;
  readonly helper?: "explicit" | "automatic";
  readonly modes?: Mode[];
  readonly config?: string;
  readonly serverConfig: readonly string[];
  readonly dialect?: Dialect;
  readonly family?: 4 | 6;
  readonly stdinFilename?: string;
}

/** `ftp-firewall check [FILE|DIR|-]…` */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("say whether FTP passes the firewall of each file, and what is in its way")
    .argument("[files...]", "files, folders (searched for rulesets), or - for standard input")
    .addOption(
      new Option("--format <format>", "how to print")
        .choices(["text", "json", "sarif", "github"])
        .default("text"),
    )
    .addOption(
      new Option("--fail-on <severity>", "exit with status 1 from this severity on")
        .choices(["error", "warning", "info", "never"])
        .default("warning"),
    )
    .option("--passive-ports <A-B>", "the FTP server's passive range", portRange)
    .addOption(
      new Option("--helper <how>", "how the kernel assigns the FTP helper").choices([
        "explicit",
        "automatic",
      ]),
    )
    .option("--modes <modes>", "the modes that have to work: active,passive", modes)
    .option("--config <FILE>", "the settings file, instead of the nearest .ftp-firewall.json")
    .option(...SERVER_CONFIG)
    .addOption(new Option("--dialect <dialect>", "what the files are").choices(DIALECTS))
    .option("--family <family>", "ipv4 or ipv6: which program iptables files are for", family)
    .option("--stdin-filename <FILE>", "what to call standard input")
    .addHelpText(
      "after",
      "\nExit status: 0 nothing at or above --fail-on (default: warning); 1 findings; 2 usage or I/O error.",
    )
    .action((paths: string[], options: CheckOptions) => {
      process.exitCode = runCheck(paths, options);
    });
}

function runCheck(paths: readonly string[], options: CheckOptions): number {
  if (paths.length === 0) throw new UsageError("check needs a file, a folder, or - for standard input");
  const { files, serverFiles, problems: unreadable } = readInputs(paths, options);
  const named = [...serverFiles, ...options.serverConfig.map(namedServerFile)];
  if (files.length === 0 && named.length > 0)
    throw new UsageError("an FTP server's configuration is judged together with rules: name those as well");
  const service = new Service();
  const config = new ConfigFinder(options.config);
  const { hosts, problems: missing } = findHosts(files, config, service);
  const problems = [...unreadable, ...missing];
  const reports = hosts.map((host) => reportOn(service, host, named, config, options));
  const status = problems.length > 0 ? 2 : reports.some((one) => fails(one, options.failOn)) ? 1 : 0;
  process.exitCode = status;
  for (const problem of problems) complain(problem);
  if (files.length > 0 || problems.length === 0) print(render(service, reports, options.format));
  return status;
}

function reportOn(
  service: Service,
  { files, snapshot, given }: FoundHost,
  named: readonly ConfigFile[],
  config: ConfigFinder,
  options: CheckOptions,
): Report {
  const settings = mergeSettings(config.forFile(files[0]!.path), stated(options));
  const rules = new Set([...files.map(({ path }) => path), ...given]);
  const serverFiles = serverFilesFor([...rules], named);
  const analysis = service.analyse(files, { settings, snapshot, serverFiles });
  return { analysis, places: new Places(analysis.host, serverFiles), given };
}

/** What the command line says, which goes before the settings file. */
function stated({ passivePorts, helper, modes: wanted }: CheckOptions): Partial<Settings> {
  return {
    ...(passivePorts && { passivePorts }),
    ...(helper && { helper }),
    ...(wanted && { modes: wanted }),
  };
}

const WEIGHTS = { never: 4, error: 3, warning: 2, info: 1, hint: 0 } as const;

function fails({ analysis }: Report, failOn: CheckOptions["failOn"]): boolean {
  return analysis.diagnostics.some((one) => WEIGHTS[one.severity] >= WEIGHTS[failOn]);
}

function render(service: Service, reports: readonly Report[], format: CheckOptions["format"]): string {
  switch (format) {
    case "text":
      return checkText(service, reports, painter());
    case "json":
      return `${JSON.stringify(checkDocument(service, reports), undefined, 2)}\n`;
    case "github":
      return checkGithub(reports);
    case "sarif":
      return `${JSON.stringify(checkSarif(service, reports, { version: VERSION, pageOf: explanation }), undefined, 2)}\n`;
  }
}
