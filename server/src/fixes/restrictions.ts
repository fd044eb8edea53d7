import type { Rule } from "../model/rule.ts";

/** The text of a rule's tests of interfaces and addresses, as the author wrote them. */
export interface Restriction {
  readonly kind: "iif" | "oif" | "saddr" | "daddr";
  readonly text: string;
}

const KINDS: Record<string, Restriction["kind"]> = {
  iif: "iif",
  oif: "oif",
  saddr4: "saddr",
  saddr6: "saddr",
  daddr4: "daddr",
  daddr6: "daddr",
};

/** `text` is the whole file that the rule stands in. */
export function restrictionsOf(rule: Rule, text: string): Restriction[] {
  const found: Restriction[] = [];
  for (const item of rule.body.items) {
    if (item.item !== "condition") continue;
    const { condition } = item;
    const field =
      condition.kind === "match"
        ? condition.field
        : condition.kind === "lookup"
          ? condition.fields[0]
          : undefined;
    const kind = field === undefined ? undefined : KINDS[field];
    if (!kind) continue;
    const { start } = rule.origin.statement;
    const source = text.slice(start + condition.span.start, start + condition.span.end);
    if (!found.some((one) => one.text === source)) found.push({ kind, text: source });
  }
  return found;
}

const OPPOSITE: Record<Restriction["kind"], Restriction["kind"]> = {
  iif: "oif",
  oif: "iif",
  saddr: "daddr",
  daddr: "saddr",
};

/** The same tests for a packet that goes the other way. */
export function mirrored(
  restrictions: readonly Restriction[],
  swap: (text: string) => string,
): Restriction[] {
  return restrictions.map(({ kind, text }) => ({ kind: OPPOSITE[kind], text: swap(text) }));
}
