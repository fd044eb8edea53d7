import { builtinChains } from "../../model/builtin-chains.ts";
import { foldOperations, RulesetFold } from "../../model/fold.ts";
import type { Operation } from "../../model/operation.ts";
import type { Presence } from "../../model/rule.ts";
import { type Ruleset, type TableId, tableKey } from "../../model/ruleset.ts";
import type { IptablesCommand } from "../../syntax/iptables/command.ts";
import { tableOf } from "../iptables/convert-command.ts";
import { rulesOf, tooManyRules } from "../iptables/one-address.ts";
import { jumpKind, ruleBody } from "../iptables/rule-body.ts";
import { RuleIndex } from "./rule-index.ts";
import type { Status } from "./value.ts";

/**
 * The ruleset as the script has it so far, for what scripts ask iptables about: `iptables -C … || iptables -A …`,
 * `iptables -N X || iptables -F X`, `iptables -S`. It starts empty.
 */
export class LiveRuleset {
  readonly #log: readonly Operation[];
  readonly #fold = new RulesetFold([]);
  #applied = 0;
  readonly #indexes = new Map<string, RuleIndex>();
  /** Something may have changed anything. */
  #unknown: string | undefined;

  /** `log` may grow. */
  constructor(log: readonly Operation[]) {
    this.#log = log;
  }

  /** Whether a command succeeds that is run with this presence. What else can go wrong is taken to go right. */
  statusOf(command: IptablesCommand, presence: Presence): Status {
    const { operation } = command;
    const table = tableOf(command);
    if (operation === undefined || table === undefined) return true;
    const fold = this.#caughtUp();
    const chain = operation.chain?.text;
    switch (operation.kind) {
      case "check":
        return this.#hasRules(command, table, presence);
      case "delete":
      case "replace":
        if (operation.number === undefined && operation.kind === "delete")
          return this.#hasRules(command, table, presence);
        return this.#hasNumber(table, chain, operation.number ?? 0, presence);
      case "append":
      case "insert":
        return this.#canAdd(command, table, presence);
      case "newChain":
        return opposite(this.#hasChain(table, chain, presence));
      case "renameChain":
      case "list":
      case "listRules":
      case "flush":
      case "zero":
        return chain === undefined ? true : this.#hasChain(table, chain, presence);
      case "deleteChain": {
        if (chain === undefined) return fold.userChains(table).every((name) => !fold.isInUse(table, name));
        const exists = this.#hasChain(table, chain, presence);
        return exists === true ? !fold.isInUse(table, chain) : exists;
      }
      default:
        return true;
    }
  }

  /** Whether nft can do all of what one run of it is to do; otherwise it does nothing. */
  statusOfNft(operations: readonly Operation[], presence: Presence): Status {
    const fold = this.#caughtUp();
    const made = new Set<string>();
    for (const operation of operations) {
      if (!("table" in operation) || operation.table === undefined) continue;
      const { table } = operation;
      const key = `${table.family} ${table.name}`;
      const isThere = made.has(key) || fold.hasTable(table);
      if (operation.op === "addTable" || operation.op === "addChain") made.add(key);
      if (operation.op === "addTable") continue;
      if (operation.op === "deleteTable") {
        if (!isThere && operation.mustExist) return this.#absent();
      } else if (!isThere) return { unknown: `whether something else made the table ${key}` };
      else if (operation.op === "deleteChain" && operation.chain !== undefined && operation.mustExist) {
        const exists = this.#hasChain(table, operation.chain, presence);
        if (exists !== true && !made.has(key)) return exists;
      }
    }
    return true;
  }

  hasTable(table: TableId): Status {
    return this.#caughtUp().hasTable(table) ? true : this.#absent();
  }

  /** Whether the chain is there, built in or made. */
  hasChain(table: TableId, chain: string, presence: Presence): Status {
    this.#caughtUp();
    return this.#hasChain(table, chain, presence);
  }

  /** All of it; costs as much as loading the script so far. `unknown`: why it may be another. */
  ruleset(): { readonly ruleset: Ruleset; readonly unknown: string | undefined } {
    this.#caughtUp();
    return { ruleset: foldOperations(this.#log).ruleset, unknown: this.#unknown };
  }

  #caughtUp(): RulesetFold {
    for (; this.#applied < this.#log.length; this.#applied++) {
      const operation = this.#log[this.#applied]!;
      if (operation.op === "unknown") this.#unknown ??= operation.fact;
      if (operation.op === "ipset") continue;
      this.#fold.apply(operation);
      this.#keepIndex(operation);
    }
    return this.#fold;
  }

  /** A rule more is added to the index of its chain; an index is made anew after what it cannot follow. */
  #keepIndex(operation: Operation): void {
    if (this.#indexes.size === 0 || LEAVE_RULES.has(operation.op)) return;
    if (!("chain" in operation) || operation.chain === undefined || operation.op === "renameChain") {
      this.#indexes.clear();
      return;
    }
    const key = chainKey(operation.table, operation.chain);
    const rules = this.#fold.chain(operation.table, operation.chain)?.rules ?? [];
    if (!this.#indexes.get(key)?.follow(operation, rules)) this.#indexes.delete(key);
  }

  #indexOf(table: TableId, chain: string): RuleIndex {
    const key = chainKey(table, chain);
    const rules = this.#fold.chain(table, chain)?.rules ?? [];
    let index = this.#indexes.get(key);
    if (!index?.isOf(rules)) {
      index = new RuleIndex(rules);
      this.#indexes.set(key, index);
    }
    return index;
  }

  #hasChain(table: TableId, name: string | undefined, asked: Presence): Status {
    if (name === undefined) return true;
    if (builtinChains(table.name)?.has(name)) return true;
    const chain = this.#fold.chain(table, name);
    if (chain?.origin === undefined) return this.#absent();
    return present(chain.presence ?? "certain", asked);
  }

  #hasRules(command: IptablesCommand, table: TableId, asked: Presence): Status {
    const tooMany = tooManyRules(command);
    if (tooMany !== undefined) return { unknown: tooMany };
    const index = this.#indexOf(table, command.operation?.chain?.text ?? "");
    let status: Status = true;
    for (const one of rulesOf(command)) {
      const kind = jumpKind(one, (name) => this.#fold.chain(table, name) !== undefined);
      const body = ruleBody(one, kind);
      const same = index.same(body);
      const found =
        same.map((rule) => present(rule.presence, asked)).find((each) => each === true) ?? same[0];
      if (found === undefined) return this.#absent();
      if (found !== true && status === true)
        status = "presence" in found ? present(found.presence, asked) : found;
    }
    return status;
  }

  /** The chain, and the one that is jumped to, may be somebody else's (docker's, fail2ban's). */
  #canAdd(command: IptablesCommand, table: TableId, asked: Presence): Status {
    const { operation, jump } = command;
    const names = [operation?.chain?.text];
    if (jumpKind(command, () => true) === "chain") names.push(jump?.target.text);
    for (const name of names)
      if (name !== undefined && this.#hasChain(table, name, asked) !== true)
        return { unknown: `whether something else made the chain ${name}` };
    if (operation?.kind === "append" || operation?.number === undefined) return true;
    const { length } = this.#fold.chain(table, operation.chain?.text ?? "")?.rules ?? [];
    return operation.number <= length + 1;
  }

  #hasNumber(table: TableId, chain: string | undefined, number: number, asked: Presence): Status {
    const rules = this.#fold.chain(table, chain ?? "")?.rules ?? [];
    if (number < 1 || number > rules.length) return this.#absent();
    const doubt = rules.slice(0, number).find((rule) => present(rule.presence, asked) !== true);
    return doubt === undefined ? true : present(doubt.presence, asked);
  }

  #absent(): Status {
    return this.#unknown === undefined ? false : { unknown: this.#unknown };
  }
}

/** What changes no rule of a chain that is there. */
const LEAVE_RULES: ReadonlySet<Operation["op"]> = new Set([
  "unknown",
  "addTable",
  "addChain",
  "setPolicy",
  "addSet",
  "addElements",
  "hostSetting",
]);

function chainKey(table: TableId, chain: string): string {
  return `${tableKey(table)} ${chain}`;
}

/** For a command that is run under the same condition it is there. */
function present(presence: Presence, asked: Presence): Status {
  if (presence === "certain") return true;
  return asked !== "certain" && asked.maybe === presence.maybe ? true : { unknown: presence.maybe };
}

function opposite(status: Status): Status {
  return typeof status === "boolean" ? !status : status;
}
