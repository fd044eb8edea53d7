import { acceptsExpected } from "../ftp/helper-intent.ts";
import { familiesOf, ruleKey } from "../ftp/judgement.ts";
import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import { numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Check, CheckContext, Finding, Mend } from "./check.ts";
import type { Assignment } from "./helper-rules.ts";
import { assignmentsOf } from "./helper-rules.ts";
import { accepts, countOf, matchOf, numbersOf, rulesOf, takesNew } from "./rule-facts.ts";

const id = "helper-port-not-let-in";

/** The helper watches a port that nothing lets in, while another high port is open: perhaps that is FTP's. */
export const helperPortNotLetIn: Check = {
  id,
  severity: "info",
  title: "The helper watches a port on which no control connection is let in",
  repair: "rules",
  run: (context) => {
    const { ruleset } = context.host;
    if (!familiesOf(ruleset).some((family) => acceptsExpected(ruleset, family).length > 0)) return [];
    const others = openedPorts(context);
    if (others.length === 0) return [];
    return [...assignmentsOf(ruleset)]
      .filter((one) => isUnused(one, context))
      .map((one) => finding(one, others));
  },
};

/** Set for what arrives, and given to no session of a server that rules let in. */
function isUnused({ rule, chain }: Assignment, { cases }: CheckContext): boolean {
  const ports = numbersOf(rule, "dport");
  if (chain.base?.hook !== "prerouting" || !ports || countOf(ports) !== 1) return false;
  if (cases.some(({ role }) => role === "server")) return false;
  return !cases.some(
    ({ role, outcomes, anchors }) =>
      role === "gateway" &&
      anchors.some((anchor) => ruleKey(anchor) !== ruleKey(rule)) &&
      outcomes.some(({ state }) => state.helperRules.some((one) => ruleKey(one) === ruleKey(rule))),
  );
}

/** Rules for this host that open one high TCP port each. */
function openedPorts({ host }: CheckContext): { rule: Rule; port: number }[] {
  return [...rulesOf(host.ruleset)].flatMap(({ rule, chain }) => {
    const ports = numbersOf(rule, "dport");
    const isOpening =
      chain.base?.hook === "input" && accepts(rule) && takesNew(rule) && !matchOf(rule, "cthelper");
    if (!isOpening || !ports || countOf(ports) !== 1 || !ports.isSubsetOf(UNPRIVILEGED_PORTS)) return [];
    return isTcp(numbersOf(rule, "l4proto")) ? [{ rule, port: ports.min! }] : [];
  });
}

function isTcp(protocols: IntervalSet<number> | undefined): boolean {
  return protocols?.equals(numbers(6)) ?? false;
}

function finding({ rule }: Assignment, others: readonly { rule: Rule; port: number }[]): Finding {
  const asked = matchOf(rule, "dport")!;
  const watched = (asked.values as IntervalSet<number>).min!;
  const list = others.map(({ port }) => port).join(", ");
  return {
    code: id,
    severity: "info",
    message: `The helper watches port ${watched}, but no rule lets a control connection to port ${watched} in, so it has nothing to follow. If the FTP server listens on another port (${list} is open), give the helper to that one.`,
    origin: rule.origin,
    related: others.map((one) => ({ message: `Port ${one.port} is let in here.`, origin: one.rule.origin })),
    cases: [],
    isCause: true,
    mends: others.map((one) => mend(rule, asked.span, one.port)),
  };
}

function mend(rule: Rule, span: { readonly start: number; readonly end: number }, port: number): Mend {
  const by = { nft: `tcp dport ${port}`, iptables: `--dport ${port}` };
  return {
    title: `Give the helper to port ${port}`,
    isGuess: true,
    changes: [{ kind: "replace", rule, span, by }],
  };
}
