import type { SessionCase } from "../ftp/judgement.ts";
import { ruleKey } from "../ftp/judgement.ts";
import type { OpenedPorts } from "../ftp/opened-ports.ts";
import { IntervalSet } from "../model/interval-set.ts";
import type { Rule } from "../model/rule.ts";
import { numbers, rangesOf } from "../model/values.ts";

/** Below this people open ranges for other things: VNC, web applications, file sharing. */
const LOWEST_USUAL = 10_000;

/** Rules for one service stand together. */
const FARTHEST = 2;

/**
 * Those of the opened ports that seem to be meant for FTP: what the server uses of them, and else what stands beside
 * the rule that lets FTP in, or says so. A range that somebody opened for something else is none of FTP's business.
 */
export function meantForFtp(one: SessionCase, opened: OpenedPorts): OpenedPorts {
  const used = one.server?.passivePorts.value ?? IntervalSet.empty<number>();
  const rules = opened.rules.filter((rule) => isMeant(one, rule) || portsOf(rule).intersects(used));
  let ports = IntervalSet.empty<number>();
  for (const [low, high] of rangesOf(opened.ports)) {
    const interval = numbers(low, high);
    const concerned = rules.some((rule) => portsOf(rule).intersects(interval));
    if (interval.intersects(used) || concerned) ports = ports.union(interval);
  }
  return { ports, rules };
}

function isMeant(one: SessionCase, rule: Rule): boolean {
  if (/ftp|pasv|passive/i.test(rule.body.comment ?? "")) return true;
  return portsAbove(rule) && one.anchors.some((anchor) => isBeside(one, anchor, rule));
}

/** Whether the rule opens nothing below the usual ranges but FTP's own port. */
function portsAbove(rule: Rule): boolean {
  const high = portsOf(rule).subtract(numbers(0, 1023));
  return high.min !== undefined && high.min >= LOWEST_USUAL;
}

function portsOf({ body }: Rule): IntervalSet<number> {
  const sets = body.items.flatMap((one) =>
    one.item === "condition" && one.condition.kind === "match" && one.condition.field === "dport"
      ? [one.condition.values as IntervalSet<number>]
      : [],
  );
  return IntervalSet.unionOf(sets);
}

function isBeside({ reading }: SessionCase, anchor: Rule, rule: Rule): boolean {
  for (const table of reading.ruleset.tables.values()) {
    for (const { rules } of table.chains.values()) {
      const placeOf = (wanted: Rule) => rules.findIndex((one) => ruleKey(one) === ruleKey(wanted));
      const [a, b] = [placeOf(anchor), placeOf(rule)];
      if (a >= 0 && b >= 0) return Math.abs(a - b) <= FARTHEST;
    }
  }
  return false;
}
