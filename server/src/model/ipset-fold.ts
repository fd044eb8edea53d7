import { loadedFile } from "../text/origin.ts";
import { ipsetsOf, withIpsets } from "./ipset-rules.ts";
import { type IpsetProblem, IpsetStore } from "./ipset-store.ts";
import type { Operation } from "./operation.ts";
import type { Rule, RuleBody } from "./rule.ts";

type IpsetOperation = Operation & { readonly op: "ipset" };

/** The ipsets' part of loading a log: they are filled, and rules ask them. */
export class IpsetFold {
  readonly isUsed: boolean;
  readonly #store = new IpsetStore();
  /** Sets and the files that certainly make them, anywhere. */
  readonly #made = new Map<string, Set<string>>();

  constructor(log: readonly Operation[]) {
    const changes = log.filter((one): one is IpsetOperation => one.op === "ipset");
    this.isUsed = changes.length > 0;
    for (const { change, presence, origin } of changes) {
      if (change.do !== "create" || presence !== "certain") continue;
      const files = this.#made.get(change.set) ?? new Set();
      this.#made.set(change.set, files.add(loadedFile(origin)));
    }
  }

  apply(operation: IpsetOperation, isUsed: (set: string) => boolean): IpsetProblem | undefined {
    const problem = this.#store.apply(operation.change, operation.presence, isUsed);
    if (problem?.code !== "undefined-set") return problem;
    const { change } = operation;
    // Made elsewhere, as far as we know: then it is there.
    return change.set !== undefined && this.#isMadeBy(change.set, operation) && change.do !== "destroy"
      ? problem
      : undefined;
  }

  /**
   * Why iptables refuses a rule: the file makes the set, but not before the rule; or the set is for the other
   * family. A set that no file makes may be there all the same.
   */
  refusal(operation: Operation): IpsetProblem | undefined {
    if (!this.isUsed || operation.presence !== "certain" || !("body" in operation)) return undefined;
    const { tests, changes } = ipsetsOf(operation.body);
    for (const { set } of [...tests, ...changes]) {
      if (this.#store.typeOf(set) !== undefined || !this.#isMadeBy(set, operation)) continue;
      const message = `The ipset ${set} does not exist at this point, so iptables refuses the rule. Create it before.`;
      return { code: "undefined-set", message };
    }
    for (const { set, family } of tests) {
      const type = this.#store.typeOf(set);
      if (type?.family === undefined || type.family === family || this.#store.find(set)?.doubt !== undefined)
        continue;
      const message = `The ipset ${set} holds IPv${type.family} addresses, so ${
        family === 4 ? "iptables" : "ip6tables"
      } refuses the rule. Make a set of "family ${family === 4 ? "inet" : "inet6"}" for it.`;
      return { code: "key-mismatch", message };
    }
    return undefined;
  }

  /** A set that a rule asks and that nothing here has made: without it iptables refuses the rule. */
  missingSet(body: RuleBody): string | undefined {
    if (!this.isUsed) return undefined;
    return ipsetsOf(body).tests.find(({ set }) => this.#store.typeOf(set) === undefined)?.set;
  }

  /** What a rule that was loaded does to the sets while packets pass. */
  changedBy(body: RuleBody): void {
    for (const { set, adds } of ipsetsOf(body).changes) {
      const fact = `what the target SET ${adds ? "adds to" : "takes from"} it`;
      this.#store.apply({ do: "unknown", set, fact, adds }, "certain", () => false);
    }
  }

  bind(rule: Rule): Rule {
    const body = withIpsets(rule.body, (set) => this.#store.find(set));
    return body === rule.body ? rule : { ...rule, body };
  }

  #isMadeBy(set: string, { origin }: Operation): boolean {
    return this.#store.isComplete() && (this.#made.get(set)?.has(loadedFile(origin)) ?? false);
  }
}
