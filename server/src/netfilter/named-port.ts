import type { Condition, NatPart, Rule, Statement } from "../model/rule.ts";
import { isLookup } from "../model/rule.ts";
import type { NamedSet, Table } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { knownEntries } from "./map-lookup.ts";

/** A wider interval of ports does not name any of them. */
export const WIDEST_INTERVAL = 10;

/** Whether a rule names this destination port: alone, in a list or set, or in an interval of at most 10 ports. */
export function namesPort(rule: Rule, port: number, table: Table | undefined): boolean {
  for (const item of rule.body.items) {
    const names =
      item.item === "condition"
        ? conditionNames(item.condition, port, table)
        : statementNames(item.statement, port, table);
    if (names) return true;
  }
  return false;
}

function statementNames(statement: Statement, port: number, table: Table | undefined): boolean {
  switch (statement.kind) {
    case "vmap":
      return statement.fields.some(
        (field, i) => field === "dport" && statement.entries.some((entry) => holds(entry.values[i], port)),
      );
    case "vmapLookup":
      return setNames(table?.sets.get(statement.map), statement.fields.indexOf("dport"), port);
    case "nat":
      return lookupNames(statement.to.addr, port, table) || lookupNames(statement.to.port, port, table);
    default:
      return false;
  }
}

/** A key of the map that says where to. */
function lookupNames(part: NatPart | undefined, port: number, table: Table | undefined): boolean {
  if (part === undefined || part === "unknown" || !isLookup(part)) return false;
  const at = part.fields.indexOf("dport");
  return at >= 0 && knownEntries(part.entries, table).some(({ values }) => holds(values[at], port));
}

function conditionNames(condition: Condition, port: number, table: Table | undefined): boolean {
  switch (condition.kind) {
    case "match":
      return isPortField(condition.field) && holds(condition.values, port);
    case "tuple":
      return (
        !condition.negated &&
        condition.fields.some(
          (field, i) => isPortField(field) && condition.elements.some((element) => holds(element[i], port)),
        )
      );
    case "lookup":
      return (
        !condition.negated &&
        setNames(table?.sets.get(condition.set), condition.fields.findIndex(isPortField), port)
      );
    case "anyOf":
    case "allOf":
      return condition.conditions.some((inner) => conditionNames(inner, port, table));
    default:
      return false;
  }
}

function isPortField(field: string): boolean {
  return field === "dport" || field === "ctorigdport";
}

function setNames(set: NamedSet | undefined, at: number, port: number): boolean {
  return at >= 0 && (set?.elements.some((element) => holds(element.values[at], port)) ?? false);
}

/** Whether values name a port: they hold it, in an interval of at most 10. */
export function holds(values: ValueSet | undefined, port: number): boolean {
  const bounds = (values?.bounds ?? []) as readonly number[];
  for (let i = 0; i < bounds.length; i += 2) {
    const [low, high] = [bounds[i]!, bounds[i + 1]!];
    if (low <= port && port < high) return high - low <= WIDEST_INTERVAL;
  }
  return false;
}
