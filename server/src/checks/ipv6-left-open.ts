import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { Chain, Ruleset } from "../model/ruleset.ts";
import { UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { Check, CheckContext, Finding } from "./check.ts";
import { countOf, denies, matchOf, takesNew } from "./rule-facts.ts";

const id = "ipv6-left-open";

/** IPv4 is filtered, and over IPv6 the same host lets everything in. */
export const ipv6LeftOpen: Check = {
  id,
  severity: "warning",
  title: "IPv4 is filtered strictly, but the same host's IPv6 rules let everything in",
  repair: "none",
  run: (context) => {
    const [one] = context.cases.filter((each) => each.family === 4 && each.role === "server");
    const chain = one && !switchesIpv6Off(context) && openChain(context.host.ruleset);
    return one && chain && isStrict(one, context) && isOpen(one, context) ? [finding(one, chain)] : [];
  },
};

/** A script that filters IPv4 alone often says why: there is no IPv6. */
function switchesIpv6Off({ host }: CheckContext): boolean {
  return host.files.some(({ source: { text } }) => SWITCHES_OFF.test(text));
}

const SWITCHES_OFF =
  /^[^#\n]*(?:\bdisable_ipv6\s*=\s*["']?1|\becho\s+["']?1["']?\s*>\s*\S*\/all\/disable_ipv6)/m;

/** The input chain of IPv6's own rules, whose policy the files state. */
function openChain({ tables }: Ruleset): Chain | undefined {
  for (const table of tables.values()) {
    if (table.id.family !== "ip6") continue;
    for (const chain of table.chains.values()) {
      const { base, policy } = chain;
      const isInput = base?.hook === "input" && base.type === "filter";
      const filters = chain.rules.some((rule) => denies(rule) && takesNew(rule) && !matchOf(rule, "dport"));
      if (isInput && policy.stated && policy.verdict === "accept" && !filters) return chain;
    }
  }
  return undefined;
}

/** A wide-open host reaches nearly all of its 65,536 ports, a firewall few of them. */
const MOST_OF_ALL = 60_000;

function isStrict({ reading }: SessionCase, { reached }: CheckContext): boolean {
  const { all } = reached(reading.ruleset, { role: "server", family: 4, sourcePorts: UNPRIVILEGED_PORTS });
  return countOf(all) < MOST_OF_ALL / 2;
}

/** By its policy alone, and from everywhere. */
function isOpen({ reading }: SessionCase, { reached }: CheckContext): boolean {
  const probe = { role: "server", family: 6, sourcePorts: UNPRIVILEGED_PORTS } as const;
  return countOf(reached(reading.ruleset, probe).byPolicy) > MOST_OF_ALL;
}

function finding(one: SessionCase, chain: Chain): Finding {
  const origin = chain.policy.origin ?? chain.origin ?? one.anchors[0]!.origin;
  const anchors = new Map(one.anchors.map((rule) => [ruleKey(rule), rule]));
  return {
    code: id,
    severity: "warning",
    message: `Over IPv4 this host lets in FTP and little else, but over IPv6 the policy of chain ${chain.name} lets everything in: whoever comes by IPv6 meets no firewall. Filter IPv6 the same way (and let ICMPv6 neighbour discovery in), or set its policies to DROP where IPv6 is not used.`,
    origin,
    related: [...anchors.values()]
      .slice(0, 1)
      .map((rule) => ({ message: "Over IPv4, FTP is let in here.", origin: rule.origin })),
    cases: [],
  };
}
