import { controlPorts } from "../ftp/control-port.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { namesPort } from "../netfilter/named-port.ts";
import type { Check, CheckContext, Finding, Mend } from "./check.ts";
import type { HelperSwitch } from "./helper-commands.ts";
import { effectOf, helperSwitches } from "./helper-commands.ts";
import { assignmentsOf } from "./helper-rules.ts";
import { matchOf, rulesOf } from "./rule-facts.ts";

const id = "helper-switch-without-effect";

/** A script switches on automatic assignment, which Linux 6.0 no longer has. */
export const helperSwitchWithoutEffect: Check = {
  id,
  severity: "info",
  title: "A script switches on automatic helpers (nf_conntrack_helper), which Linux 6.0 has removed",
  repair: "rules",
  run: (context) => {
    const switches = context.helper === "explicit" ? helperSwitches(context.host) : [];
    if (switches.length === 0 || !concernsFtp(context.host.ruleset)) return [];
    const assigned = !assignmentsOf(context.host.ruleset).next().done;
    return switches.map((one) => finding(one, assigned, context));
  },
};

/** Whether some rule names a control port or asks for the FTP helper. */
function concernsFtp(ruleset: Ruleset): boolean {
  const ports = controlPorts(ruleset);
  for (const { rule, table } of rulesOf(ruleset)) {
    const helpers = matchOf(rule, "cthelper")?.values as IntervalSet<string> | undefined;
    if (helpers?.has("ftp") || ports.some((port) => namesPort(rule, port, table))) return true;
  }
  return !assignmentsOf(ruleset).next().done;
}

function finding(one: HelperSwitch, assigned: boolean, context: CheckContext): Finding {
  const mends = assigned || passesWithout(context) ? mendsOf(one) : [];
  return {
    code: id,
    severity: assigned ? "hint" : "info",
    message: message(one, assigned),
    origin: one.origin,
    related: [],
    cases: [],
    isCause: true,
    mends,
  };
}

/** On an older kernel what is not seen to pass may pass thanks to the switch. */
function passesWithout({ allCases }: CheckContext): boolean {
  return (
    allCases.length > 0 &&
    allCases.every(({ classes }) => classes.every(({ verdict }) => verdict.verdict === "works"))
  );
}

function mendsOf({ origin, removable }: HelperSwitch): Mend[] {
  const title = "Remove the switch, which Linux 6.0 no longer has";
  switch (removable) {
    case "command":
      return [{ title, changes: [{ kind: "remove", rule: { origin } }] }];
    case "words":
      return [{ title, changes: [{ kind: "without-words", rule: { origin }, span: origin.span }] }];
    case undefined:
      return [];
  }
}

function message(one: HelperSwitch, assigned: boolean): string {
  const gone = `Linux 6.0 has removed this switch: since then ${effectOf(one)}`;
  if (assigned)
    return `${gone}. Rules assign the FTP helper here, so automatic assignment is not needed on older kernels either. Remove it.`;
  return `${gone}, and no connection gets the FTP helper by itself (since 4.7 the switch is off unless it is set). Whether this has an effect depends on the kernel's version. Assign the helper by a rule instead: iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp (on a client in OUTPUT), or nft's ct helper set. If the kernel is older and stays so, set "helper" to "automatic" in the settings.`;
}
