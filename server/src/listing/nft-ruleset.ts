import type { Presence, Rule } from "../model/rule.ts";
import type { Chain, NamedObject, NamedSet, Ruleset, Table } from "../model/ruleset.ts";
import type { Origin } from "../text/origin.ts";
import type { Listing, ListingLine } from "./listing.ts";
import { listObject, ObjectSource } from "./nftables/objects.ts";
import { printPriority, prioritiesAt } from "./nftables/priorities.ts";
import { listSet } from "./nftables/sets.ts";
import { quoted } from "./nftables/text.ts";

/** Chains of `jump { … }` have made-up names; they are shown where they are jumped to. */
const INLINE_CHAIN = "(inline chain ";

/**
 * What `nft list ruleset` (1.0.6) prints once everything is loaded; undefined where that is nothing. Tables that
 * iptables made are left out, but for those to which nft added something.
 */
export function listNft(ruleset: Ruleset): Listing | undefined {
  const lines = [...ruleset.tables.values()].flatMap((table) => tableLines(table));
  return lines.length === 0 ? undefined : { tool: "nft list ruleset", lines };
}

type Line = ListingLine;

function line(text: string, origin?: Origin, doubt?: string): Line {
  return { text, ...(origin && { origin }), ...(doubt !== undefined && { doubt }) };
}

function doubtOf(presence: Presence | undefined): string | undefined {
  return presence === undefined || presence === "certain" ? undefined : presence.maybe;
}

/** A block of lines that all share a doubt, if there is one. */
function doubted(lines: readonly Line[], doubt: string | undefined): readonly Line[] {
  return doubt === undefined ? lines : lines.map((one) => ({ ...one, doubt: one.doubt ?? doubt }));
}

function tableLines(table: Table): readonly Line[] {
  const { id } = table;
  if (id.backend === "iptables" && !hasNft(table)) return [];
  const doubt =
    id.backend === "iptables"
      ? `how nft shows what iptables has put into the table ${id.family} ${id.name}`
      : doubtOf(table.made);
  const head: Line[] = [line(`table ${id.family} ${id.name} {`, table.origin)];
  if (table.dormant) head.push(line("\tflags dormant", table.origin));
  if (table.comment !== undefined) head.push(line(`\tcomment ${quoted(table.comment)}`, table.origin));
  const updated = updatedSets(table);
  const blocks = [
    ...[...table.objects.values()].filter(({ kind }) => kind !== "flowtable").map(objectLines),
    ...[...table.sets.values()].map((set) => setLines(set, updated.has(set.name))),
    ...[...table.objects.values()].filter(({ kind }) => kind === "flowtable").map(objectLines),
    ...[...table.chains.values()]
      .filter(({ name }) => !name.startsWith(INLINE_CHAIN))
      .map((chain) => chainLines(chain, table)),
  ].filter((lines) => lines.length > 0);
  // Measured: behind flags there is an empty line, behind a lone comment none.
  const body = blocks.flatMap((lines, at) => (at > 0 || table.dormant ? [line(""), ...lines] : lines));
  return doubted([...head, ...body, line("}")], doubt);
}

/** nft's commands have put something into a table of iptables'. */
function hasNft(table: Table): boolean {
  if (table.sets.size > 0 || table.objects.size > 0) return true;
  for (const { rules } of table.chains.values()) {
    if (rules.some(({ body }) => body.tool === "nft")) return true;
  }
  return false;
}

function objectLines({ kind, name, origin, presence, listed }: NamedObject): readonly Line[] {
  const listing =
    listed instanceof ObjectSource
      ? listObject(listed)
      : { lines: [], unknown: `what the ${kind} ${name} is` };
  const lines = [
    line(`\t${kind} ${name} {`, origin),
    ...listing.lines.map((text) => line(`\t\t${text}`, origin)),
    line("\t}"),
  ];
  return doubted(lines, doubtOf(presence) ?? listing.unknown);
}

/** The sets that the table's rules put elements into. */
function updatedSets(table: Table): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { rules } of table.chains.values()) {
    for (const { body } of rules) for (const name of body.updates ?? []) names.add(name);
  }
  return names;
}

function setLines(set: NamedSet, updated: boolean): readonly Line[] {
  const listing = listSet(set, updated);
  if (!listing) return [];
  const lines = [
    line(`\t${listing.noun} ${set.name} {`, set.origin),
    ...listing.lines.map(({ text, origin, doubt }) => line(`\t\t${text}`, origin, doubt)),
    line("\t}"),
  ];
  return doubted(lines, doubtOf(set.presence) ?? listing.unknown);
}

function chainLines(chain: Chain, table: Table): readonly Line[] {
  const lines = [line(`\tchain ${chain.name} {`, chain.origin)];
  if (chain.comment !== undefined) lines.push(line(`\t\tcomment ${quoted(chain.comment)}`, chain.origin));
  if (chain.base) lines.push(...baseLines(chain));
  lines.push(...chain.rules.flatMap((rule) => ruleLines(rule, table)), line("\t}"));
  return doubted(lines, doubtOf(chain.presence));
}

function baseLines(chain: Chain): Line[] {
  const { type, hook, priority, devices } = chain.base!;
  const { family } = chain.table;
  const device =
    devices.length === 0
      ? ""
      : devices.length === 1
        ? ` device ${quoted(devices[0]!)}`
        : ` devices = { ${[...devices].sort().join(", ")} }`;
  const at = printPriority(prioritiesAt(family, hook), priority);
  const text = `\t\ttype ${type} hook ${hook}${device} priority ${at}; policy ${chain.policy.verdict};`;
  const found = [line(text, chain.policy.origin ?? chain.origin, doubtOf(chain.policy.presence))];
  if (chain.offload) found.push(line("\t\tflags offload", chain.origin));
  return found;
}

function ruleLines({ body, origin, presence }: Rule, table: Table): readonly Line[] {
  const listed = body.listed?.((written) => written, table);
  if (!listed) return [line("\t\t(a rule)", origin, "what this rule is")];
  if (body.tool !== "nft") return [line(`\t\t${listed.text}`, origin, "how nft shows this rule of iptables")];
  const lines = `\t\t${listed.text}`.split("\n").map((text) => line(text, origin));
  return doubted(lines, doubtOf(presence) ?? listed.unknown);
}
