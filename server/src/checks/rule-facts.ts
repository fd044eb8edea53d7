import { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Field, Rule, RuleBody, Statement } from "../model/rule.ts";
import { CT_STATE } from "../model/rule.ts";
import type { Chain, Ruleset, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { FLAGS } from "../netfilter/packet.ts";

/** A test of one field that a rule makes by itself. */
export type Match = Condition & { readonly kind: "match" };

interface Parts {
  readonly conditions: readonly Condition[];
  readonly statements: readonly Statement[];
}

/** Rules of equal text share their body, and a body outlives an edit elsewhere in the file. */
const PARTS = new WeakMap<RuleBody, Parts>();

function partsOf({ body }: Rule): Parts {
  let parts = PARTS.get(body);
  if (!parts) {
    parts = {
      conditions: body.items.flatMap((one) => (one.item === "condition" ? [one.condition] : [])),
      statements: body.items.flatMap((one) => (one.item === "statement" ? [one.statement] : [])),
    };
    PARTS.set(body, parts);
  }
  return parts;
}

export function conditionsOf(rule: Rule): readonly Condition[] {
  return partsOf(rule).conditions;
}

export function statementsOf(rule: Rule): readonly Statement[] {
  return partsOf(rule).statements;
}

export function matchOf(rule: Rule, field: Field): Match | undefined {
  return conditionsOf(rule).find((one): one is Match => one.kind === "match" && one.field === field);
}

/** The ports or states that a rule asks for; undefined where it does not ask. */
export function numbersOf(rule: Rule, field: Field): IntervalSet<number> | undefined {
  return matchOf(rule, field)?.values as IntervalSet<number> | undefined;
}

/** Whether the rule itself accepts what it matches. */
export function accepts(rule: Rule): boolean {
  return statementsOf(rule).some((one) => one.kind === "verdict" && one.verdict.type === "accept");
}

/** Whether it drops or rejects what it matches. */
export function denies(rule: Rule): boolean {
  return statementsOf(rule).some(
    (one) => one.kind === "verdict" && (one.verdict.type === "drop" || one.verdict.type === "reject"),
  );
}

/** Whether packets that begin a connection can match. */
export function takesNew(rule: Rule): boolean {
  return (numbersOf(rule, "ctstate")?.has(CT_STATE.new) ?? true) && takesSyn(rule);
}

/** Without connection tracking it is the flags that tell whether a packet begins a connection. */
function takesSyn(rule: Rule): boolean {
  return conditionsOf(rule).every((one) => {
    if (one.kind !== "match" || one.field !== "tcpflags" || typeof one.mask === "bigint") return true;
    return (one.values as IntervalSet<number>).has(FLAGS.syn & (one.mask ?? ALL_FLAGS));
  });
}

const ALL_FLAGS = 0xff;

/** Whether it asks who sends, or something that nobody can read: then it is not open to everybody. */
export function asksForSender(rule: Rule): boolean {
  const fields: readonly Field[] = ["saddr4", "saddr6", "ctorigsaddr4", "ctorigsaddr6", "saddrtype"];
  return asksFor(rule, fields) || conditionsOf(rule).some(mayAskForSender);
}

/** An address set of another file, an unset variable, a country. A rate limit lets anybody in. */
function mayAskForSender(condition: Condition): boolean {
  switch (condition.kind) {
    case "opaque":
      return condition.stable;
    case "anyOf":
    case "allOf":
      return condition.conditions.some(mayAskForSender);
    case "not":
      return mayAskForSender(condition.condition);
    case "match":
    case "tuple":
    case "lookup":
      return false;
  }
}

export function asksForInterface(rule: Rule): boolean {
  return asksFor(rule, ["iif", "oif"]);
}

export function asksForReceiver(rule: Rule): boolean {
  return asksFor(rule, ["daddr4", "daddr6"]);
}

function asksFor(rule: Rule, fields: readonly Field[]): boolean {
  return conditionsOf(rule).some((one) => asks(one, fields));
}

function asks(condition: Condition, fields: readonly Field[]): boolean {
  switch (condition.kind) {
    case "match":
      return fields.includes(condition.field);
    case "tuple":
    case "lookup":
      return condition.fields.some((field) => fields.includes(field));
    case "anyOf":
    case "allOf":
      return condition.conditions.some((one) => asks(one, fields));
    case "not":
      return asks(condition.condition, fields);
    case "opaque":
      return false;
  }
}

/** All rules of a ruleset with their chain and table, in order. */
export function* rulesOf(ruleset: Ruleset): Generator<{ rule: Rule; chain: Chain; table: Table }> {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of chain.rules) yield { rule, chain, table };
    }
  }
}

/** How many values a set of numbers has. */
export function countOf(values: ValueSet): number {
  const bounds: readonly (number | bigint | string)[] = values.bounds;
  let count = 0;
  for (let i = 0; i < bounds.length; i += 2) count += Number(bounds[i + 1]) - Number(bounds[i]);
  return count;
}

export const NO_PORTS = IntervalSet.empty<number>();
