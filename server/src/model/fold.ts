import type { Origin } from "../text/origin.ts";
import type { Problem, ProblemCode } from "../text/problem.ts";
import { builtinChain } from "./builtin-chains.ts";
import { chainsInUse } from "./chain-use.ts";
import { needsConntrack } from "./conntrack-use.ts";
import { Doubts } from "./doubts.ts";
import { Erasures } from "./erased.ts";
import { HostSettings } from "./host-setting.ts";
import { IpsetFold } from "./ipset-fold.ts";
import { usesIpset } from "./ipset-rules.ts";
import { jumpProblems, jumpTargets } from "./jumps.ts";
import type { Operation } from "./operation.ts";
import { both, either } from "./presence.ts";
import type { Presence, Rule, RuleBody, RuleItem, Verdict } from "./rule.ts";
import { sameBody } from "./rule-equality.ts";
import type {
  BaseChain,
  Chain,
  HelperObject,
  NamedObject,
  NamedSet,
  Policy,
  Ruleset,
  Table,
  TableId,
} from "./ruleset.ts";
import { tableKey } from "./ruleset.ts";
import { addObject, changed, deleteObject, renamedChanges, renamedFrom } from "./set-changes.ts";

interface ChainDraft {
  table: TableId;
  name: string;
  base?: BaseChain;
  policy: Policy;
  rules: Rule[];
  registered?: number;
  origin?: Origin;
  comment?: string;
  offload?: boolean;
  presence?: Presence;
}

interface TableDraft {
  id: TableId;
  chains: Map<string, ChainDraft>;
  sets: Map<string, NamedSet>;
  helpers: Map<string, HelperObject>;
  objects: Map<string, NamedObject>;
  dormant: boolean;
  comment?: string;
  origin?: Origin;
  made?: Presence;
}

const UNSTATED: Policy = { verdict: "accept", stated: false, presence: "certain" };

/**
 * Loads a log of operations into an empty kernel. Operations that the kernel would refuse because of what
 * is already there (a rule number that does not exist, a chain that is missing) change nothing and are
 * reported; `unknown` operations are kept for the simulator.
 */
export function foldOperations(log: readonly Operation[]): { ruleset: Ruleset; problems: Problem[] } {
  const fold = new RulesetFold(log);
  for (const operation of log) fold.apply(operation);
  return fold.result();
}

/** A ruleset that operations are still added to; `foldOperations` for all at once. */
export class RulesetFold {
  readonly #tables = new Map<string, TableDraft>();
  readonly #doubts = new Doubts();
  readonly #host = new HostSettings();
  readonly #problems: Problem[] = [];
  readonly #erasures = new Erasures();
  /** How many hooks have been registered. */
  #registered = 0;
  readonly #conntrack: { 4?: number; 6?: number } = {};
  readonly #ipsets: IpsetFold;
  /** The elements of sets that were added to here. */
  readonly #growing = new WeakMap<NamedSet, NamedSet["elements"][number][]>();

  constructor(log: readonly Operation[]) {
    this.#ipsets = new IpsetFold(log);
  }

  /** As it is now; not to be kept, since the next operation may change it. */
  chain(id: TableId, name: string): Pick<Chain, "rules" | "origin" | "presence"> | undefined {
    return this.#find(id)?.chains.get(name);
  }

  hasTable(id: TableId): boolean {
    return this.#find(id)?.made !== undefined;
  }

  /** Whether rules of the table jump to the chain, or rules stand in it: then it cannot be deleted. */
  isInUse(id: TableId, name: string): boolean {
    return chainsInUse(this.#find(id)?.chains.values() ?? []).has(name);
  }

  /** The names of the chains that are not built in. */
  userChains(id: TableId): string[] {
    return [...(this.#find(id)?.chains.values() ?? [])].filter(({ base }) => !base).map(({ name }) => name);
  }

  result(): { ruleset: Ruleset; problems: Problem[] } {
    if (this.#ipsets.isUsed) this.#bindIpsets();
    const tables: ReadonlyMap<string, Table> = this.#tables;
    const jumps = [...tables.values()].flatMap(jumpProblems);
    const ruleset: Ruleset = {
      tables,
      unknowns: this.#doubts.unknowns,
      conntrack: this.#conntrack,
      host: this.#host.state,
    };
    return { ruleset, problems: [...this.#problems, ...this.#erasures.problems(), ...jumps] };
  }

  apply(operation: Operation): void {
    const refusal = this.#ipsets.refusal(operation);
    if (refusal) {
      this.#problem(operation, refusal.code, refusal.message);
      return;
    }
    this.#doubts.settle(operation);
    switch (operation.op) {
      case "addTable": {
        const known = this.#find(operation.table);
        const table = this.#table(operation.table, operation.origin);
        if (operation.dormant !== undefined) table.dormant = operation.dormant;
        if (operation.table.backend === "nftables") make(table, operation);
        if (!known && operation.comment !== undefined) table.comment = operation.comment;
        return;
      }
      case "deleteTable":
        this.#deleteTable(operation);
        return;
      case "flushRuleset":
        for (const [key, table] of [...this.#tables]) {
          if (operation.family && table.id.family !== operation.family) continue;
          this.#erasures.note(operation, table.chains.values(), true);
          if (!this.#removalIsUncertain(operation, table)) this.#tables.delete(key);
        }
        return;
      case "flushTable":
      case "resetTable":
        this.#emptyTable(operation);
        return;
      case "addChain":
        this.#addChain(operation);
        return;
      case "deleteChain":
        this.#deleteChain(operation);
        return;
      case "renameChain": {
        const table = this.#find(operation.table);
        const chain = table?.chains.get(operation.chain);
        if (!table || !chain) {
          this.#missing(operation, `chain ${operation.chain}`);
          return;
        }
        if (table.chains.has(operation.to)) {
          if (operation.presence === "certain")
            this.#problem(operation, "chain-exists", `Chain ${operation.to} exists already.`);
          return;
        }
        chain.name = operation.to;
        // In its place: the order of the chains is the order in which they are listed.
        const chains = [...table.chains];
        table.chains.clear();
        for (const [name, one] of chains) table.chains.set(one === chain ? operation.to : name, one);
        renameTargets(table, operation.chain, operation.to);
        return;
      }
      case "flushChain":
        this.#flushChain(operation);
        return;
      case "setPolicy": {
        const chain = this.#chain(operation.table, operation.chain, operation.origin);
        const { verdict, origin, presence } = operation;
        make(this.#table(operation.table, origin), operation);
        chain.policy =
          presence !== "certain" && chain.policy.verdict === verdict
            ? chain.policy
            : { verdict, stated: true, origin, presence };
        return;
      }
      case "append": {
        const chain = this.#chain(operation.table, operation.chain, operation.origin);
        chain.rules.push(this.#ruleOf(operation));
        make(this.#table(operation.table, operation.origin), operation);
        return;
      }
      case "insert": {
        const chain = this.#chain(operation.table, operation.chain, operation.origin);
        if (operation.index > chain.rules.length) {
          this.#missing(operation, `position ${operation.index + 1} in chain ${chain.name}`);
          return;
        }
        chain.rules.splice(operation.index, 0, this.#ruleOf(operation));
        make(this.#table(operation.table, operation.origin), operation);
        return;
      }
      case "replace": {
        const chain = this.#chain(operation.table, operation.chain, operation.origin);
        if (operation.index >= chain.rules.length) {
          this.#missing(operation, `rule ${operation.index + 1} of chain ${chain.name}`);
          return;
        }
        chain.rules.splice(operation.index, 1, this.#ruleOf(operation));
        return;
      }
      case "deleteRule":
        this.#deleteRule(operation);
        return;
      case "addSet":
        this.#addSet(operation);
        return;
      case "addElements":
      case "deleteElements":
      case "flushSet":
      case "deleteSet":
        this.#changeSet(operation);
        return;
      case "addHelper": {
        const { table, helper, origin, presence } = operation;
        this.#table(table, origin).helpers.set(helper.name, helper);
        const { name, listed } = helper;
        if (listed)
          addObject(this.#table(table, origin).objects, {
            kind: "ct helper",
            name,
            origin,
            listed,
            presence,
          });
        return;
      }
      case "deleteHelper": {
        const table = this.#find(operation.table);
        table?.helpers.delete(operation.name);
        if (table) deleteObject(table.objects, `ct helper ${operation.name}`, operation.presence);
        return;
      }
      case "addObject":
        addObject(this.#table(operation.table, operation.origin).objects, {
          ...operation.object,
          presence: operation.presence,
        });
        return;
      case "deleteObject": {
        const table = this.#find(operation.table);
        if (table) deleteObject(table.objects, `${operation.kind} ${operation.name}`, operation.presence);
        return;
      }
      case "ipset": {
        const isUsed = (set: string) => this.#someRule((rule) => usesIpset(rule.body, set));
        const problem = this.#ipsets.apply(operation, isUsed);
        if (problem) this.#problem(operation, problem.code, problem.message);
        return;
      }
      case "unknown":
        this.#doubts.add(operation);
        return;
      case "hostSetting":
        this.#host.apply(operation.setting, operation.origin, operation.presence);
        return;
    }
  }

  /**
   * The table of this name. Those that iptables makes are ordinary tables to nft, and the other way round: whichever
   * came first, the other adds to it (iptables' nf_tables backend).
   */
  #find(id: TableId): TableDraft | undefined {
    const backend = id.backend === "nftables" ? "iptables" : "nftables";
    return this.#tables.get(tableKey(id)) ?? this.#tables.get(tableKey({ ...id, backend }));
  }

  #table(id: TableId, origin: Origin): TableDraft {
    let table = this.#find(id);
    if (!table) {
      table = {
        id,
        chains: new Map(),
        sets: new Map(),
        helpers: new Map(),
        objects: new Map(),
        dormant: false,
        origin,
      };
      this.#tables.set(tableKey(id), table);
    }
    return table;
  }

  #deleteTable(operation: Operation & { op: "deleteTable" }): void {
    const table = this.#find(operation.table);
    if (!table || this.#removalIsUncertain(operation, table)) return;
    this.#erasures.note(operation, table.chains.values(), true);
    this.#tables.delete(tableKey(table.id));
  }

  /** The chain, created when missing: a script may add to what an earlier file made. */
  #chain(id: TableId, name: string, origin: Origin): ChainDraft {
    const table = this.#table(id, origin);
    let chain = table.chains.get(name);
    if (!chain) {
      chain = { table: table.id, name, base: builtinChain(id, name), policy: UNSTATED, rules: [] };
      this.#register(chain);
      table.chains.set(name, chain);
    }
    return chain;
  }

  #addChain(operation: Operation & { op: "addChain" }): void {
    const table = this.#table(operation.table, operation.origin);
    make(table, operation);
    const existing = table.chains.get(operation.chain);
    if (!existing) {
      const chain: ChainDraft = {
        table: table.id,
        name: operation.chain,
        base: operation.base ?? builtinChain(operation.table, operation.chain),
        policy: UNSTATED,
        rules: [],
        origin: operation.origin,
        ...(operation.comment !== undefined && { comment: operation.comment }),
        ...(operation.offload && { offload: true }),
        ...(operation.presence !== "certain" && { presence: operation.presence }),
      };
      this.#register(chain);
      table.chains.set(operation.chain, chain);
      return;
    }
    if (operation.mustBeNew && existing.origin && operation.presence === "certain") {
      this.#problem(operation, "chain-exists", `Chain ${operation.chain} exists already.`);
      return;
    }
    existing.base ??= operation.base;
    existing.origin ??= operation.origin;
    existing.presence = either(existing.presence, operation.presence);
  }

  #deleteChain(operation: Operation & { op: "deleteChain" }): void {
    const table = this.#find(operation.table);
    if (!table) return;
    if (operation.chain !== undefined) {
      const chain = table.chains.get(operation.chain);
      if (!chain) {
        if (operation.mustExist) this.#missing(operation, `chain ${operation.chain}`);
        return;
      }
      if (fails(operation, chainsInUse(table.chains.values()).has(chain.name))) return;
      this.#erasures.note(operation, [chain], true);
      if (operation.presence === "certain") table.chains.delete(operation.chain);
      else {
        markUncertain(chain, operation.presence);
        chain.presence = both(chain.presence ?? "certain", operation.presence);
      }
      return;
    }
    const own = [...table.chains.values()].filter((chain) => !chain.base);
    const used = chainsInUse(table.chains.values());
    if (
      fails(
        operation,
        own.some((chain) => used.has(chain.name)),
      )
    )
      return;
    for (const chain of own) {
      if (chain.rules.length > 0) continue;
      if (operation.presence === "certain") table.chains.delete(chain.name);
      else chain.presence = both(chain.presence ?? "certain", operation.presence);
    }
  }

  #emptyTable(operation: Operation & { op: "flushTable" | "resetTable" }): void {
    const table = this.#table(operation.table, operation.origin);
    this.#erasures.note(operation, table.chains.values(), operation.op === "resetTable");
    for (const chain of [...table.chains.values()]) {
      if (operation.presence !== "certain") markUncertain(chain, operation.presence);
      else if (operation.op === "resetTable" && !builtinChain(operation.table, chain.name))
        table.chains.delete(chain.name);
      else {
        chain.rules = [];
        if (operation.op === "resetTable") {
          chain.policy = UNSTATED;
          this.#register(chain);
        }
      }
    }
    // iptables-restore makes the table anew (measured): what nft had put there is gone.
    if (operation.op === "resetTable" && operation.presence === "certain") {
      table.sets.clear();
      table.helpers.clear();
      delete table.made;
      table.objects.clear();
    }
  }

  #flushChain(operation: Operation & { op: "flushChain" }): void {
    // iptables makes the table of a built-in chain that it is to empty, not the table of all chains.
    const known = operation.chain !== undefined && builtinChain(operation.table, operation.chain);
    const table = known ? this.#table(operation.table, operation.origin) : this.#find(operation.table);
    if (!table) return;
    if (known) make(table, operation);
    const chains =
      operation.chain === undefined ? [...table.chains.values()] : [table.chains.get(operation.chain)];
    for (const chain of chains) {
      if (!chain) continue;
      this.#erasures.note(operation, [chain], false);
      if (operation.presence === "certain") chain.rules = [];
      else markUncertain(chain, operation.presence);
    }
  }

  #deleteRule(operation: Operation & { op: "deleteRule" }): void {
    const chain = this.#find(operation.table)?.chains.get(operation.chain);
    const { which } = operation;
    const at =
      "index" in which
        ? which.index
        : (chain?.rules.findIndex((rule) => sameBody(rule.body, which.same)) ?? -1);
    const rule = chain?.rules[at];
    if (!chain || !rule) {
      this.#missing(operation, `the rule to delete in chain ${operation.chain}`);
      return;
    }
    if (operation.presence === "certain") chain.rules.splice(at, 1);
    else chain.rules[at] = { ...rule, presence: both(rule.presence, operation.presence) };
  }

  #addSet({ table: id, set, origin, presence }: Operation & { op: "addSet" }): void {
    const table = this.#table(id, origin);
    make(table, { presence: "certain" });
    const existing = table.sets.get(set.name);
    if (!existing) {
      table.sets.set(set.name, presence === "certain" ? set : { ...set, presence });
      return;
    }
    table.sets.set(set.name, {
      ...existing,
      elements: [...existing.elements, ...set.elements],
      ...(set.listed && {
        changes: { change: "add", listed: set.listed, origin, presence, before: existing.changes },
      }),
      presence: either(existing.presence, presence) ?? "certain",
    });
  }

  #changeSet(
    operation: Operation & { op: "addElements" | "deleteElements" | "flushSet" | "deleteSet" },
  ): void {
    const table = this.#find(operation.table);
    const found = table?.sets.get(operation.set);
    if (!table || !found) {
      this.#missing(operation, `set ${operation.set}`);
      return;
    }
    const set = changed(found, operation);
    if (operation.presence !== "certain") {
      table.sets.set(set.name, { ...set, content: { unknown: operation.presence.maybe } });
    } else if (!("elements" in operation)) {
      if (operation.op === "deleteSet") table.sets.delete(set.name);
      else table.sets.set(set.name, { ...set, elements: [] });
    } else if (operation.op === "addElements") {
      this.#addElements(table, set, operation.elements);
    } else {
      const gone = operation.elements.map((element) => element.values);
      const elements = set.elements.filter(
        (element) =>
          !gone.some(
            (values) =>
              values.length === element.values.length &&
              values.every((value, i) => sameValues(value, element.values[i])),
          ),
      );
      table.sets.set(set.name, { ...set, elements });
    }
  }

  /** To an array of our own, so that thousands of commands with an element each do not copy it every time. */
  #addElements(table: TableDraft, set: NamedSet, added: NamedSet["elements"]): void {
    let elements = this.#growing.get(set);
    if (!elements) {
      elements = [...set.elements];
      const own = { ...set, elements };
      this.#growing.set(own, elements);
      table.sets.set(set.name, own);
    }
    for (const element of added) elements.push(element);
  }

  #someRule(holds: (rule: Rule) => boolean): boolean {
    for (const table of this.#tables.values())
      for (const chain of table.chains.values()) if (chain.rules.some(holds)) return true;
    return false;
  }

  /** Sets are filled before and after the rules that ask them: what counts is what they hold in the end. */
  #bindIpsets(): void {
    for (const table of this.#tables.values())
      for (const chain of table.chains.values()) {
        for (const rule of chain.rules) this.#ipsets.changedBy(rule.body);
      }
    for (const table of this.#tables.values())
      for (const chain of table.chains.values())
        chain.rules = chain.rules.map((rule) => this.#ipsets.bind(rule));
  }

  /** True when a removal may or may not happen: then what is there stays, marked uncertain. */
  #removalIsUncertain(operation: Operation, table: TableDraft | undefined): boolean {
    if (operation.presence === "certain") return false;
    for (const chain of table?.chains.values() ?? []) markUncertain(chain, operation.presence);
    if (table?.made !== undefined) table.made = both(table.made, operation.presence);
    return true;
  }

  /** At equal priority the kernel runs what was registered last first. */
  #register(chain: ChainDraft): void {
    if (!chain.base) return;
    chain.registered = ++this.#registered;
    if (chain.base.type === "nat") this.#useConntrack(chain.table);
  }

  #useConntrack({ family }: TableId): void {
    for (const version of [4, 6] as const) {
      if (family === (version === 4 ? "ip6" : "ip")) continue;
      this.#conntrack[version] ??= ++this.#registered;
    }
  }

  #ruleOf({ table, body, origin, presence }: Operation & { table: TableId; body: RuleBody }): Rule {
    if (needsConntrack(body)) this.#useConntrack(table);
    const missing = this.#ipsets.missingSet(body);
    return missing === undefined || presence !== "certain"
      ? { body, origin, presence }
      : { body, origin, presence: { maybe: `whether something else made the ipset ${missing}` } };
  }

  #missing(operation: Operation, what: string): void {
    if (operation.presence !== "certain") return;
    this.#problem(operation, "no-such-object", `There is no ${what.replace(/^the /, "")} at this point.`);
  }

  #problem(operation: Operation, code: ProblemCode, message: string): void {
    if (operation.mayFail) return;
    this.#problems.push({ code, severity: "error", message, origin: operation.origin, refused: true });
  }
}

/** Jumps lead to the chain, not to its name: they go on doing so under the new one. */
function renameTargets(table: TableDraft, from: string, to: string): void {
  const renamed = (verdict: Verdict): Verdict =>
    "chain" in verdict && verdict.chain === from ? { ...verdict, chain: to } : verdict;
  for (const chain of table.chains.values()) {
    chain.rules = chain.rules.map((rule) =>
      jumpTargets(rule.body, { sets: new Map() }).includes(from)
        ? {
            ...rule,
            body: renamedBody(rule.body, renamed, from, to),
          }
        : rule,
    );
  }
  for (const [name, set] of table.sets) {
    if (set.kind !== "vmap") continue;
    const elements = set.elements.map((one) =>
      one.verdict ? { ...one, verdict: renamed(one.verdict) } : one,
    );
    const chain = renamedFrom(set.chain, from, to);
    table.sets.set(name, { ...set, elements, chain, ...renamedChanges(set.changes, from, to) });
  }
}

function renamedBody(
  body: RuleBody,
  renamed: (verdict: Verdict) => Verdict,
  from: string,
  to: string,
): RuleBody {
  const { listed } = body;
  const items = body.items.map((item) => renamedItem(item, renamed));
  if (!listed) return { ...body, items };
  return {
    ...body,
    items,
    listed: (chain, table) => listed((written) => chain(written === from ? to : written), table),
  };
}

function renamedItem(item: RuleItem, renamed: (verdict: Verdict) => Verdict): RuleItem {
  if (item.item !== "statement") return item;
  const { statement } = item;
  if (statement.kind === "verdict")
    return { item: "statement", statement: { ...statement, verdict: renamed(statement.verdict) } };
  if (statement.kind !== "vmap") return item;
  const entries = statement.entries.map((entry) => ({ ...entry, verdict: renamed(entry.verdict) }));
  const fallback = statement.default && { default: renamed(statement.default) };
  return { item: "statement", statement: { ...statement, entries, ...fallback } };
}

/** iptables -X deletes all that it is to delete, or nothing. */
function fails(operation: Operation & { op: "deleteChain" }, inUse: boolean): boolean {
  return inUse && operation.table.backend === "iptables" && operation.presence === "certain";
}

/** The kernel has the table from here on. */
function make(table: TableDraft, { presence }: Pick<Operation, "presence">): void {
  if (table.made === undefined || presence === "certain") table.made = presence;
}

function markUncertain(chain: ChainDraft, presence: Presence): void {
  chain.rules = chain.rules.map((rule) => ({ ...rule, presence: both(rule.presence, presence) }));
}

function sameValues(a: unknown, b: unknown): boolean {
  const bounds = (set: unknown) => (set as { bounds: readonly unknown[] } | undefined)?.bounds.join(" ");
  return bounds(a) === bounds(b);
}
