import type { IntervalSet } from "../model/interval-set.ts";
import type { Field, MapEntries, MappedEntry, NatPart, RuleBody, Statement } from "../model/rule.ts";
import { isLookup } from "../model/rule.ts";
import type { Ruleset, Table } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { ValueSet } from "../model/values.ts";
import { rangesOf } from "../model/values.ts";
import { knownEntries, natCandidates } from "../netfilter/map-lookup.ts";
import { holds, namesPort, WIDEST_INTERVAL } from "../netfilter/named-port.ts";
import { notable } from "../netfilter/notable.ts";

/** FTP's well-known control port (RFC 959). */
export const FTP_PORT = 21;

/** Control port of FTP under TLS from the first byte (RFC 4217 mentions it as common practice). */
export const FTPS_PORT = 990;

/** Ports on which the ruleset expects control connections: 21, those given a helper, those that NAT sends to 21. */
export function controlPorts(ruleset: Ruleset): number[] {
  const ports = new Set<number>([FTP_PORT]);
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      for (const rule of notable(chain.rules).rules) {
        if (isFtpPurpose(rule.body, table)) for (const port of namedPorts(rule.body)) ports.add(port);
        const mapped = [...helperPorts(rule.body, table), ...translatedPorts(rule.body, table)];
        for (const port of mapped) ports.add(port);
      }
    }
  }
  if (namesImplicitTls(ruleset)) ports.add(FTPS_PORT);
  return [...ports].slice(0, 8);
}

function namesImplicitTls(ruleset: Ruleset): boolean {
  for (const table of ruleset.tables.values()) {
    for (const chain of table.chains.values()) {
      if (chain.rules.some((rule) => namesPort(rule, FTPS_PORT, table))) return true;
    }
  }
  return false;
}

function isFtpPurpose(body: RuleBody, table: Table): boolean {
  return body.items.some(
    (item) =>
      item.item === "statement" &&
      ((item.statement.kind === "setHelper" && helperIsFtp(item.statement.helper, table)) ||
        (item.statement.kind === "nat" &&
          holdsFtpPort(natCandidates(plainPart(item.statement.to.port), table)))),
  );
}

function holdsFtpPort(ports: ValueSet | undefined): boolean {
  return ports !== undefined && holds(ports, FTP_PORT);
}

/** What a map gives depends on the port that comes: those are `translatedPorts`. */
function plainPart(part: NatPart | undefined): NatPart | undefined {
  return part !== undefined && part !== "unknown" && isLookup(part) ? undefined : part;
}

function helperIsFtp(helper: { by: string; name?: string }, table: Table): boolean {
  const name = helper.by === "object" ? table.helpers.get(helper.name ?? "")?.type : helper.name;
  return name === "ftp";
}

function namedPorts(body: RuleBody): number[] {
  return body.items.flatMap((item) =>
    item.item === "condition" && item.condition.kind === "match" && item.condition.field === "dport"
      ? portsIn(item.condition.values)
      : [],
  );
}

/** Ports to which a map gives the helper: `ct helper set tcp dport map { 2121 : "ftp-std" }`. */
export function helperPorts(body: RuleBody, table: Table): number[] {
  return statementsOf(body).flatMap((statement) =>
    statement.kind === "byMap" && statement.sets === "helper"
      ? keysOf(
          statement,
          table,
          (mapped) => "object" in mapped && table.helpers.get(mapped.object)?.type === "ftp",
        )
      : [],
  );
}

/** Ports that a map sends to 21: `dnat to tcp dport map { 2121 : 10.0.0.2 . 21 }`. */
function translatedPorts(body: RuleBody, table: Table): number[] {
  return statementsOf(body).flatMap((statement) => {
    const port = statement.kind === "nat" ? statement.to.port : undefined;
    if (port === undefined || port === "unknown" || !isLookup(port)) return [];
    return keysOf(port, table, (mapped) => "values" in mapped && holdsFtpPort(mapped.values[port.column]));
  });
}

function statementsOf({ items }: RuleBody): Statement[] {
  return items.flatMap((one) => (one.item === "statement" ? [one.statement] : []));
}

/** The destination ports among the keys of a map whose entry is wanted. */
function keysOf(
  { fields, entries }: { fields: readonly Field[]; entries: MapEntries },
  table: Table,
  wanted: (mapped: NonNullable<MappedEntry["mapped"]>) => boolean,
): number[] {
  const at = fields.indexOf("dport");
  return knownEntries(entries, table).flatMap(({ values, mapped }) =>
    mapped && wanted(mapped) ? portsIn(values[at]) : [],
  );
}

function portsIn(values: ValueSet | undefined): number[] {
  const ports: number[] = [];
  for (const [low, high] of values ? rangesOf(values as IntervalSet<number>) : []) {
    if (high - low >= WIDEST_INTERVAL) continue;
    for (let port = low; port <= high; port++) ports.push(port);
  }
  return ports;
}

/** The table a rule stands in, found by its chain. */
export function tableOf(ruleset: Ruleset, id: Table["id"]): Table | undefined {
  return ruleset.tables.get(tableKey(id));
}
