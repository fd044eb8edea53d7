import type { Condition, NatPart, RuleBody, Statement } from "../../../server/src/model/rule.ts";
import { isLookup } from "../../../server/src/model/rule.ts";
import { formatV4, formatV6, type ValueSet } from "../../../server/src/model/values.ts";

/** A rule as text: one line per condition and statement. */
export function showBody(body: RuleBody): string {
  const lines = body.items.map((item) =>
    item.item === "condition" ? showCondition(item.condition) : showStatement(item.statement),
  );
  if (body.comment !== undefined) lines.push(`# ${body.comment}`);
  return lines.join("\n");
}

function showCondition(condition: Condition): string {
  switch (condition.kind) {
    case "match": {
      const mask = condition.mask === undefined ? "" : ` & ${showValue(condition.mask, condition.field)}`;
      return `${condition.field}${mask} in ${showSet(condition.values, condition.field)}`;
    }
    case "anyOf":
    case "allOf":
      return `${condition.kind}(${condition.conditions.map(showCondition).join("; ")})`;
    case "not":
      return `not(${showCondition(condition.condition)})`;
    case "opaque":
      return `${condition.stable ? "stable" : "changing"}: ${condition.fact}`;
    default:
      return condition.kind;
  }
}

export function showSet(set: ValueSet, field = ""): string {
  const bounds = set.bounds as readonly (number | bigint | string)[];
  const parts: string[] = [];
  for (let i = 0; i < bounds.length; i += 2)
    parts.push(showInterval(bounds[i] ?? "", bounds[i + 1] ?? "", field));
  return `{${parts.join(", ")}}`;
}

function showInterval(low: number | bigint | string, end: number | bigint | string, field: string): string {
  if (typeof low === "string") {
    const exact = end === `${low}\0`;
    return exact
      ? `"${low}"`
      : `"${low.replaceAll("\0", "\\0")}".."${String(end).replaceAll("\0", "\\0").replaceAll("\uffff", "*")}"`;
  }
  const last = typeof low === "bigint" ? (end as bigint) - 1n : (end as number) - 1;
  return low === last ? showValue(low, field) : `${showValue(low, field)}-${showValue(last, field)}`;
}

function showValue(value: number | bigint, field: string): string {
  if (typeof value === "bigint") return formatV6(value);
  return field.endsWith("addr4") ? formatV4(value) : String(value);
}

function showStatement(statement: Statement): string {
  switch (statement.kind) {
    case "verdict":
      return "chain" in statement.verdict
        ? `${statement.verdict.type} ${statement.verdict.chain}`
        : statement.verdict.type;
    case "setHelper":
      return `helper ${JSON.stringify(statement.helper)}`;
    case "nat": {
      const { addr, port, netmap } = statement.to;
      const family = `addr${statement.family ?? ""}`;
      const show = (set: NatPart | undefined, of: string) =>
        set === "unknown" ? "unknown" : set && !isLookup(set) && showSet(set, of);
      return [statement.nat, show(addr, family), port && `ports ${show(port, "")}`, netmap && "netmap"]
        .filter(Boolean)
        .join(" ");
    }
    case "setMark":
      return `mark of ${statement.target}: ${JSON.stringify(statement.change)}`;
    case "opaque":
      return `opaque: ${statement.fact}`;
    case "noop":
      return `noop ${statement.name}`;
    default:
      return statement.kind;
  }
}
