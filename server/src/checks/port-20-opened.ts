import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import { FTP_DATA_PORT } from "../ftp/scenario.ts";
import type { Rule } from "../model/rule.ts";
import { numbers } from "../model/values.ts";
import { holds } from "../netfilter/named-port.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { Check, CheckContext, Finding, RuleChange } from "./check.ts";
import { accepts, matchOf, numbersOf, takesNew } from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";

const id = "port-20-opened";

/** Port 20 is opened for incoming connections: an FTP server sends from it, nobody connects to it. */
export const port20Opened: Check = {
  id,
  severity: "hint",
  title: "Port 20 is opened as a destination, but an FTP server only sends from it",
  repair: "rules",
  run: (context) =>
    [...rulesAbout(context.host.ruleset, "port 20")]
      .filter(({ rule, chain }) => opensPort20(rule) && leadsIn(chain.base?.hook) && isForFtp(rule, context))
      .map(({ rule }) => finding(rule)),
};

function opensPort20(rule: Rule): boolean {
  const ports = numbersOf(rule, "dport");
  return ports !== undefined && holds(ports, FTP_DATA_PORT) && accepts(rule) && takesNew(rule) && isTcp(rule);
}

function isTcp(rule: Rule): boolean {
  return numbersOf(rule, "l4proto")?.has(6) ?? true;
}

/** A chain of its own may be for either direction. */
function leadsIn(hook: string | undefined): boolean {
  return hook === undefined || hook === "input" || hook === "forward";
}

/** FTP is let in, and no packet of a session needs the rule (where states are not used, some do). */
function isForFtp(rule: Rule, { cases }: CheckContext): boolean {
  const served = cases.filter(({ role }) => role !== "client");
  return served.length > 0 && !served.some((one) => needs(one, rule));
}

function needs({ outcomes }: SessionCase, rule: Rule): boolean {
  return outcomes.some(({ state }) =>
    traceSteps(state.trace).some(
      (step) => step.packet.startsWith("data") && step.rule && ruleKey(step.rule) === ruleKey(rule),
    ),
  );
}

function finding(rule: Rule): Finding {
  const alone = numbersOf(rule, "dport")!.equals(numbers(FTP_DATA_PORT));
  const { span } = matchOf(rule, "dport")!;
  const change: RuleChange = alone
    ? { kind: "remove", rule }
    : { kind: "without-port", rule, span, port: FTP_DATA_PORT };
  return {
    code: id,
    severity: "hint",
    message:
      "Nobody ever connects to port 20: in active mode the FTP server opens the data connection from its port 20 to a high port of the client. Opening it here lets no data through.",
    origin: rule.origin,
    related: [],
    cases: [],
    isCause: true,
    mends: [{ title: "Do not open port 20", changes: [change] }],
  };
}
