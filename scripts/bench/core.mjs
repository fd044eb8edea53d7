// The two halves of an analysis, apart: `Service.load` reads files, `check` does all the rest.
import { runChecks } from "../../server/src/checks/run.ts";
import { convertShell } from "../../server/src/convert/shell/convert.ts";
import { judgeHost } from "../../server/src/ftp/judgement.ts";
import { foldOperations } from "../../server/src/model/fold.ts";
import { Budget } from "../../server/src/netfilter/budget.ts";
import { DEFAULT_SETTINGS } from "../../server/src/service.ts";

import { parseShell } from "../../server/src/syntax/shell/parse.ts";

export { Service } from "../../server/src/service.ts";

/** All roles, modes and IP versions of a loaded host, and every check on them. */
export function check(host) {
  const budget = new Budget();
  return runChecks(host, judgeHost(host.ruleset, DEFAULT_SETTINGS, budget), budget);
}

/** Reads a script, follows it and loads what it does; no parts of it are remembered. */
export function interpret(text) {
  const { operations } = convertShell(parseShell(text), { path: "firewall.sh" });
  foldOperations(operations);
  return operations.length;
}
