import { append } from "../model/append.ts";
import type { MappedEntry, Presence, Rule, RuleBody, RuleItem, Statement, Verdict } from "../model/rule.ts";
import { catchAllLast } from "../model/rule.ts";
import type { Chain, Hook, Ruleset, Table } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { within } from "../text/origin.ts";
import type { Box, Ref } from "./box.ts";
import type { Budget } from "./budget.ts";
import type { Maybe } from "./condition.ts";
import { identity, partition, partitionElements } from "./condition.ts";
import { applyEffect } from "./effect.ts";
import { fieldValue } from "./field.ts";
import type { RuleList } from "./lists.ts";
import { listFrom, ruleFor } from "./lists.ts";
import { lookUp } from "./map-lookup.ts";
import { namesPort } from "./named-port.ts";
import type { Outcomes } from "./port-parts.ts";
import { isOne, labelBit, PASS } from "./port-parts.ts";
import { chainIndex, nextCandidate, packetKey } from "./rule-key.ts";
import type { Permits, State } from "./state.ts";
import { assume, assumed, mergeStates, record } from "./state.ts";

/** A packet's end: the rule or policy that dropped or rejected it. */
export interface Stop {
  readonly state: State;
  readonly hook: Hook;
  readonly chain?: Chain;
  /** Absent when the chain's policy did it. */
  readonly rule?: Rule;
  readonly how: "drop" | "reject";
  /** What the sender of a rejected packet hears. */
  readonly answer?: "icmp" | "tcp-reset";
  /** Set where no rule did it: "nothing listens on the firewall's own port 21". */
  readonly reason?: string;
}

/** What one analysis runs on. */
export interface Run {
  readonly ruleset: Ruleset;
  readonly budget: Budget;
  /** "automatic": kernels before 4.7 (or nf_conntrack_helper=1) give port 21 the helper without a rule. */
  readonly automaticHelper: "explicit" | "automatic" | "forced";
  /** Where "automatic" assigns it. */
  readonly helperPorts: readonly number[];
  /** How many packets have been sent. */
  packets: number;
  /** Small cases that were not followed because there were too many. */
  readonly leftOut: State[];
}

/** The start of an analysis: nothing has been sent. */
export function newRun(ruleset: Ruleset, automaticHelper: Run["automaticHelper"], budget: Budget): Run {
  const helperPorts = ruleset.host?.helperPorts ?? [21];
  return { ruleset, budget, automaticHelper, helperPorts, packets: 0, leftOut: [] };
}

export interface ChainResult {
  readonly accepted: State[];
  readonly stopped: Stop[];
  /** Ran off the end, or `return`. */
  readonly returned: State[];
}

/** The kernel refuses more (NFT_JUMP_STACK_SIZE), and loops altogether. */
const DEEPEST_JUMP = 16;

/** How many different cases are followed through one chain. */
const MOST_WAITING = 64;

/** Fewer states are cheaper to carry on than to compare. */
const MANY = 24;

/** Sends states through the rules of a chain, in order. The chain's policy is the caller's matter. */
export function runChain(
  run: Run,
  chain: Chain,
  hook: Hook,
  states: readonly State[],
  depth = 0,
): ChainResult {
  const result: ChainResult = { accepted: [], stopped: [], returned: [] };
  const table = run.ruleset.tables.get(tableKey(chain.table));
  if (!table) return { ...result, returned: [...states] };
  const { rules } = chain;
  const index = chainIndex(rules);
  const visit: Visit = { run, chain, table, hook, depth, result };
  // States wait for the rule that may concern them; all others are passed over unseen.
  const done: State[] = [];
  let waiting: Waiting[] = [];
  const queue = (state: State, from: number) => {
    const rule = nextCandidate(index, packetKey(state), from, rules.length);
    if (rule < rules.length) waiting.push({ state, rule });
    else done.push(state);
  };
  for (const state of states) queue(state, 0);
  while (waiting.length > 0) {
    let next = rules.length;
    for (const { rule } of waiting) if (rule < next) next = rule;
    const here = waiting.filter((one) => one.rule === next);
    waiting = waiting.filter((one) => one.rule !== next);
    const after: State[] = [];
    for (const { state } of here) {
      const list = listFrom(index, rules, table, state, next);
      if (list) {
        for (const passed of runList(visit, rules, list, state)) queue(passed, list.last + 1);
      } else append(after, runRule(visit, rules[next]!, state));
    }
    // What differs in more than its box is compared one with the other.
    if (after.length > MANY) run.budget.spend(4 * after.length ** 2);
    const left = after.length > MANY ? mergeStates(after) : after;
    run.budget.spend(10 + waiting.length + here.length + left.length);
    for (const state of left) queue(state, next + 1);
    if (result.accepted.length > MOST_WAITING) {
      const accepted = affordable(run, mergeStates(result.accepted));
      result.accepted.splice(0, result.accepted.length, ...accepted);
    }
    if (waiting.length > MOST_WAITING) {
      waiting = largest(run, waiting, (one) => one.state, MOST_WAITING / 2);
    }
  }
  append(result.returned, affordable(run, mergeStates(done)));
  return result;
}

/** Those that stand for the most sessions; the others are left out. */
function largest<T>(run: Run, items: readonly T[], stateOf: (item: T) => State, most: number): T[] {
  const ranked = items
    .map((item) => ({ item, size: stateOf(item).box.size() }))
    .sort((a, b) => b.size - a.size)
    .map(({ item }) => item);
  for (const item of ranked.slice(most)) run.leftOut.push(stateOf(item));
  return ranked.slice(0, most);
}

function affordable(run: Run, states: State[]): State[] {
  return states.length > MOST_WAITING ? largest(run, states, (state) => state, MOST_WAITING) : states;
}

interface Waiting {
  readonly state: State;
  /** The next rule that may match. */
  readonly rule: number;
}

interface Visit {
  readonly run: Run;
  readonly chain: Chain;
  readonly table: Table;
  readonly hook: Hook;
  readonly depth: number;
  readonly result: ChainResult;
}

/** A list of rules, taken as a whole. Returns the states that go on behind it. */
function runList(visit: Visit, rules: readonly Rule[], list: RuleList, state: State): State[] {
  const next: State[] = [];
  const certain = new Map<Outcomes, State[]>();
  const { packet } = state;
  const settled = (outcomes: Outcomes, box: Box, part: string) => {
    if (!isOne(outcomes)) {
      settle(visit, rules, list, outcomes, inBox(state, box), next, part);
      return;
    }
    const alike = certain.get(outcomes);
    if (alike) alike.push(inBox(state, box));
    else certain.set(outcomes, [inBox(state, box)]);
  };
  const port = list.port && packet[list.port];
  const link = list.link && packet[list.link];
  let unlinked: Box | undefined = state.box;
  for (const [k, { links, parts }] of list.parts.entries()) {
    const linked = divide(unlinked, link, links);
    unlinked = linked.outside;
    let open = linked.inside;
    for (const [at, { ports, byAddress, otherwise }] of parts.entries()) {
      const ported = divide(open, port, ports);
      open = ported.outside;
      let here = ported.inside;
      for (const [i, { addresses, outcomes }] of byAddress.entries()) {
        const { inside, outside } = divide(here, packet[list.address], addresses);
        here = outside;
        if (inside) settled(outcomes, inside, `${k} ${at} ${i}`);
      }
      if (here) settled(otherwise, here, `${k} ${at}`);
    }
  }
  // Parts that were told apart only because others are between them are one again.
  for (const [outcomes, states] of certain) {
    for (const one of mergeStates(states)) settle(visit, rules, list, outcomes, one, next, "");
  }
  visit.run.budget.spend(10 + next.length);
  return next;
}

function divide(
  box: Box | undefined,
  ref: Ref | undefined,
  set: ValueSet | undefined,
): { inside?: Box; outside?: Box } {
  if (!box) return {};
  return ref && set ? box.split(ref, set) : { inside: box };
}

/** What a list makes of a part. Where several things may become of it, each is followed on its assumption. */
function settle(
  visit: Visit,
  rules: readonly Rule[],
  list: RuleList,
  outcomes: Outcomes,
  state: State,
  next: State[],
  part: string,
): void {
  let here: State = state;
  let left = outcomes;
  for (const [i, label] of list.labels.entries()) {
    const bit = labelBit(i);
    if (!(left & bit)) continue;
    left &= ~bit;
    const rule = ruleFor(list, label, rules, here);
    if (left === 0) {
      decide(visit, rule, label.verdict, here, next);
      return;
    }
    const key = `list ${identity(list)} ${part} ${i} ${here.slot} ${here.sender}`;
    const known = assumed(here, key);
    if (known === false) continue;
    const assumption = { key, fact: TOO_MANY, origin: rule.origin };
    decide(visit, rule, label.verdict, known ? here : assume(here, { ...assumption, holds: true }), next);
    if (known) return;
    here = assume(here, { ...assumption, holds: false });
  }
  if (left & PASS) next.push(here);
}

const TOO_MANY = "which addresses may reach which ports: there are too many pairs to follow them all";

/** The states that go on to the next rule; the others are in the visit's result. */
function runRule(visit: Visit, rule: Rule, state: State): State[] {
  const next: State[] = [];
  let here = ifPresent(rule.presence, rule, state, next);
  for (const item of itemsInOrder(rule.body)) {
    if (here.length === 0) break;
    here =
      item.item === "condition"
        ? here.flatMap((one) => test(visit, rule, item.condition, one, next))
        : here.flatMap((one) => perform(visit, rule, item.statement, one, next));
  }
  append(next, here);
  // A rule whose tests nobody can tell but which only logs, say, leaves no question behind.
  const asked = next.length > 1 && next.some((one) => one.assumptions !== state.assumptions);
  return asked ? mergeStates(next) : next;
}

const ORDERED = new WeakMap<RuleBody, readonly RuleItem[]>();

/**
 * A rule's items with the tests of addresses behind its other tests: what a rule asks of ports is often asked
 * by many rules, so that splitting by it first leaves fewer different cases. Tests have no effects, so their
 * order among themselves does not matter.
 */
function itemsInOrder(body: RuleBody): readonly RuleItem[] {
  let ordered = ORDERED.get(body);
  if (!ordered) {
    const result: RuleItem[] = [];
    let addresses: RuleItem[] = [];
    for (const item of body.items) {
      const isAddress =
        item.item === "condition" && item.condition.kind === "match" && /addr/.test(item.condition.field);
      if (isAddress) addresses.push(item);
      else if (item.item === "condition") result.push(item);
      else {
        result.push(...addresses, item);
        addresses = [];
      }
    }
    ordered = [...result, ...addresses];
    ORDERED.set(body, ordered);
  }
  return ordered;
}

function ifPresent(presence: Presence, rule: Rule, state: State, absent: State[]): State[] {
  if (presence === "certain") return [state];
  const key = `presence ${presence.maybe}`;
  const known = assumed(state, key);
  if (known !== undefined) {
    if (!known) absent.push(state);
    return known ? [state] : [];
  }
  const assumption = { key, fact: presence.maybe, origin: rule.origin };
  absent.push(assume(state, { ...assumption, holds: false }));
  return [assume(state, { ...assumption, holds: true })];
}

function test(
  visit: Visit,
  rule: Rule,
  condition: Parameters<typeof partition>[0],
  state: State,
  failed: State[],
): State[] {
  const parts = partition(condition, state.box, state, visit.table);
  const met = parts.yes.map((box) => inBox(state, box));
  for (const box of parts.no) failed.push(inBox(state, box));
  for (const open of parts.maybe) {
    const here = inBox(state, open.box);
    const known = open.stable ? assumed(here, open.key) : undefined;
    if (known === true) met.push(here);
    else if (known === false) failed.push(here);
    else {
      const key = open.stable ? open.key : `${open.key} ${occasion(visit, here)}`;
      const assumption = { key, fact: open.fact, origin: within(rule.origin, condition.span) };
      const { hook, chain } = visit;
      const supposed = (holds: boolean) => {
        const text = holds ? "if it matches" : "if it does not match";
        return record(assume(here, { ...assumption, holds }), {
          hook,
          chain,
          rule,
          effect: { kind: "note", text },
        });
      };
      met.push(supposed(true));
      failed.push(supposed(false));
    }
  }
  return met;
}

/** Names one meeting of a packet with a rule: what may change from packet to packet is asked anew each time. */
function occasion({ run }: Visit, { path }: State): string {
  return [`packet ${run.packets}`, ...path.map(identity)].join(" via ");
}

function inBox(state: State, box: Box): State {
  return box === state.box ? state : { ...state, box };
}

/** Carries out a statement; returns the states that go on to the rule's next item. */
function perform(visit: Visit, rule: Rule, statement: Statement, state: State, next: State[]): State[] {
  switch (statement.kind) {
    case "verdict":
      return decide(visit, rule, statement.verdict, state, next);
    case "vmap":
      return decideByMap(visit, rule, statement, state, next);
    case "vmapLookup":
      return decideByNamedMap(visit, rule, statement, state, next);
    case "opaque":
      return decideUnknown(visit, rule, statement, state);
    case "byMap":
      return assignByMap(visit, rule, statement, state, next);
    default: {
      const { states, accepted, ended } = applyEffect(visit.run, visit, rule, statement, state);
      if (accepted) append(visit.result.accepted, accepted);
      if (ended) append(next, ended);
      return states;
    }
  }
}

function decide(visit: Visit, rule: Rule, verdict: Verdict, state: State, next: State[]): State[] {
  const { chain, hook, result } = visit;
  switch (verdict.type) {
    case "accept":
      result.accepted.push(accept(visit, rule, state));
      return [];
    case "drop":
      result.stopped.push(stop(visit, rule, state, "drop"));
      return [];
    case "reject":
      result.stopped.push({ ...stop(visit, rule, state, "reject"), answer: verdict.answer });
      return [];
    case "continue":
      next.push(state);
      return [];
    case "return":
      result.returned.push(record(state, { hook, chain, rule, effect: { kind: "note", text: "return" } }));
      return [];
    case "queue":
      return decideUnknown(
        visit,
        rule,
        { fact: "the program behind the queue", span: rule.origin.span },
        state,
      );
    case "jump":
    case "goto": {
      const target = visit.table.chains.get(verdict.chain);
      const loops = state.path.some((one) => one === rule);
      visit.run.budget.spend(20);
      if (!target || loops || visit.depth >= DEEPEST_JUMP) {
        const fact = target
          ? "a loop of jumps, or one too deep, which the kernel refuses to load"
          : `chain ${verdict.chain}, which is not in this file`;
        return decideUnknown(visit, rule, { fact, span: rule.origin.span }, state);
      }
      const effect = { kind: "jump", chain: verdict.chain } as const;
      const jumped = { ...record(state, { hook, chain, rule, effect }), path: [...state.path, rule] };
      const inner = runChain(visit.run, target, hook, [jumped], visit.depth + 1);
      append(result.accepted, inner.accepted);
      append(result.stopped, inner.stopped);
      const back = inner.returned.map((one) => ({ ...one, path: state.path }));
      append(verdict.type === "jump" ? next : result.returned, back);
      return [];
    }
  }
}

function accept(visit: Visit, rule: Rule, state: State): State {
  const { chain, hook } = visit;
  const done = record(state, { hook, chain, rule, effect: { kind: "verdict", verdict: "accept" } });
  const decides = hook === "input" || hook === "forward" || hook === "output";
  return decides ? { ...done, path: [], permits: permitsOf(visit, rule, state) } : { ...done, path: [] };
}

/** The rules on the way to this verdict that name the packet's destination port. */
function permitsOf(visit: Visit, rule: Rule, state: State): Permits {
  const { dport } = state.packet;
  const named =
    dport && "value" in dport
      ? [...state.path, rule].filter((one) => namesPort(one, Number(dport.value), visit.table))
      : [];
  if (named.length === 0) return { ...state.permits, broadly: true };
  const before = state.permits.named.filter((one) => !named.includes(one));
  return { ...state.permits, named: [...before, ...named] };
}

function stop(visit: Visit, rule: Rule, state: State, how: "drop" | "reject"): Stop {
  const { chain, hook } = visit;
  const done = record(state, { hook, chain, rule, effect: { kind: "verdict", verdict: how } });
  return { state: done, hook, chain, rule, how };
}

function decideByMap(
  visit: Visit,
  rule: Rule,
  statement: Statement & { kind: "vmap" },
  state: State,
  next: State[],
): State[] {
  // Without the key there is nothing to look up, not even the default (NFT_BREAK).
  if (statement.fields.some((field) => fieldValue(state, field) === "absent")) {
    next.push(state);
    return [];
  }
  let open: Box[] = [state.box];
  for (const entry of statement.entries) {
    const rest: Box[] = [];
    for (const box of open) {
      const parts = partitionElements(statement.fields, [entry.values], box, state);
      for (const hit of parts.yes) decide(visit, rule, entry.verdict, inBox(state, hit), next);
      rest.push(...parts.no);
      for (const one of parts.maybe) decideByUnknownKey(visit, rule, statement, one, state, next);
    }
    open = rest;
  }
  for (const box of open) {
    if (statement.default) decide(visit, rule, statement.default, inBox(state, box), next);
    else next.push(inBox(state, box));
  }
  return [];
}

/** The key is not known: any entry may be meant, or none. */
function decideByUnknownKey(
  visit: Visit,
  rule: Rule,
  { entries, default: otherwise }: Statement & { kind: "vmap" },
  { box, fact, key }: Maybe,
  state: State,
  next: State[],
): void {
  let here = inBox(state, box);
  for (const [i, entry] of entries.entries()) {
    const assumption = { key: `${key} entry ${i}`, fact, origin: rule.origin };
    decide(visit, rule, entry.verdict, assume(here, { ...assumption, holds: true }), next);
    here = assume(here, { ...assumption, holds: false });
  }
  if (otherwise) decide(visit, rule, otherwise, here, next);
  else next.push(here);
}

function decideByNamedMap(
  visit: Visit,
  rule: Rule,
  statement: Statement & { kind: "vmapLookup" },
  state: State,
  next: State[],
): State[] {
  const map = visit.table.sets.get(statement.map);
  if (!map) {
    const fact = `the verdict map ${statement.map}, which is not in this file`;
    return decideUnknown(visit, rule, { fact, span: statement.span }, state);
  }
  const entries = catchAllLast(map.elements).flatMap((element) =>
    element.verdict ? [{ values: element.values, verdict: element.verdict }] : [],
  );
  const missed: State[] = [];
  decideByMap(visit, rule, { ...statement, kind: "vmap", entries }, state, missed);
  if (map.content === "complete") {
    append(next, missed);
    return [];
  }
  const fact = map.content.unknown;
  for (const one of missed) append(next, decideUnknown(visit, rule, { fact, span: statement.span }, one));
  return [];
}

/** `meta mark set KEY map …`: what the entry gives is assigned; without one the rule ends (NFT_BREAK). */
function assignByMap(
  visit: Visit,
  rule: Rule,
  { fields, entries, sets, span }: Statement & { kind: "byMap" },
  state: State,
  next: State[],
): State[] {
  const assigned: State[] = [];
  const assign = (value: AssignedValue, box: Box) => {
    const { states } = applyEffect(visit.run, visit, rule, assignment(sets, value, span), inBox(state, box));
    append(assigned, states);
  };
  const { hits, missed, open } = lookUp(fields, entries, state, visit.table);
  for (const { box, mapped } of hits) assign(mapped, box);
  for (const { box } of open) assign(undefined, box);
  for (const box of missed) next.push(inBox(state, box));
  return assigned;
}

/** Undefined: the files do not say. */
type AssignedValue = MappedEntry["mapped"];

function assignment(
  sets: (Statement & { kind: "byMap" })["sets"],
  value: AssignedValue,
  span: Statement["span"],
): Statement & { kind: "setMark" | "setHelper" } {
  if (sets === "helper") {
    const helper =
      value && "object" in value
        ? ({ by: "object", name: value.object } as const)
        : ({ by: "unknown", fact: "which helper the map gives" } as const);
    return { kind: "setHelper", helper, span };
  }
  const target = sets === "packet mark" ? "packet" : "connection";
  const mark = value && "values" in value ? value.values[0]?.min : undefined;
  const change = typeof mark === "number" ? { and: 0, xor: mark } : "unknown";
  return { kind: "setMark", target, change, span };
}

/** Something that may end the packet's way here, by accepting or dropping it, or let it go on: each is assumed in turn. */
function decideUnknown(
  visit: Visit,
  rule: Rule,
  what: { fact: string; span: Statement["span"] },
  state: State,
): State[] {
  const origin = within(rule.origin, what.span);
  const key = `${identity(rule.body)} ${what.fact} ${state.slot} ${state.sender}`;
  const answers = (from: State, part: string): [yes: State[], no: State[]] => {
    const question = `${key} ${part}`;
    const known = assumed(from, question);
    const taken = (holds: boolean) => assume(from, { key: question, fact: what.fact, holds, origin });
    if (known !== undefined) return known ? [[from], []] : [[], [from]];
    return [[taken(true)], [taken(false)]];
  };
  const [ended, goesOn] = answers(state, "ends");
  for (const one of ended) {
    const [accepted, dropped] = answers(one, "accepts");
    append(
      visit.result.accepted,
      accepted.map((each) => accept(visit, rule, each)),
    );
    append(
      visit.result.stopped,
      dropped.map((each) => stop(visit, rule, each, "drop")),
    );
  }
  return goesOn;
}
