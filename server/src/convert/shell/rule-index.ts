import type { Operation } from "../../model/operation.ts";
import type { Rule, RuleBody } from "../../model/rule.ts";
import { identityOf, sameBody } from "../../model/rule-equality.ts";

/**
 * The rules of one chain by what makes iptables take them for the same, so that a script that asks for each rule whether
 * it is there (`-C … || -A …`) costs no more for the thousandth than for the first.
 */
export class RuleIndex {
  readonly #byIdentity = new Map<string, Rule[]>();
  /** Those of which it is not known. */
  readonly #others: Rule[] = [];

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) this.add(rule);
  }

  add(rule: Rule): void {
    const identity = identityOf(rule.body);
    if (identity === undefined) {
      this.#others.push(rule);
      return;
    }
    const same = this.#byIdentity.get(identity);
    if (same) same.push(rule);
    else this.#byIdentity.set(identity, [rule]);
  }

  /** The rules that iptables takes for the same as this one, in no particular order. */
  same(body: RuleBody): readonly Rule[] {
    const identity = identityOf(body);
    if (identity === undefined)
      return [...this.#byIdentity.values()]
        .flat()
        .concat(this.#others)
        .filter((rule) => sameBody(rule.body, body));
    const others = this.#others.filter((rule) => sameBody(rule.body, body));
    return [...(this.#byIdentity.get(identity) ?? []), ...others];
  }
}

/** The rule that an operation has just added to a chain; undefined where it did something else to the rules. */
export function addedRule(operation: Operation, rules: readonly Rule[]): Rule | undefined {
  if (operation.op !== "append" && operation.op !== "insert") return undefined;
  const rule = operation.op === "append" ? rules[rules.length - 1] : rules[operation.index];
  return rule?.body === operation.body ? rule : undefined;
}
