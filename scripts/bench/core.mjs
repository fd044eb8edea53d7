// The two halves of an analysis, apart: `Service.load` reads files, `check` does all the rest.
import { runChecks } from "../../server/src/checks/run.ts";
import { judgeHost } from "../../server/src/ftp/judgement.ts";
import { Budget } from "../../server/src/netfilter/budget.ts";
import { DEFAULT_SETTINGS } from "../../server/src/service.ts";

export { Service } from "../../server/src/service.ts";

/** All roles, modes and IP versions of a loaded host, and every check on them. */
export function check(host) {
  const budget = new Budget();
  return runChecks(host, judgeHost(host.ruleset, DEFAULT_SETTINGS, budget), budget);
}
