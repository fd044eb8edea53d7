import type { Field, Rule } from "../model/rule.ts";
import type { Check, Finding } from "./check.ts";
import type { Assignment } from "./helper-rules.ts";
import { assignmentsOf } from "./helper-rules.ts";
import { conditionsOf, matchOf, statementsOf } from "./rule-facts.ts";

const id = "helper-for-every-port";

/** Every TCP connection gets the FTP helper, whatever its port. */
export const helperForEveryPort: Check = {
  id,
  severity: "hint",
  title: "The FTP helper is given to every TCP connection, not only to FTP's",
  repair: "rules",
  run: ({ host }) => [...assignmentsOf(host.ruleset)].filter(isForAll).map(finding),
};

/** Whoever asks for one of these means some connections only. */
const PORT_FIELDS: readonly Field[] = ["dport", "ctorigdport", "ctrepldport", "mark", "ctmark", "cthelper"];

/** Whether nothing in the chain tells of which port the connections are that the rule is for. */
function isForAll({ rule, chain }: Assignment): boolean {
  const before = chain.rules.slice(0, chain.rules.indexOf(rule));
  return (
    chain.base !== undefined &&
    !asksForPort(rule) &&
    !before.some((one) => asksForPort(one) && isVerdict(one)) &&
    statementsOf(rule).some((one) => one.kind === "setHelper")
  );
}

/** Also by a set, a mark or something else from which a port could follow. */
function asksForPort(rule: Rule): boolean {
  return conditionsOf(rule).some((one) => one.kind !== "match" || PORT_FIELDS.includes(one.field));
}

function isVerdict(rule: Rule): boolean {
  return statementsOf(rule).some(({ kind }) => kind === "verdict" || kind === "vmap");
}

function finding({ rule }: Assignment): Finding {
  return {
    code: id,
    severity: "hint",
    message:
      "This rule gives the FTP helper to TCP connections whatever their port: it then reads along in web and mail traffic, too, and whatever looks like a PORT command there opens a port. Give it to connections to port 21 alone.",
    origin: rule.origin,
    related: [],
    cases: [],
    isCause: true,
    // A server may listen on another port as well, which the helper serves now.
    mends: [{ title: "Give the helper to port 21 alone", isGuess: true, changes: [requirement(rule)] }],
  };
}

function requirement(rule: Rule) {
  const set = statementsOf(rule).find((one) => one.kind === "setHelper")!;
  const iptables = matchOf(rule, "l4proto") ? "--dport 21" : "-p tcp --dport 21";
  return {
    kind: "require" as const,
    rule,
    at: set.span.start,
    by: { nft: "tcp dport 21", iptables },
  };
}
