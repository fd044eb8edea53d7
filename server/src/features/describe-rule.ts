import type { IntervalSet } from "../model/interval-set.ts";
import type { Condition, Field, RuleBody, Statement, Verdict } from "../model/rule.ts";
import { isLookup } from "../model/rule.ts";
import type { ValueSet } from "../model/values.ts";
import { fieldNames, type Names, setName, tupleInWords } from "./describe-condition.ts";
import { describePackets } from "./describe-packets.ts";
import { describeValues, hex, listInWords } from "./describe-values.ts";

export type { Names } from "./describe-condition.ts";
export { describeCondition } from "./describe-condition.ts";

/** What a statement does to its object: a verb, or a whole clause around the object. */
type Action = { readonly verb: string } | { readonly say: (object: string) => string };

/**
 * What a whole rule does, as one sentence of plain text: "Accepts new TCP connections to port 21
 * (FTP control) that come in on eth0." `table` resolves the names of sets and helper objects.
 */
export function describeRule(body: RuleBody, table?: Names): string {
  const conditions: Condition[] = [];
  const actions: Action[] = [];
  for (const item of body.items) {
    if (item.item === "condition") conditions.push(item.condition);
    else actions.push(...actionsOf(item.statement, table));
  }
  const packets = describePackets(conditions, table);
  if (actions.length === 0) return `Only counts ${packets}; the next rule goes on.`;
  return `${capital(sentence(actions, packets))}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "counts, logs and drops X"; "marks X, then accepts them". */
function sentence(actions: readonly Action[], packets: string): string {
  const clauses: string[] = [];
  let verbs: string[] = [];
  const pronoun = /^(every|no) packet/.test(packets) ? "it" : "them";
  const object = () => (clauses.length === 0 ? packets : pronoun);
  const flush = () => {
    if (verbs.length > 0) clauses.push(`${listInWords(verbs, "and")} ${object()}`);
    verbs = [];
  };
  for (const action of actions) {
    if ("verb" in action) verbs.push(action.verb);
    else {
      flush();
      clauses.push(action.say(object()));
    }
  }
  flush();
  return clauses.join(", then ");
}

function actionsOf(statement: Statement, names: Names): Action[] {
  switch (statement.kind) {
    case "verdict":
      return [verdictAction(statement.verdict)];
    case "vmap":
      return [{ say: (object) => `decides on ${object} by ${mapInWords(statement)}` }];
    case "vmapLookup":
      return [{ say: (object) => `decides on ${object} by ${lookupInWords(statement, names)}` }];
    case "setPacketType":
      return [{ say: (object) => `changes the packet type of ${object}` }];
    case "setHops":
      return [
        { say: (object) => `sets the ${statement.family === 4 ? "time to live" : "hop limit"} of ${object}` },
      ];
    case "byMap":
      return [
        {
          say: (object) =>
            `sets the ${statement.sets} of ${object} by a map of ${fieldNames(statement.fields)}`,
        },
      ];
    case "setHelper":
      return [{ say: (object) => `${helperInWords(statement.helper, names)} to ${object}` }];
    case "notrack":
      return [{ say: (object) => `leaves ${object} out of connection tracking` }];
    case "nat":
      return [{ say: natAction(statement) }];
    case "setMark":
      return [{ say: markAction(statement) }];
    case "opaque":
      return [{ say: (object) => `does with ${object} what is not followed here (${statement.fact})` }];
    case "noop":
      return noopAction(statement.name);
  }
}

const VERBS: Readonly<Record<string, string>> = {
  accept: "accepts",
  drop: "drops",
  reject: "rejects",
};

function verdictAction(verdict: Verdict): Action {
  switch (verdict.type) {
    case "jump":
      return { say: (object) => `sends ${object} through chain ${verdict.chain}` };
    case "goto":
      return { say: (object) => `sends ${object} to chain ${verdict.chain}, without coming back here` };
    case "queue":
      return { say: (object) => `hands ${object} to a program in user space` };
    case "return":
      return { say: (object) => `leaves this chain for ${object} (return)` };
    case "continue":
      return { say: (object) => `goes on with the next rule for ${object}` };
    default:
      return { verb: VERBS[verdict.type] ?? verdict.type };
  }
}

/** "accept", "jump to web": a verdict as an entry of a map. */
function verdictInWords(verdict: Verdict): string {
  return "chain" in verdict ? `${verdict.type} ${verdict.chain}` : verdict.type;
}

const MOST_ENTRIES = 6;

function entriesInWords(
  fields: readonly Field[],
  entries: readonly { readonly values: readonly ValueSet[]; readonly verdict?: Verdict }[],
): string {
  const shown = entries
    .slice(0, MOST_ENTRIES)
    .map(
      ({ values, verdict }) =>
        `${tupleInWords(fields, values)} → ${verdict ? verdictInWords(verdict) : "nothing"}`,
    );
  if (entries.length > MOST_ENTRIES) shown.push(`${entries.length - MOST_ENTRIES} more`);
  return shown.join(", ");
}

function mapInWords(statement: Extract<Statement, { kind: "vmap" }>): string {
  const { fields, entries } = statement;
  const other = statement.default ? `, anything else → ${verdictInWords(statement.default)}` : "";
  return `${fieldNames(fields)}: ${entriesInWords(fields, entries)}${other}`;
}

function lookupInWords(statement: Extract<Statement, { kind: "vmapLookup" }>, names: Names): string {
  const { fields, map } = statement;
  const known = names?.sets.get(map);
  const by = `${fieldNames(fields)} in the verdict map`;
  if (known?.content !== "complete") return `${by} ${setName(map, names, fields)}`;
  return `${by} @${map}: ${entriesInWords(fields, known.elements) || "it is empty"}`;
}

function helperInWords(helper: Extract<Statement, { kind: "setHelper" }>["helper"], names: Names): string {
  switch (helper.by) {
    case "kernel":
      if (helper.name === "") return "assigns an empty conntrack template, and with it no helper,";
      return `assigns the conntrack helper ${helper.name}`;
    case "object": {
      const object = names?.helpers.get(helper.name);
      return object
        ? `assigns the conntrack helper ${object.type} (the object ${helper.name})`
        : `assigns the helper object ${helper.name}, which this table does not have,`;
    }
    case "unknown":
      return `assigns a conntrack helper that the file leaves open (${helper.fact})`;
  }
}

type Nat = Extract<Statement, { kind: "nat" }>;

function natAction(statement: Nat): (object: string) => string {
  const { nat, to } = statement;
  const target = targetInWords(to);
  const ports = portPart(to);
  switch (nat) {
    case "dnat":
      return (object) => `rewrites the destination of ${object}: it becomes ${target}`;
    case "netmap":
      return (object) => `maps the address of ${object} to ${target}`;
    case "snat":
      return (object) => `rewrites the source of ${object}: it becomes ${target}`;
    case "masquerade":
      return (object) =>
        `rewrites the source of ${object}: it becomes this host's address on the way out${ports ? `, ${ports}` : ""}`;
    case "redirect":
      return (object) => `sends ${object} to this host itself${ports ? `, ${ports}` : ""}`;
  }
}

function portPart(to: Nat["to"]): string | undefined {
  if (to.port === undefined) return undefined;
  if (to.port === "unknown") return "a port that the file leaves open";
  if (isLookup(to.port)) return `the port that a map of ${fieldNames(to.port.fields)} gives`;
  const { text } = describeValues("dport", to.port);
  return text.includes("–") ? `one of the ports ${text}` : `port ${text}`;
}

function targetInWords(to: Nat["to"]): string {
  const port = portPart(to);
  const address = addressPart(to);
  if (address && port) return `${address}, ${port}`;
  return address ?? port ?? "what the file leaves open";
}

function addressPart(to: Nat["to"]): string | undefined {
  if (to.addr === undefined) return undefined;
  if (to.addr === "unknown") return "an address that the file leaves open";
  if (isLookup(to.addr)) return `the address that a map of ${fieldNames(to.addr.fields)} gives`;
  const v6 = typeof (to.addr as IntervalSet).min === "bigint";
  const { text } = describeValues(v6 ? "daddr6" : "daddr4", to.addr);
  return to.netmap ? `the same host in ${text}` : text;
}

function markAction(statement: Extract<Statement, { kind: "setMark" }>): (object: string) => string {
  const { target, change } = statement;
  const mark = target === "connection" ? "the connection mark" : "the packet mark";
  if (change === "unknown") return (object) => `changes ${mark} of ${object}`;
  if ("copy" in change) {
    const from = target === "connection" ? "the packet mark" : "the connection mark";
    return (object) => `copies ${from} to ${mark} for ${object}`;
  }
  if (change.and === 0) return (object) => `sets ${mark} of ${object} to ${hex(change.xor)}`;
  return (object) => `changes some bits of ${mark} of ${object}`;
}

const NOOP_VERBS: Readonly<Record<string, string>> = {
  counter: "counts",
  log: "logs",
  LOG: "logs",
  NFLOG: "logs",
  ULOG: "logs",
  TRACE: "traces",
};

function noopAction(name: string): Action[] {
  const verb = Object.hasOwn(NOOP_VERBS, name) ? NOOP_VERBS[name] : undefined;
  if (verb) return [{ verb }];
  if (name === "comment") return [];
  return [{ say: (object) => `applies ${name} to ${object}` }];
}
