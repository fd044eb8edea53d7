import type { Condition, Rule } from "../model/rule.ts";
import type { Span } from "../text/span.ts";
import type { AcceptPlan } from "./need.ts";

/** The text of a rule's tests of interfaces, addresses and family, as the author wrote them. */
export interface Restriction {
  readonly kind: "iif" | "oif" | "saddr" | "daddr" | "nfproto";
  readonly text: string;
  /** In the rule's statement. */
  readonly span: Span;
}

const KINDS: Record<string, Restriction["kind"]> = {
  iif: "iif",
  oif: "oif",
  saddr4: "saddr",
  saddr6: "saddr",
  daddr4: "daddr",
  daddr6: "daddr",
  nfproto: "nfproto",
};

/** What makes it a rule for the control port: the new rule has its own. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["l4proto", "dport", "sport", "ctstate", "tcpflags"]);

/** iptables' own options; those of modules need their `-m` as well and are not carried over. */
const CORE_OPTION = /^(! *)?(-[siod]|--(source|src|destination|dst|in-interface|out-interface))\b/;

/**
 * What else the rule that permits the control connection asks of a packet, to be asked of the data connection,
 * too. A text: why that is not possible. `file`: the text of the file that the rule stands in.
 */
export function restrictionsOf(
  rule: Rule,
  file: string,
  plan: Pick<AcceptPlan, "state" | "carry"> = {},
): Restriction[] | string {
  // Where a policy lets the control connection through, there is no rule to take after.
  if (rule.body.items.length === 0) return [];
  if (!acceptsItself(rule) && targetFor(plan, rule, file) === undefined) {
    return "the rule for the control port hands packets on to another chain, whose own tests would be missing from a rule for the data ports";
  }
  const found: Restriction[] = [];
  const { start } = rule.origin.statement;
  for (const item of rule.body.items) {
    if (item.item !== "condition" || isOwn(item.condition)) continue;
    const { condition } = item;
    const text = file.slice(start + condition.span.start, start + condition.span.end);
    const kind = kindOf(condition);
    if (!kind || (/^[!-]/.test(text) && !CORE_OPTION.test(text))) {
      return `the rule for the control port also tests ${JSON.stringify(text)}, which cannot be carried over to a rule for the data ports`;
    }
    if (!found.some((one) => one.text === text)) found.push({ kind, text, span: condition.span });
  }
  // `ip saddr` tests the family by itself; such tests stand at the same place of the text.
  return found.filter((one) => one.kind !== "nfproto" || /nfproto|protocol/.test(one.text));
}

/**
 * Where the rule for the control port hands packets on to a chain, those that open a data connection the same way are
 * handed on as well: `-j ftp_clients`, as written. Undefined where it does not, or where the others are about.
 */
export function targetFor(
  { state, carry }: Pick<AcceptPlan, "state" | "carry">,
  rule: Rule,
  file: string,
): string | undefined {
  if (carry !== "same" || state !== undefined) return undefined;
  const { start } = rule.origin.statement;
  for (const item of rule.body.items) {
    if (item.item !== "statement" || item.statement.kind !== "verdict") continue;
    const { verdict, span } = item.statement;
    if (verdict.type !== "jump" && verdict.type !== "goto") continue;
    const text = file.slice(start + span.start, start + span.end);
    return text.includes(verdict.chain) ? text : undefined;
  }
  return undefined;
}

function acceptsItself(rule: Rule): boolean {
  return rule.body.items.some(
    (item) =>
      item.item === "statement" &&
      item.statement.kind === "verdict" &&
      item.statement.verdict.type === "accept",
  );
}

function isOwn(condition: Condition): boolean {
  switch (condition.kind) {
    case "match":
      return OWN_FIELDS.has(condition.field);
    case "lookup":
      return condition.fields.every((field) => OWN_FIELDS.has(field));
    case "anyOf":
    case "allOf":
      return condition.conditions.every(isOwn);
    default:
      return false;
  }
}

function kindOf(condition: Condition): Restriction["kind"] | undefined {
  if (condition.kind === "match") return condition.mask === undefined ? KINDS[condition.field] : undefined;
  if (condition.kind === "lookup" && condition.fields.length === 1) return KINDS[condition.fields[0]!];
  return undefined;
}

const OPPOSITE: Record<Restriction["kind"], Restriction["kind"]> = {
  iif: "oif",
  oif: "iif",
  saddr: "daddr",
  daddr: "saddr",
  nfproto: "nfproto",
};

/** The same tests for a packet that goes the other way. */
export function mirrored(
  restrictions: readonly Restriction[],
  swap: (text: string) => string,
): Restriction[] {
  return restrictions.map(({ kind, text, span }) => ({ kind: OPPOSITE[kind], text: swap(text), span }));
}
