import type { Condition, Rule, RuleBody } from "../model/rule.ts";
import type { NamedSet, Ruleset, Table } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";

/** FTP's well-known control port (RFC 959). */
export const FTP_PORT = 21;

/** A wider interval of ports does not name any of them. */
const WIDEST_INTERVAL = 10;

/** Whether a rule names this destination port: alone, in a list or set, or in an interval of at most 10 ports. */
export function namesPort(rule: Rule, port: number, table: Table | undefined): boolean {
  return rule.body.items.some((item) => {
    if (item.item === "condition") return conditionNames(item.condition, port, table);
    const { statement } = item;
    if (statement.kind === "vmap") {
      return statement.fields.some(
        (field, i) => field === "dport" && statement.entries.some((entry) => holds(entry.values[i], port)),
      );
    }
    if (statement.kind === "vmapLookup") {
      return setNames(table?.sets.get(statement.map), statement.fields.indexOf("dport"), port);
    }
    return false;
  });
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

function holds(values: ValueSet | undefined, port: number): boolean {
  const bounds = (values?.bounds ?? []) as readonly number[];
  for (let i = 0; i < bounds.length; i += 2) {
    const [low, high] = [bounds[i]!, bounds[i + 1]!];
    if (low <= port && port < high) return high - low <= WIDEST_INTERVAL;
  }
  return false;
}

/** Ports on which the ruleset expects control connections: 21, those given a helper, those that NAT sends to 21. */
export function controlPorts(ruleset: Ruleset): number[] {
  const ports = new Set<number>([FTP_PORT]);
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of chain.rules) {
        if (isFtpPurpose(rule.body, table)) for (const port of namedPorts(rule.body)) ports.add(port);
      }
    }
  }
  return [...ports].slice(0, 8);
}

function isFtpPurpose(body: RuleBody, table: Table): boolean {
  return body.items.some(
    (item) =>
      item.item === "statement" &&
      ((item.statement.kind === "setHelper" && helperIsFtp(item.statement.helper, table)) ||
        (item.statement.kind === "nat" &&
          item.statement.to.port !== undefined &&
          item.statement.to.port !== "unknown" &&
          holds(item.statement.to.port, FTP_PORT))),
  );
}

function helperIsFtp(helper: { by: string; name?: string }, table: Table): boolean {
  const name = helper.by === "object" ? table.helpers.get(helper.name ?? "")?.type : helper.name;
  return name === "ftp";
}

function namedPorts(body: RuleBody): number[] {
  const ports: number[] = [];
  for (const item of body.items) {
    if (item.item !== "condition" || item.condition.kind !== "match" || item.condition.field !== "dport")
      continue;
    const bounds = item.condition.values.bounds as readonly number[];
    for (let i = 0; i < bounds.length; i += 2) {
      if (bounds[i + 1]! - bounds[i]! > WIDEST_INTERVAL) continue;
      for (let port = bounds[i]!; port < bounds[i + 1]!; port++) ports.push(port);
    }
  }
  return ports;
}

/** The table a rule stands in, found by its chain. */
export function tableOf(ruleset: Ruleset, id: Table["id"]): Table | undefined {
  return ruleset.tables.get(tableKey(id));
}
