import type { Condition, RuleBody, Statement } from "./rule.ts";

const CACHE = new WeakMap<RuleBody, boolean>();

/**
 * Whether loading a rule makes the kernel register connection tracking: it asks for it, assigns a helper or translates
 * addresses (nf_ct_netns_get).
 */
export function needsConntrack(body: RuleBody): boolean {
  let needs = CACHE.get(body);
  if (needs === undefined) {
    needs = body.items.some((item) =>
      item.item === "condition" ? conditionNeeds(item.condition) : statementNeeds(item.statement),
    );
    CACHE.set(body, needs);
  }
  return needs;
}

function conditionNeeds(condition: Condition): boolean {
  switch (condition.kind) {
    case "match":
      return condition.field.startsWith("ct");
    case "tuple":
    case "lookup":
      return condition.fields.some((field) => field.startsWith("ct"));
    case "allOf":
    case "anyOf":
      return condition.conditions.some(conditionNeeds);
    case "not":
      return conditionNeeds(condition.condition);
    case "opaque":
      return false;
  }
}

function statementNeeds(statement: Statement): boolean {
  switch (statement.kind) {
    case "setHelper":
    case "nat":
      return true;
    case "vmap":
    case "vmapLookup":
      return statement.fields.some((field) => field.startsWith("ct"));
    case "byMap":
      return statement.sets !== "packet mark" || statement.fields.some((field) => field.startsWith("ct"));
    case "setMark":
      return (
        statement.target === "connection" || (statement.change !== "unknown" && "copy" in statement.change)
      );
    default:
      return false;
  }
}
