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

  readonly #rules: readonly Rule[];
  #count = 0;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    for (const rule of rules) this.#add(rule);
  }

  /** Whether it is the index of just these rules; `follow` has to have been told of each change to them. */
  isOf(rules: readonly Rule[]): boolean {
    return this.#rules === rules && this.#count === rules.length;
  }

  /** Takes in the rule that an operation has just added; false where it did anything else to the rules. */
  follow(operation: Operation, rules: readonly Rule[]): boolean {
    if (this.#rules !== rules || this.#count + 1 !== rules.length) return false;
    if (operation.op !== "append" && operation.op !== "insert") return false;
    const rule = operation.op === "append" ? rules[rules.length - 1] : rules[operation.index];
    if (rule?.body !== operation.body) return false;
    this.#add(rule);
    return true;
  }

  #add(rule: Rule): void {
    this.#count++;
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
