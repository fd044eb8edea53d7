import type { Expression, RulePart } from "../../syntax/nftables/tree.ts";
import { printData } from "./data.ts";
import { type DataType, IFNAME, INTEGER, IPV4, IPV6, PORT } from "./datatypes.ts";
import { printMap, printObject } from "./maps.ts";
import { printTarget } from "./nat.ts";
import { concatOperand, type Operand, readOperand } from "./operands.ts";
import { readOptions } from "./options.ts";
import type { RuleScope, Shown } from "./scope.ts";
import { dataTypesOf, keyTypesOf } from "./set-source.ts";
import { notListed } from "./text.ts";
import { unwrap } from "./values.ts";

type Part<K extends RulePart["kind"]> = Extract<RulePart, { kind: K }>;

// Assignments

/** Objects of the table that a rule assigns by their names. */
const OBJECTS = new Set(["ct helper", "ct timeout", "ct expectation", "meta secmark"]);

/** `meta mark set 1`, `ip dscp set cs1`, `ct helper set "ftp"` */
export function readAssignment({ target, value }: Part<"assign">, scope: RuleScope): Shown {
  const { expression, variables } = unwrap(value, scope.variables);
  if (OBJECTS.has(target.key) && expression.kind !== "selector") {
    const named =
      expression.kind === "map"
        ? printMap(expression, scope, "object", variables)
        : { text: printObject(expression, variables), fields: [] };
    return { text: `${target.key} set ${named.text}`, fields: named.fields, ends: true };
  }
  // Setting an option of TCP asks for nothing: the option is there or not.
  const option = target.key === "tcp option";
  const before = { ...scope.known };
  const left = option ? optionOf(target, scope) : readOperand(target, scope);
  if (option) scope.known = before;
  const right = readOperand(value, scope, left.types[0]);
  return {
    text: `${left.text} set ${right.text}`,
    fields: [...(option ? [] : left.fields), ...right.fields],
    ends: true,
  };
}

function optionOf(target: Part<"assign">["target"], scope: RuleScope): Operand {
  scope.known.th = "tcp";
  return readOperand(target, scope);
}

/** `reset tcp option maxseg` */
export function readReset({ inner }: Part<"action">, scope: RuleScope): Shown {
  const option = inner?.[0];
  if (option?.kind !== "selector" || option.key !== "tcp option") return notListed("what is reset");
  const { text } = optionOf(option, scope);
  return { text: `reset ${text}`, fields: [], ends: true };
}

// Sets and objects

/** `update @name { ip saddr timeout 1m counter : value }` */
export function readSetUpdate({ op, set, element }: Part<"setUpdate">, scope: RuleScope): Shown {
  const { text, fields } = readDynamic(element, scope, set.text);
  return { text: `${op} @${set.text} { ${text} }`, fields, ends: true };
}

function readDynamic(
  element: Expression,
  scope: RuleScope,
  set: string | undefined,
): { text: string; fields: Operand["fields"] } {
  const lone = element.kind === "set" && element.elements.length === 1 ? element.elements[0] : undefined;
  if (!lone) return notListed("what is put into the set");
  const types = set === undefined ? undefined : keyTypesOf(scope.table, set);
  const key = readDynamicKey(lone.key, scope, types);
  const options = readOptions(lone.options, scope.variables, true);
  const behind = `${options.timeout}${options.statements.map((text) => ` ${text}`).join("")}${options.comment}`;
  if (!lone.value) return { text: `${key.text}${behind}`, fields: key.fields };
  const data = set === undefined ? undefined : dataTypesOf(scope.table, set);
  const value = readDynamicValue(lone.value, scope, data?.types);
  return { text: `${key.text}${behind} : ${value.text}`, fields: [...key.fields, ...value.fields] };
}

/** Constants may stand between the fields: `ip saddr . 22`. */
function readDynamicKey(
  written: Expression,
  scope: RuleScope,
  types: readonly DataType[] | undefined,
): Operand {
  const { expression } = unwrap(written, scope.variables);
  if (expression.kind !== "concat") return readOperand(expression, scope, types?.[0]);
  return concatOperand(expression.items.map((item, i) => readOperand(item, scope, types?.[i])));
}

function readDynamicValue(
  written: Expression,
  scope: RuleScope,
  types: readonly DataType[] | undefined,
): Operand {
  const { expression, variables } = unwrap(written, scope.variables);
  if (expression.kind === "verdict") {
    return { text: printData(expression, "verdict", scope, variables), types: [], fields: [] };
  }
  return readDynamicKey(expression, scope, types);
}

/** `meter NAME size N { KEY statements }` */
export function readMeter({ words, inner }: Part<"action">, scope: RuleScope): Shown {
  const at = words.indexOf("size");
  const size = at < 0 ? "65535" : words[at + 1];
  const { text, fields } = readDynamic(inner?.[0] ?? notListed("what is metered"), scope, undefined);
  scope.anonymous++;
  return { text: `meter ${words[0]} size ${size} { ${text} }`, fields, ends: true };
}

/** `counter name "x"`, `limit name tcp dport map { … }` */
export function readObjectRef({ object, name }: Part<"objectRef">, scope: RuleScope): Shown {
  const { expression, variables } = unwrap(name, scope.variables);
  if (expression.kind === "map") {
    const map = printMap(expression, scope, "object", variables);
    return { text: `${object} name ${map.text}`, fields: map.fields, ends: true };
  }
  return { text: `${object} name ${printObject(expression, variables)}`, fields: [], ends: true };
}

// Packets sent elsewhere

/** `queue flags bypass,fanout to 1-3` */
export function readQueue({ words, inner }: Part<"action">, scope: RuleScope): Shown {
  const flags = ["bypass", "fanout"].filter((flag) => words.includes(flag));
  const to = inner?.[0] ? readOperand(inner[0], scope, INTEGER(16)) : { text: "0", fields: [] };
  const text = `queue${flags.length > 0 ? ` flags ${flags.join(",")}` : ""} to ${to.text}`;
  return { text, fields: to.fields, ends: true };
}

/** `dup to ADDRESS device DEV`, `fwd ip to ADDRESS device DEV`, `fwd to DEV` */
export function readForwarding({ name, words, inner = [] }: Part<"action">, scope: RuleScope): Shown {
  const [family] = words;
  const netdev = scope.family === "netdev" && family === undefined;
  const address = family === "ip6" || scope.family === "ip6" ? IPV6 : IPV4;
  const [to, device] = inner;
  if (!to) return notListed("where the packet goes");
  const target = readOperand(to, scope, netdev ? IFNAME : address);
  const through = device && readOperand(device, scope, IFNAME);
  const text = [
    name,
    ...(family ? [family] : []),
    "to",
    target.text,
    ...(through ? ["device", through.text] : []),
  ].join(" ");
  return { text, fields: [...target.fields, ...(through?.fields ?? [])], ends: true };
}

/** `tproxy [ip|ip6] to [ADDRESS][:PORT]` */
export function readTproxy({ words, inner = [] }: Part<"action">, scope: RuleScope): Shown {
  const family = words[0];
  const [first, second] = inner;
  // One value alone is a port if it stands behind a colon.
  const address = first && (second !== undefined || isAddress(first, scope)) ? first : undefined;
  const port = second ?? (address ? undefined : first);
  const type = family === "ip6" || (family === undefined && scope.family === "ip6") ? IPV6 : IPV4;
  const addr = address && readOperand(address, scope, addressType(address, type, scope));
  const to = printTarget(addr?.text, port && readOperand(port, scope, PORT).text);
  const shown = scope.family === "inet" ? (family ?? (addr && versionOf(addr))) : undefined;
  return { text: `tproxy ${shown ? `${shown} ` : ""}to ${to}`, fields: [], ends: true };
}

function isAddress(written: Expression, scope: RuleScope): boolean {
  const { expression } = unwrap(written, scope.variables);
  return expression.kind === "symbol" && /[.:]/.test(expression.text);
}

function addressType(written: Expression, type: DataType, scope: RuleScope): DataType {
  const { expression } = unwrap(written, scope.variables);
  return expression.kind === "symbol" && expression.text.includes(":") ? IPV6 : type;
}

function versionOf({ types }: Operand): string {
  return types[0]?.name === IPV6.name ? "ip6" : "ip";
}
