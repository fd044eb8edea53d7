import type { Family } from "../../model/ruleset.ts";
import { printCounts, printLimit, printQuota, synproxyParts } from "./actions.ts";
import { type BlockMember, type Property, propertiesOf } from "./block-members.ts";
import { findElements } from "./elements.ts";
import { timeText } from "./options.ts";
import { DATA_HOOK_PRIORITIES, printPriority } from "./priorities.ts";
import { NotListed, notListed, quoted } from "./text.ts";
import { readName } from "./values.ts";

/** A counter, quota, limit, helper, flow table and such as it was declared; read only when it is listed. */
export class ObjectSource {
  readonly kind: string;
  readonly family: Family;
  readonly members: readonly BlockMember[];

  constructor(kind: string, family: Family, members: readonly BlockMember[]) {
    this.kind = kind;
    this.family = family;
    this.members = members;
  }
}

/** The lines inside the object's block, without indentation; `unknown`: why they are not known. */
export function listObject(source: ObjectSource): {
  readonly lines: readonly string[];
  readonly unknown?: string;
} {
  try {
    const comment = comments(source);
    return { lines: [...comment, ...body(source)] };
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    return { lines: [], unknown: error.message };
  }
}

function comments(source: ObjectSource): string[] {
  const comment = property(source, "comment")?.words[0];
  return comment === undefined || source.kind === "flowtable" ? [] : [`comment ${quoted(comment)}`];
}

function property(source: ObjectSource, name: string): Property | undefined {
  return propertiesOf(source.members).find((one) => one.name === name);
}

/** All words but the comment's, as if they stood behind each other. */
function allWords(source: ObjectSource): string[] {
  return propertiesOf(source.members)
    .filter(({ name }) => name !== "comment")
    .flatMap(({ name, words }) => [name, ...words]);
}

function body(source: ObjectSource): string[] {
  switch (source.kind) {
    case "counter":
      return [printCounts(allWords(source))];
    case "quota":
      return [printQuota(allWords(source))];
    case "limit":
      return [printLimit(allWords(source))];
    case "synproxy":
      return synproxyLines(allWords(source));
    case "secmark":
      return [quoted(allWords(source)[0] ?? notListed("what the label is"))];
    case "ct helper":
      return helperLines(source);
    case "ct timeout":
      return timeoutLines(source);
    case "ct expectation":
      return expectationLines(source);
    case "flowtable":
      return flowtableLines(source);
    default:
      return notListed(`how nft prints a ${source.kind}`);
  }
}

/** nft writes both flags into one line, with a blank behind a lone one. */
function synproxyLines(words: readonly string[]): string[] {
  const parts = synproxyParts(words);
  const values = parts.filter((part) => part.includes(" "));
  const flags = parts.filter((part) => !part.includes(" "));
  if (flags.length === 0) return values;
  return [...values, flags.length === 1 && flags[0] === "timestamp" ? "timestamp " : flags.join(" ")];
}

function l3proto(source: ObjectSource): string {
  return `l3proto ${property(source, "l3proto")?.words[0] ?? source.family}`;
}

/** The kernel registers these for IPv4 alone (net/netfilter/nf_conntrack_*.c). */
const IPV4_HELPERS = new Set(["irc", "pptp", "snmp", "netbios-ns"]);

function helperLines(source: ObjectSource): string[] {
  const [type, , protocol] = property(source, "type")?.words ?? [];
  if (type === undefined || protocol === undefined) return notListed("which helper this is");
  const only4 = source.family === "inet" && IPV4_HELPERS.has(type);
  return [`type ${quoted(type)} protocol ${protocol}`, only4 ? "l3proto ip" : l3proto(source)];
}

/** The states in the kernel's order (ctnetlink's timeout attributes). */
const STATES: Readonly<Record<string, readonly string[]>> = {
  tcp: [
    "syn_sent",
    "syn_recv",
    "established",
    "fin_wait",
    "close_wait",
    "last_ack",
    "time_wait",
    "close",
    "syn_sent2",
    "retrans",
    "unack",
  ],
  udp: ["unreplied", "replied"],
};

function timeoutLines(source: ObjectSource): string[] {
  const protocol = property(source, "protocol")?.words[0] ?? notListed("which protocol this is for");
  const states = STATES[protocol] ?? notListed(`what states ${protocol} has`);
  const policy = property(source, "policy")?.value;
  const text = policy?.kind === "opaque" ? policy.text : "";
  const found = new Map(
    [...text.matchAll(/([a-z_0-9]+)\s*:\s*([0-9a-z]+)/g)].map(([, state, time]) => [state, time]),
  );
  const shown = states.flatMap((state) => (found.has(state) ? [`${state} : ${found.get(state)}`] : []));
  return [`protocol ${protocol}`, l3proto(source), `policy = { ${shown.join(", ")} }`];
}

function expectationLines(source: ObjectSource): string[] {
  const word = (name: string) =>
    property(source, name)?.words[0] ?? notListed(`the ${name} of the expectation`);
  return [
    `protocol ${word("protocol")}`,
    `dport ${word("dport")}`,
    `timeout ${timeText(property(source, "timeout")?.words.join("") ?? "")}`,
    `size ${word("size")}`,
    l3proto(source),
  ];
}

function flowtableLines(source: ObjectSource): string[] {
  const hook = property(source, "hook");
  const lines: string[] = [];
  if (hook) {
    const priority =
      /\bpriority\s+(\S.*)$/.exec(hook.text)?.[1] ?? notListed("the priority of the flow table");
    lines.push(`hook ingress priority ${printPriority(DATA_HOOK_PRIORITIES, numberOf(priority, hook))}`);
  }
  const devices = property(source, "devices");
  if (devices?.value) {
    const names = findElements(devices.value, devices.variables)
      .map(({ node, variables }) => readName(node.key, variables))
      .sort();
    lines.push(`devices = { ${names.join(", ")} }`);
  }
  const flags = property(source, "flags");
  if (flags) lines.push(`flags ${flags.words.join(",")}`);
  if (property(source, "counter")) lines.push("counter");
  return lines;
}

/** `filter + 10`, `-5` */
function numberOf(text: string, { variables }: Property): number {
  const parts = /^\$?([a-z_]\w*)?\s*([+-]?)\s*(\d*)$/i.exec(text.replace(/^\$/, "$").trim());
  if (!parts) return notListed(`what the priority ${text} is`);
  const [, name, sign, digits] = parts;
  const offset = Number(`${sign ?? ""}${digits || "0"}`);
  if (name === undefined || name === "filter") return offset;
  const variable = variables.lookup(name);
  if (!variable) return notListed(`what the priority ${text} is`);
  return Number(readName(variable.value, variable)) + offset;
}
