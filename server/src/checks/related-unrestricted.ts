import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { Rule } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { Check, CheckContext, Finding, Mend } from "./check.ts";
import { accepts, conditionsOf, matchOf, numbersOf, statementsOf } from "./rule-facts.ts";
import { rulesAbout } from "./rules-about.ts";

const id = "related-unrestricted";

/** Whatever is RELATED is let in, to whichever port: the helper believes what a peer says. */
export const relatedUnrestricted: Check = {
  id,
  severity: "hint",
  title: "RELATED is accepted from every helper and to every port, not only FTP's data connections",
  repair: "rules",
  defaultLevel: "off",
  run: (context) =>
    [...rulesAbout(context.host.ruleset, "any related")]
      .filter(({ rule }) => acceptsAnyRelated(rule) && letsDataIn(rule, context))
      .map(({ rule }) => finding(rule, context.cases, hasOtherHelpers(context))),
};

/** Accepts by the state alone. */
function acceptsAnyRelated(rule: Rule): boolean {
  const states = numbersOf(rule, "ctstate");
  return accepts(rule) && conditionsOf(rule).length === 1 && (states?.has(CT_STATE.related) ?? false);
}

/** Whether the first packet of a data connection comes in by the rule. */
function letsDataIn(rule: Rule, { cases }: CheckContext): boolean {
  return cases.some(({ outcomes }) =>
    outcomes.some(({ state }) =>
      traceSteps(state.trace).some(
        ({ packet, rule: by }) =>
          packet.startsWith("data SYN ") && by !== undefined && ruleKey(by) === ruleKey(rule),
      ),
    ),
  );
}

/** What other helpers expect is RELATED as well, and has to stay accepted. */
function hasOtherHelpers({ host }: CheckContext): boolean {
  return [...rulesAbout(host.ruleset, "helper")].some(({ rule, table }) =>
    statementsOf(rule).some(
      (one) =>
        one.kind === "setHelper" &&
        (one.helper.by === "unknown" ||
          (one.helper.by === "object" ? table.helpers.get(one.helper.name)?.type : one.helper.name) !==
            "ftp"),
    ),
  );
}

function finding(rule: Rule, cases: readonly SessionCase[], others: boolean): Finding {
  return {
    code: id,
    severity: "hint",
    message:
      "This rule lets in whatever is RELATED: a peer that lies in PORT or in its answer to PASV can have the helper expect a connection to any port that it names. Tie RELATED to the helper, to TCP and to unprivileged ports.",
    origin: rule.origin,
    related: [],
    cases: [],
    role: cases[0]?.role,
    mends: others ? [] : [mend(rule)],
  };
}

function mend(rule: Rule): Mend {
  const by = { nft: "ct state established", iptables: "--ctstate ESTABLISHED" };
  return {
    title: "Accept RELATED for FTP's data connections and ICMP errors alone",
    strategy: "helper",
    changes: [{ kind: "replace", rule, span: matchOf(rule, "ctstate")!.span, by }],
  };
}
