import { absoluteSpan, fileName, loadedFile } from "../text/origin.ts";
import type { Problem } from "../text/problem.ts";
import type { Operation } from "./operation.ts";
import type { Rule } from "./rule.ts";
import type { Policy } from "./ruleset.ts";

interface Contents {
  readonly rules: readonly Rule[];
  readonly policy: Policy;
}

/** What statements erase of the rules that earlier files of the same host have loaded. */
export class Erasures {
  readonly #found = new Map<string, { readonly operation: Operation; readonly files: Set<string> }>();

  /** To be told before `operation` takes the rules of `chains` away, and with `policies` these, too. */
  note(operation: Operation, chains: Iterable<Contents>, policies: boolean): void {
    if (operation.presence !== "certain") return;
    const { origin } = operation;
    const own = loadedFile(origin);
    const files = new Set<string>();
    for (const { rules, policy } of chains) {
      for (const rule of rules) files.add(loadedFile(rule.origin));
      if (policies && policy.verdict === "drop" && policy.origin) files.add(loadedFile(policy.origin));
    }
    files.delete(own);
    if (files.size === 0) return;
    const key = `${origin.file} ${absoluteSpan(origin).start}`;
    const before = this.#found.get(key);
    if (before) for (const file of files) before.files.add(file);
    else this.#found.set(key, { operation, files });
  }

  problems(): Problem[] {
    return [...this.#found.values()].map(({ operation, files }) => ({
      code: "rules-of-other-file-erased",
      severity: "info",
      message: message(operation, [...files].map(fileName)),
      origin: operation.origin,
      refused: false,
    }));
  }
}

function message(operation: Operation, files: readonly string[]): string {
  const names =
    files.length > 1 ? `${files.slice(0, -1).join(", ")} and ${files[files.length - 1]}` : files[0];
  return (
    `${whatItDoes(operation)}, and with that the rules that ${names} loaded before. The files of a host are loaded ` +
    `one after the other: if those rules are to stay, this has to come first.`
  );
}

function whatItDoes(operation: Operation): string {
  switch (operation.op) {
    case "flushRuleset":
      return operation.family
        ? `This erases all tables of family ${operation.family}`
        : "This erases all tables, iptables' as well";
    case "resetTable":
      return `Loading this replaces all of table ${operation.table.name}`;
    case "deleteTable":
      return `This deletes table ${operation.table.name}`;
    case "flushChain":
    case "deleteChain":
      if (operation.chain === undefined) return `This empties all chains of table ${operation.table.name}`;
      return `This empties chain ${operation.chain} of table ${operation.table.name}`;
    default:
      return "table" in operation && operation.table
        ? `This empties all chains of table ${operation.table.name}`
        : "This erases rules";
  }
}
