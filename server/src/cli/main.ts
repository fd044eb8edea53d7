import { Command, CommanderError } from "commander";
import { addCheck } from "./check.ts";
import { oneLine, UsageError } from "./errors.ts";
import { addExpand } from "./expand.ts";
import { addExplain } from "./explain.ts";
import { addFix } from "./fix.ts";
import { complain, print } from "./output.ts";
import { addSimulate } from "./simulate.ts";
import { VERSION } from "./version.ts";

/** Exit status: 0 and 1 as each command says; 2 after a usage or I/O error, with one line on standard error. */
function main(): void {
  try {
    createProgram().parse();
  } catch (error) {
    process.exitCode = fail(error);
  }
}

function createProgram(): Command {
  const program = new Command("ftp-firewall")
    .description("Tells whether FTP passes a firewall of iptables or nftables rules, and repairs it.")
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    // Usage errors are thrown; the one line about them is written in `fail`.
    .configureOutput({ writeOut: print, writeErr: () => {}, outputError: () => {} });
  for (const add of [addCheck, addFix, addSimulate, addExpand, addExplain]) add(program);
  return program;
}

function fail(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    complain(usageLine(error));
    return 2;
  }
  if (error instanceof UsageError) {
    complain(oneLine(error.message));
    return 2;
  }
  // A defect of this program: the message without the stack, unless somebody looks for it.
  if (process.env.FTP_FIREWALL_DEBUG) throw error;
  complain(`this should not have happened: ${oneLine(String(error))} (FTP_FIREWALL_DEBUG=1 shows where)`);
  return 2;
}

function usageLine(error: CommanderError): string {
  if (error.code === "commander.help" || error.code === "commander.helpDisplayed") {
    return "say what to do: check, fix, simulate, expand or explain; --help says more";
  }
  return oneLine(error.message.replace(/^error: /, ""));
}

main();
