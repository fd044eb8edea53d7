import type { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Rule } from "../model/rule.ts";
import type { Ruleset } from "../model/ruleset.ts";
import { UNPRIVILEGED_PORTS } from "../model/values.ts";
import type { IpFamily } from "../netfilter/packet.ts";

/** The kernel's name of the helper. */
const FTP = "ftp";

/**
 * Rules that let in, on their way to this host, data connections which the FTP helper expected. On a host that lets no
 * FTP in they are there for what it opens itself: it is a client.
 */
export function acceptsExpected(ruleset: Ruleset, family: IpFamily): Rule[] {
  const found: Rule[] = [];
  for (const table of ruleset.tables.values()) {
    if (table.dormant || table.id.family === (family === 4 ? "ip6" : "ip")) continue;
    for (const chain of table.chains.values()) {
      if (chain.base?.hook === "input" && chain.base.type === "filter")
        found.push(...chain.rules.filter(isMeant));
    }
  }
  return found;
}

function isMeant({ body }: Rule): boolean {
  const asks = body.items.some((one) => one.item === "condition" && isFtpHelper(one.condition));
  const accepts = body.items.some(
    (one) =>
      one.item === "statement" && one.statement.kind === "verdict" && one.statement.verdict.type === "accept",
  );
  return asks && accepts && body.items.every((one) => one.item !== "condition" || mayBeData(one.condition));
}

/** A server opens data connections to high ports; who asks for the helper at port 21 wants to let FTP in. */
function mayBeData(condition: Condition): boolean {
  if (condition.kind !== "match" || condition.field !== "dport") return true;
  return (condition.values as IntervalSet<number>).intersects(UNPRIVILEGED_PORTS);
}

function isFtpHelper(condition: Condition): boolean {
  return (
    condition.kind === "match" &&
    condition.field === "cthelper" &&
    (condition.values as IntervalSet<string>).has(FTP) &&
    !(condition.values as IntervalSet<string>).has("")
  );
}
