import {
  convertNft,
  type NftContext,
  type NftOptions,
} from "../../../server/src/convert/nftables/convert.ts";
import type { Operation } from "../../../server/src/model/operation.ts";
import type {
  Condition,
  MappedEntry,
  NatPart,
  RuleBody,
  Statement,
  Verdict,
} from "../../../server/src/model/rule.ts";
import { isLookup } from "../../../server/src/model/rule.ts";
import type { SetElement } from "../../../server/src/model/ruleset.ts";
import { formatV4, formatV6, type ValueSet } from "../../../server/src/model/values.ts";
import { parseNft } from "../../../server/src/syntax/nftables/parse.ts";
import type { Problem } from "../../../server/src/text/problem.ts";

/** A value set as text: `21,50000-50100`, `10.0.0.0-10.255.255.255`, `"eth0"`, `"eth"*`. */
export function showValues(values: ValueSet, field = ""): string {
  const pieces: string[] = [];
  for (let i = 0; i < values.bounds.length; i += 2) {
    pieces.push(showInterval(values.bounds[i]!, values.bounds[i + 1]!, field));
  }
  return pieces.length === 0 ? "nothing" : pieces.join(",");
}

function showInterval(low: number | bigint | string, end: number | bigint | string, field: string): string {
  if (typeof low === "string") {
    if (end === `${low}\0`) return JSON.stringify(low);
    if (end === `${low}\uffff`) return `${JSON.stringify(low)}*`;
    return `${JSON.stringify(low)}..<${JSON.stringify(end)}`;
  }
  const high = typeof end === "bigint" ? end - 1n : (end as number) - 1;
  const show = (value: number | bigint): string => {
    if (typeof value === "bigint") return formatV6(value);
    return /addr4/.test(field) ? formatV4(value) : String(value);
  };
  return low === high ? show(low) : `${show(low)}-${show(high)}`;
}

function showVerdict(verdict: Verdict): string {
  return "chain" in verdict ? `${verdict.type} ${verdict.chain}` : verdict.type;
}

function showTuple(values: readonly ValueSet[], fields: readonly string[]): string {
  return values.map((value, i) => showValues(value, fields[i])).join(" . ");
}

export function showCondition(condition: Condition): string {
  switch (condition.kind) {
    case "match": {
      const mask = condition.mask === undefined ? "" : `&0x${condition.mask.toString(16)}`;
      return `${condition.field}${mask}=${showValues(condition.values, condition.field)}`;
    }
    case "tuple": {
      const elements = condition.elements.map((element) => showTuple(element, condition.fields)).join(" | ");
      return `${condition.fields.join(" . ")} ${condition.negated ? "not in" : "in"} {${elements}}`;
    }
    case "lookup":
      return `${condition.fields.join(" . ")} ${condition.negated ? "not in" : "in"} @${condition.set}`;
    case "opaque":
      return `?(${condition.fact}${condition.stable ? "" : ", changing"})`;
    case "not":
      return `not(${showCondition(condition.condition)})`;
    default:
      return `${condition.kind}(${condition.conditions.map(showCondition).join(", ")})`;
  }
}

function showTarget(value: NatPart | undefined, field: string): string {
  if (value === undefined) return "";
  if (value === "unknown") return "unknown";
  if (!isLookup(value)) return showValues(value, field);
  const { column, entries, fields } = value;
  const inline = Array.isArray(entries) ? (entries as readonly MappedEntry[]) : undefined;
  if (!inline) return `part ${column} of ${fields.join(" . ")} map @${(entries as { map: string }).map}`;
  const shown = inline.map(({ values, mapped }) => {
    const part = mapped && "values" in mapped ? mapped.values[column] : undefined;
    return `${showTuple(values, fields)}: ${part ? showValues(part, field) : "-"}`;
  });
  return `${fields.join(" . ")} map {${shown.join(" | ")}}`;
}

function showMap({ fields, entries }: Extract<Statement, { kind: "byMap" }>): string {
  const inline = Array.isArray(entries) ? (entries as readonly MappedEntry[]) : undefined;
  const shown = inline?.map(
    ({ values, mapped }) =>
      `${values.map((value, i) => showValues(value, fields[i]!)).join(" . ")} : ${showMapped(mapped)}`,
  );
  return `${fields.join(" . ")} { ${shown?.join(", ") ?? `@${(entries as { map: string }).map}`} }`;
}

function showMapped(mapped: MappedEntry["mapped"]): string {
  if (!mapped) return "?";
  return "object" in mapped
    ? mapped.object
    : mapped.values.map((value) => showValues(value, "mark")).join(" . ");
}

export function showStatement(statement: Statement): string {
  switch (statement.kind) {
    case "verdict":
      return showVerdict(statement.verdict);
    case "setPacketType":
      return `packet type ${statement.type}`;
    case "setHops":
      return `hops of ${statement.family} ${statement.hops}`;
    case "byMap":
      return `${statement.sets} by ${showMap(statement)}`;
    case "vmap": {
      const entries = statement.entries.map(
        ({ values, verdict }) => `${showTuple(values, statement.fields)}: ${showVerdict(verdict)}`,
      );
      if (statement.default) entries.push(`*: ${showVerdict(statement.default)}`);
      return `${statement.fields.join(" . ")} vmap {${entries.join(" | ")}}`;
    }
    case "vmapLookup":
      return `${statement.fields.join(" . ")} vmap @${statement.map}`;
    case "setHelper":
      return `helper ${statement.helper.by} ${"name" in statement.helper ? statement.helper.name : statement.helper.fact}`;
    case "notrack":
      return "notrack";
    case "nat": {
      const { addr, port, netmap, random } = statement.to;
      const parts = [
        `${statement.nat}${statement.family ?? ""}`,
        addr && `to ${showTarget(addr, statement.family === 6 ? "" : "addr4")}`,
        port && `port ${showTarget(port, "")}`,
        netmap && "netmap",
        random && "random",
      ];
      return parts.filter(Boolean).join(" ");
    }
    case "setMark":
      return `mark ${statement.target} ${JSON.stringify(statement.change)}`;
    case "opaque":
      return `!(${statement.fact})`;
    case "noop":
      return `noop ${statement.name}`;
  }
}

export function showBody(body: RuleBody): string {
  const items = body.items.map((item) =>
    item.item === "condition" ? showCondition(item.condition) : showStatement(item.statement),
  );
  return items.join("; ") + (body.comment === undefined ? "" : ` # ${body.comment}`);
}

function showElement(element: SetElement): string {
  const key = showTuple(element.values, []);
  if (element.verdict) return `${key}: ${showVerdict(element.verdict)}`;
  if (!element.mapped) return key;
  return `${key}: ${"object" in element.mapped ? element.mapped.object : showTuple(element.mapped.values, [])}`;
}

export function showOperation(operation: Operation): string {
  const where =
    "table" in operation && operation.table ? `${operation.table.family} ${operation.table.name}` : "";
  switch (operation.op) {
    case "addChain": {
      const { base } = operation;
      const hook = base ? ` ${base.type} ${base.hook} ${base.priority} [${base.devices.join(",")}]` : "";
      return `addChain ${where} ${operation.chain}${hook}${operation.mustBeNew ? " new" : ""}`;
    }
    case "setPolicy":
      return `setPolicy ${where} ${operation.chain} ${operation.verdict}`;
    case "append":
      return `append ${operation.chain}: ${showBody(operation.body)}`;
    case "insert":
    case "replace":
      return `${operation.op} ${operation.chain} ${operation.index}: ${showBody(operation.body)}`;
    case "deleteRule":
      return `deleteRule ${operation.chain} ${JSON.stringify(operation.which)}`;
    case "addSet": {
      const { set } = operation;
      const content = set.content === "complete" ? "" : ` ?(${set.content.unknown})`;
      return `addSet ${where} ${set.kind} ${set.name} {${set.elements.map(showElement).join(" | ")}}${content}`;
    }
    case "addElements":
    case "deleteElements":
      return `${operation.op} ${where} ${operation.set} {${operation.elements.map(showElement).join(" | ")}}`;
    case "addObject":
      return `addObject ${where} ${operation.object.kind} ${operation.object.name}`;
    case "addHelper": {
      const { name, type, protocol, families } = operation.helper;
      return `addHelper ${where} ${name} ${type} ${protocol} ${families.join("+")}`;
    }
    case "addTable":
      return `addTable ${where}${operation.dormant ? " dormant" : ""}`;
    case "unknown":
      return `unknown ${where}?(${operation.fact})`;
    case "flushRuleset":
      return `flushRuleset ${operation.family ?? ""}`.trim();
    case "renameChain":
      return `renameChain ${where} ${operation.chain} ${operation.to}`;
    default: {
      const rest = Object.entries(operation)
        .filter(([key]) => !["op", "table", "origin", "presence"].includes(key))
        .map(([, value]) => String(value));
      return [operation.op, where, ...rest].join(" ");
    }
  }
}

export function showProblem(text: string, problem: Problem): string {
  const { statement, span } = problem.origin;
  const marked = text.slice(statement.start + span.start, statement.start + span.end);
  return `${problem.refused ? "refused" : problem.severity} ${problem.code} at "${marked}"`;
}

export const NO_FILES: NftContext = { path: "test.nft", resolve: () => "missing" };

/** Operations and problems of a text, one per line. */
export function showConversion(
  text: string,
  context: NftContext = NO_FILES,
  options: NftOptions = {},
): string {
  const { operations, problems, needs } = convertNft(parseNft(text), context, options);
  return [
    ...operations.map(showOperation),
    ...problems.map((problem) => showProblem(text, problem)),
    ...needs.map((path) => `needs ${path}`),
  ].join("\n");
}

/** What one rule in a table becomes, with its problems. */
export function showRule(rule: string, family = "inet", around = ""): string {
  const text = `table ${family} t {\n${around}\nchain c {\n${rule}\n}\n}\n`;
  return showConversion(text, NO_FILES, { partial: true })
    .split("\n")
    .filter((line) => line.startsWith("append c: ") || line.startsWith("refused") || line.startsWith("info"))
    .map((line) => line.replace("append c: ", ""))
    .join("\n");
}
