import type { IntervalSet } from "../model/interval-set.ts";
import type { Rule, RuleBody } from "../model/rule.ts";
import type { Chain, Ruleset, Table } from "../model/ruleset.ts";
import { numbers, UNPRIVILEGED_PORTS } from "../model/values.ts";
import { accepts, conditionsOf, countOf, matchOf, numbersOf, statementsOf } from "./rule-facts.ts";

/** What a rule may have to do with FTP, by its text alone: a first sieve, of which each check makes sure. */
export type Topic =
  | "helper"
  | "source port"
  | "high ports"
  | "port 20"
  | "port 21"
  | "udp"
  | "nat"
  | "notrack"
  | "any related";

/** A rule where it stands. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly chain: Chain;
  readonly table: Table;
}

/** Of ten thousand rules the few that a check has to look at, in order. */
export function* rulesAbout(ruleset: Ruleset, topic: Topic): Generator<PlacedRule> {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of sieved(chain.rules).get(topic) ?? []) yield { rule, chain, table };
    }
  }
}

/** Those of one chain. */
export function rulesOfChainAbout({ rules }: Chain, topic: Topic): readonly Rule[] {
  return sieved(rules).get(topic) ?? [];
}

/** Kept as long as the chain's rules are. */
const SIEVED = new WeakMap<readonly Rule[], ReadonlyMap<Topic, readonly Rule[]>>();

function sieved(rules: readonly Rule[]): ReadonlyMap<Topic, readonly Rule[]> {
  let found = SIEVED.get(rules);
  if (!found) {
    const lists = new Map<Topic, Rule[]>();
    for (const rule of rules) {
      for (const topic of topicsOf(rule)) {
        const list = lists.get(topic);
        if (list) list.push(rule);
        else lists.set(topic, [rule]);
      }
    }
    found = lists;
    SIEVED.set(rules, found);
  }
  return found;
}

const TOPICS = new WeakMap<RuleBody, readonly Topic[]>();

const NONE: readonly Topic[] = [];

function topicsOf(rule: Rule): readonly Topic[] {
  let topics = TOPICS.get(rule.body);
  if (!topics) {
    const found = findTopics(rule);
    topics = found.length > 0 ? found : NONE;
    TOPICS.set(rule.body, topics);
  }
  return topics;
}

const UDP = numbers(17);
/** Nobody opens so many ports for one service. */
const MANY = 1000;

function findTopics(rule: Rule): Topic[] {
  const topics: Topic[] = [];
  const kinds = new Set(statementsOf(rule).map(({ kind }) => kind));
  if (kinds.has("setHelper") || kinds.has("byMap") || matchOf(rule, "cthelper")) topics.push("helper");
  if (kinds.has("nat")) topics.push("nat");
  if (kinds.has("notrack")) topics.push("notrack");
  if (!accepts(rule)) return topics;
  const ports = numbersOf(rule, "dport");
  if (matchOf(rule, "sport")) topics.push("source port");
  if (ports?.has(21) || conditionsOf(rule).some(({ kind }) => kind !== "match" && kind !== "opaque"))
    topics.push("port 21");
  if (ports?.has(20)) topics.push("port 20");
  if (ports && isWide(ports)) topics.push("high ports");
  if (ports && numbersOf(rule, "l4proto")?.equals(UDP)) topics.push("udp");
  if (conditionsOf(rule).length === 1 && matchOf(rule, "ctstate")) topics.push("any related");
  return topics;
}

function isWide(ports: IntervalSet<number>): boolean {
  return countOf(ports) >= MANY && countOf(ports.intersect(UNPRIVILEGED_PORTS)) >= MANY;
}
