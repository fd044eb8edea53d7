import type { Command } from "commander";
import { Option } from "commander";
import { expandedText, expandHost } from "../features/expand/expand.ts";
import { Service } from "../service.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { absoluteSpan } from "../text/origin.ts";
import { ConfigFinder } from "./config.ts";
import { UsageError } from "./errors.ts";
import { expandDocument } from "./expand-json.ts";
import { DiskSnapshot } from "./includes.ts";
import { readInputs, refuseFolders } from "./inputs.ts";
import { DIALECTS, family } from "./option-values.ts";
import { complain, print } from "./output.ts";
import { Places, showPlace } from "./places.ts";

interface ExpandOptions {
  readonly format: "text" | "json";
  readonly dialect?: Dialect;
  readonly family?: 4 | 6;
  readonly stdinFilename?: string;
}

/** `ftp-firewall expand FILE…` */
export function addExpand(program: Command): void {
  program
    .command("expand")
    .description(
      "print the ruleset that results from loading the files, each rule with the place it comes from",
    )
    .argument("<files...>", "the host's files, in the order in which they are loaded; - for standard input")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(new Option("--dialect <dialect>", "what the files are").choices(DIALECTS))
    .option("--family <family>", "ipv4 or ipv6: which program iptables files are for", family)
    .option("--stdin-filename <FILE>", "what to call standard input")
    .addHelpText("after", "\nExit status: 0 the ruleset was printed; 2 usage or I/O error.")
    .action((paths: string[], options: ExpandOptions) => {
      runExpand(paths, options);
    });
}

function runExpand(paths: readonly string[], options: ExpandOptions): void {
  const { files, problems } = readInputs(paths, options);
  if (problems.length > 0) throw new UsageError(problems.join("; "));
  refuseFolders(paths);
  if (files.length === 0) throw new UsageError("there is no ruleset in what was given");
  const { assume } = new ConfigFinder(undefined).forFile(files[0]!.path);
  const host = new Service().load(files, new DiskSnapshot(files), assume);
  const places = new Places(host);
  const expansion = expandHost(host);
  for (const { origin, message } of host.problems.filter((one) => one.refused)) {
    const place = places.of({ path: origin.file, span: absoluteSpan(origin) });
    complain(`${showPlace(place)}: the real tools would refuse this: ${message}`);
  }
  if (options.format === "json") {
    print(`${JSON.stringify(expandDocument(expansion, places), undefined, 2)}\n`);
    return;
  }
  const lines = expandedText(expansion, ({ file, span }) => {
    return `${file}:${places.range(file, span).start.line + 1}`;
  });
  print(lines.map(({ text }) => `${text}\n`).join(""));
}
