import type { Problem, ProblemCode } from "../text/problem.ts";
import type { Rule, RuleBody, Verdict } from "./rule.ts";
import type { Chain, Table } from "./ruleset.ts";

/** The verdicts that stand in a rule itself; those of a named map are the map's. */
export function* verdictsOf(body: RuleBody): Generator<Verdict> {
  for (const item of body.items) {
    if (item.item !== "statement") continue;
    const { statement } = item;
    if (statement.kind === "verdict") yield statement.verdict;
    if (statement.kind !== "vmap") continue;
    for (const entry of statement.entries) yield entry.verdict;
    if (statement.default) yield statement.default;
  }
}

/** The chains that a rule may jump or go to. */
export function jumpTargets(body: RuleBody, table: Pick<Table, "sets">): string[] {
  const found: string[] = [];
  for (const verdict of verdictsOf(body)) if ("chain" in verdict) found.push(verdict.chain);
  for (const item of body.items) {
    if (item.item !== "statement" || item.statement.kind !== "vmapLookup") continue;
    for (const element of table.sets.get(item.statement.map)?.elements ?? []) {
      if (element.verdict && "chain" in element.verdict) found.push(element.verdict.chain);
    }
  }
  return found;
}

/** NFT_JUMP_STACK_SIZE; jumps and gotos count alike (measured: fifteen in a row load, sixteen do not). */
const MOST_JUMPS = 15;

/**
 * What the kernel refuses with "Too many links" (nft_chain_validate): chains that jump in a circle, or further than
 * fifteen jumps from a base chain. Chains that no base chain leads to are not looked at.
 */
export function jumpProblems(table: Table): Problem[] {
  const problems: Problem[] = [];
  const reported = new Set<Rule>();
  const heights = new Map<string, number>();
  const report = (rule: Rule, code: ProblemCode, message: string) => {
    if (reported.has(rule)) return;
    reported.add(rule);
    problems.push({ code, severity: "error", message, origin: rule.origin, refused: true });
  };
  /** The most jumps that can follow in a row; circles are reported and left out. */
  const heightOf = (chain: Chain, path: readonly string[]): number => {
    const known = heights.get(chain.name);
    if (known !== undefined) return known;
    let height = 0;
    // Too deep already, however it goes on.
    if (path.length > 2 * MOST_JUMPS) return MOST_JUMPS;
    for (const rule of chain.rules) {
      if (rule.presence !== "certain") continue;
      for (const name of jumpTargets(rule.body, table)) {
        const circle = path.indexOf(name);
        const target = table.chains.get(name);
        if (circle >= 0) report(rule, "jump-loop", circleInWords([...path.slice(circle), name]));
        else if (target) height = Math.max(height, 1 + heightOf(target, [...path, name]));
      }
    }
    heights.set(chain.name, height);
    return height;
  };
  for (const chain of table.chains.values()) {
    if (!chain.base || heightOf(chain, [chain.name]) <= MOST_JUMPS) continue;
    const rule = deepestJump(chain, table, heights);
    if (rule) report(rule, "jumps-too-deep", TOO_DEEP);
  }
  return problems;
}

function deepestJump(chain: Chain, table: Table, heights: ReadonlyMap<string, number>): Rule | undefined {
  return chain.rules.find((rule) =>
    jumpTargets(rule.body, table).some((name) => (heights.get(name) ?? 0) >= MOST_JUMPS),
  );
}

function circleInWords(chains: readonly string[]): string {
  return `This closes a circle of jumps (${chains.join(" → ")}): the kernel refuses the rule. Take one of the jumps out.`;
}

const TOO_DEEP = `More than ${MOST_JUMPS} jumps follow each other from here: the kernel refuses the rule. Put the rules of some of these chains together.`;
