import type { LoadedFile } from "../../convert/host.ts";
import { ruleKey, type SessionCase } from "../../ftp/judgement.ts";
import type { IntervalSet } from "../../model/interval-set.ts";
import type { Operation } from "../../model/operation.ts";
import { type Condition, CT_STATE, type RuleBody } from "../../model/rule.ts";
import type { Table } from "../../model/ruleset.ts";
import { tableKey } from "../../model/ruleset.ts";
import { absoluteSpan } from "../../text/origin.ts";
import { contains, type Span } from "../../text/span.ts";
import { describeRule } from "../describe-rule.ts";
import { code, type HoverInput, plain } from "./topic.ts";
import { FTP_PORTS, isPassiveRange } from "./value-topics.ts";

/** An operation that puts a rule into a chain. */
export type RuleOperation = Extract<Operation, { readonly body: RuleBody }>;

/** The rules written at an offset: several when the text runs more than once or stands for several. */
export function rulesAt(input: HoverInput, offset: number): RuleOperation[] {
  const { path } = input.file.source;
  const found: RuleOperation[] = [];
  for (const operation of operationsOf(input.host.files)) {
    if (!("body" in operation) || operation.origin.file !== path) continue;
    const { statement } = operation.origin;
    if (offset < statement.start || offset > statement.end) continue;
    if (contains(absoluteSpan(operation.origin), offset)) found.push(operation);
  }
  const begun = found.filter((one) => offset < absoluteSpan(one.origin).end);
  return begun.length > 0 ? begun : found;
}

function* operationsOf(files: readonly LoadedFile[]): Generator<Operation> {
  for (const file of files) yield* file.operations;
}

export function spanOf(rules: readonly RuleOperation[]): Span | undefined {
  return rules[0] ? absoluteSpan(rules[0].origin) : undefined;
}

export function keysOf(rules: readonly RuleOperation[]): ReadonlySet<string> {
  return new Set(rules.map((rule) => `${rule.origin.file}:${absoluteSpan(rule.origin).start}`));
}

/** What the rules do, each in a sentence (at most `most`), and where in the ruleset they end up. */
export function ruleSection(input: HoverInput, rules: readonly RuleOperation[], most: number): string {
  const sentences = new Map<string, RuleOperation[]>();
  for (const rule of rules) {
    const sentence = describeRule(rule.body, tableOf(input, rule));
    const same = sentences.get(sentence) ?? [];
    same.push(rule);
    sentences.set(sentence, same);
  }
  const shown = [...sentences].slice(0, most);
  const texts = shown.map(([sentence, same]) => sentenceText(input, sentence, same));
  if (sentences.size > most) texts.push(`… and ${sentences.size - most} more rules`);
  return texts.join("\n\n");
}

const MOST_PLACES = 3;

function sentenceText(input: HoverInput, sentence: string, rules: readonly RuleOperation[]): string {
  const places = [...new Set(rules.map((rule) => placeOf(input, rule)))];
  const more = places.length > MOST_PLACES ? [`and ${places.length - MOST_PLACES} more`] : [];
  const lines = [plain(sentence), `*${[...places.slice(0, MOST_PLACES), ...more].join("; ")}*`];
  const doubts = rules.flatMap(({ presence }) => (presence === "certain" ? [] : presence.maybe));
  for (const fact of new Set(doubts)) lines.push(`Whether this rule is there depends on ${plain(fact)}.`);
  if (rules[0] && hasOpaque(rules[0].body))
    lines.push("A part of it is not decided by the file, so verdicts that need it say “unknown”.");
  return lines.join("  \n");
}

export function tableOf(input: HoverInput, rule: RuleOperation): Table | undefined {
  return input.host.ruleset.tables.get(tableKey(rule.table));
}

/** "rule 3 of 7 in chain `INPUT`, table `filter` (IPv4)". */
function placeOf(input: HoverInput, rule: RuleOperation): string {
  const chain = tableOf(input, rule)?.chains.get(rule.chain);
  const at = chain ? chain.rules.findIndex((one) => one.origin === rule.origin) : -1;
  const family =
    rule.table.backend === "iptables" ? (rule.table.family === "ip6" ? "IPv6" : "IPv4") : rule.table.family;
  const where = `chain ${code(rule.chain)}, table ${code(rule.table.name)} (${family})`;
  if (!chain || at < 0) return `not in the ruleset at the end: ${where}`;
  return `rule ${at + 1} of ${chain.rules.length} in ${where}`;
}

function hasOpaque(body: RuleBody): boolean {
  return body.items.some((item) =>
    item.item === "condition" ? item.condition.kind === "opaque" : item.statement.kind === "opaque",
  );
}

/** How much a rule has to do with FTP: it names its ports or helper, it accepts RELATED, or it stops FTP. */
export function ftpConcern(
  rules: readonly RuleOperation[],
  cases: readonly SessionCase[],
): "named" | "touched" | undefined {
  const keys = keysOf(rules);
  if (cases.some((one) => one.anchors.some((rule) => keys.has(ruleKey(rule))))) return "named";
  if (rules.some((rule) => bodyNames(rule.body))) return "named";
  if (rules.some((rule) => bodyTests(rule.body, acceptsRelated))) return "touched";
  return cases.some((one) => stopsAt(one, keys)) ? "touched" : undefined;
}

function stopsAt(one: SessionCase, keys: ReadonlySet<string>): boolean {
  return one.classes.some(({ verdict }) => {
    const rule = verdict.verdict === "works" ? undefined : verdict.outcome?.stop?.rule;
    return rule !== undefined && keys.has(ruleKey(rule));
  });
}

function bodyNames(body: RuleBody): boolean {
  return (
    bodyTests(body, namesFtp) ||
    body.items.some((item) => item.item === "statement" && item.statement.kind === "setHelper")
  );
}

function bodyTests(body: RuleBody, test: (condition: Condition) => boolean): boolean {
  const holds = (condition: Condition, depth: number): boolean =>
    test(condition) ||
    ((condition.kind === "anyOf" || condition.kind === "allOf") &&
      depth < 6 &&
      condition.conditions.some((inner) => holds(inner, depth + 1)));
  return body.items.some((item) => item.item === "condition" && holds(item.condition, 0));
}

function acceptsRelated(condition: Condition): boolean {
  return (
    condition.kind === "match" &&
    condition.field === "ctstate" &&
    (condition.values as IntervalSet<number>).has(CT_STATE.related)
  );
}

function namesFtp(condition: Condition): boolean {
  if (condition.kind !== "match") return false;
  if (condition.field === "cthelper") return (condition.values as IntervalSet<string>).has("ftp");
  if (!/^(sport|dport|ctorigdport)$/.test(condition.field)) return false;
  const bounds = condition.values.bounds as readonly number[];
  for (let i = 0; i < bounds.length; i += 2) {
    const [low, high] = [bounds[i]!, bounds[i + 1]! - 1];
    if (high - low < 10 && FTP_PORTS.some((port) => low <= port && port <= high)) return true;
    if (condition.field === "dport" && isPassiveRange(low, high)) return true;
  }
  return false;
}
