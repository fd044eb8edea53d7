import type { Command } from "commander";
import { Option } from "commander";
import type { Role } from "../ftp/scenario.ts";
import { ROLES } from "../ftp/scenario.ts";
import type { SimulateOptions } from "../ftp/simulate.ts";
import { Service } from "../service.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { absoluteSpan } from "../text/origin.ts";
import { ConfigFinder } from "./config.ts";
import { UsageError } from "./errors.ts";
import { DiskSnapshot } from "./includes.ts";
import { readInputs, refuseFolders } from "./inputs.ts";
import {
  addresses,
  announcedAddress,
  DIALECTS,
  family,
  interfaceName,
  port,
  portOrAny,
  portRange,
  SERVER_CONFIG,
} from "./option-values.ts";
import { complain, painter, print } from "./output.ts";
import { Places, showLoadOrder, showPlace } from "./places.ts";
import { namedServerFile, serverOptions } from "./server-files.ts";
import { notesOn, simulateDocument } from "./simulate-json.ts";
import { simulateText } from "./simulate-text.ts";

interface SimulateCommandOptions extends SimulateOptions {
  readonly role: Role;
  readonly format: "text" | "json";
  readonly serverConfig: readonly string[];
  readonly trace?: boolean;
  readonly dialect?: Dialect;
  readonly family?: 4 | 6;
}

/** `ftp-firewall simulate FILE… --role server|client|gateway` */
export function addSimulate(program: Command): void {
  program
    .command("simulate")
    .description("play FTP sessions through the whole firewall of one host, as the kernel would")
    .argument("<files...>", "the host's files, in the order in which they are loaded")
    .addOption(new Option("--role <role>", "where the firewall stands").choices(ROLES).makeOptionMandatory())
    .option("--client <ADDR[,ADDR6]>", "the client's addresses", addresses)
    .option("--client-ports <A-B>", "the client's unprivileged ports (default: 1024-65535)", portRange)
    .option("--server <ADDR[,ADDR6]>", "where the FTP server really is", addresses)
    .option("--connect-to <ADDR[,ADDR6]>", "what the client dials, where NAT rewrites it", addresses)
    .option("--client-interface <IF>", "the firewall host's interface towards the client", interfaceName)
    .option("--server-interface <IF>", "the firewall host's interface towards the server", interfaceName)
    .option("--passive-ports <A-B>", "the FTP server's passive range", portRange)
    .option(
      "--control-port <PORT>",
      "the port that the client dials (default: 21, with implicit TLS 990)",
      port,
    )
    .option("--data-port <PORT>", "the server's source port in active mode, or any (default: 20)", portOrAny)
    .addOption(
      new Option("--tls <kind>", "encryption of the control connection").choices([
        "none",
        "explicit",
        "implicit",
      ]),
    )
    .addOption(
      new Option(
        "--pasv-address <what>",
        "what clients do with the address in the 227 reply (default: ignore)",
      ).choices(["ignore", "follow"]),
    )
    .option(
      "--announced <ADDR>",
      "the IPv4 address in the server's 227 reply, where its configuration says another than its own",
      announcedAddress,
    )
    .addOption(
      new Option(
        "--commands <which>",
        "what clients say over IPv4: PORT and PASV, or EPRT and EPSV as curl does (default: standard)",
      ).choices(["standard", "extended"]),
    )
    .addOption(
      new Option("--helper <how>", "how the kernel assigns the FTP helper").choices([
        "explicit",
        "automatic",
      ]),
    )
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .option("--trace", "show the way of the sessions that work as well")
    .option(...SERVER_CONFIG)
    .addOption(new Option("--dialect <dialect>", "what the files are").choices(DIALECTS))
    .option("--family <family>", "ipv4 or ipv6: which program iptables files are for", family)
    .addHelpText(
      "after",
      "\nExit status: 0 the sessions were judged, whatever came out; 2 usage or I/O error.",
    )
    .action((paths: string[], options: SimulateCommandOptions) => {
      runSimulate(paths, options);
    });
}

function runSimulate(paths: readonly string[], options: SimulateCommandOptions): void {
  const { files, serverFiles, problems } = readInputs(paths, options);
  if (problems.length > 0) throw new UsageError(problems.join("; "));
  refuseFolders(paths);
  if (files.length === 0) throw new UsageError("there is no ruleset in what was given");
  const snapshot = new DiskSnapshot(files);
  const { helper, passivePorts, assume } = new ConfigFinder(undefined).forFile(files[0]!.path);
  const named = [...serverFiles, ...options.serverConfig.map(namedServerFile)];
  const stated = {
    ...serverOptions(named, options.role),
    ...(helper && { helper }),
    ...(passivePorts && { passivePorts }),
  };
  const result = new Service().simulate(files, { ...stated, ...options }, snapshot, assume);
  const places = new Places(result.host);
  if (options.format === "json") {
    print(`${JSON.stringify(simulateDocument(result, places, options.trace), undefined, 2)}\n`);
    return;
  }
  for (const { origin, message } of result.host.problems.filter((one) => one.refused)) {
    const place = places.of({ path: origin.file, span: absoluteSpan(origin) });
    complain(`${showPlace(place)}: the real tools would refuse this: ${message}`);
  }
  for (const note of notesOn(result.host)) complain(note);
  const order = showLoadOrder(result.host);
  if (order !== undefined) print(`${order}\n\n`);
  print(simulateText(result.sessions, places, painter(), options.trace));
}
