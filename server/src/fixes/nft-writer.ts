import { HELPER_PRIORITY } from "../checks/helper-rules.ts";
import type { LoadedFile } from "../convert/host.ts";
import type { Rule } from "../model/rule.ts";
import type { Chain, Table, TableId } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { NftBlock, NftFile, NftItem } from "../syntax/nftables/tree.ts";
import type { Placed } from "../text/origin.ts";
import { indentation, lineAfter, lineBefore, lineEnd, startsLine } from "./lines.ts";
import { commandOf } from "./nft-command.ts";
import { acceptRule } from "./nft-text.ts";
import { nftTexts, quotedNftTexts } from "./nft-texts.ts";
import { escapedAt } from "./quoted-text.ts";
import { restrictionsOf, targetFor } from "./restrictions.ts";
import { commandPlaces } from "./shell-joint.ts";
import { isInOneLineFunction } from "./shell-line.ts";
import type { Site } from "./site.ts";
import { acceptSites, sitesAt } from "./site.ts";
import type { Candidate, Writer, WriterContext } from "./writer.ts";
import { chainOf, fileOf } from "./writer.ts";

/**
 * Writes rules into nftables files and into the here documents that scripts give to nft: into blocks, or as commands
 * where the author writes commands. What it writes itself has nothing that a shell would expand in a here document.
 */
export const nftWriter: Writer = {
  accept(context, need, stopRule) {
    const anchorFile = fileOf(context.files, context.anchor.origin.file);
    const carried =
      anchorFile && need.plan.carry ? restrictionsOf(context.anchor, anchorFile.source.text, need.plan) : [];
    if (typeof carried === "string") return carried;
    const target = anchorFile && targetFor(need.plan, context.anchor, anchorFile.source.text);
    const rule = acceptRule(need.plan, carried, target);
    const sites = acceptSites(need, stopRule, context);
    if (typeof sites === "string") return sites;
    const candidates = sites.flatMap((site) => ruleAt(context, site, rule));
    return escaped(context, candidates.length > 0 ? candidates : inEmptyChain(context, need.chain, rule));
  },

  assignHelper(context, need) {
    const table = context.ruleset.tables.get(tableKey(context.anchorChain.table));
    const file = fileOf(context.files, context.anchor.origin.file);
    if (!table || !file) return [];
    const object = reusableHelper(table);
    const name = object ?? unusedName("ftp-std", (candidate) => table.helpers.has(candidate));
    const rule = `tcp dport ${need.port} ct helper set "${name}"`;
    const inExisting = object ? inHelperChain(context, table, need.hook, rule) : [];
    const command = commandOf(file, context.anchor, context.anchorChain);
    const made = command
      ? commandsAt(context, file, table, need.hook, name, object === undefined, need.port)
      : blocksAt(context, file, table, need.hook, name, object === undefined, rule);
    return escaped(context, [...inExisting, ...made]);
  },
};

function escaped({ files }: WriterContext, candidates: readonly Candidate[]): Candidate[] {
  return candidates.map((one) => {
    const file = fileOf(files, one.file);
    return file ? { ...one, text: escapedAt(file, one.at, one.text) } : one;
  });
}

/** A helper object of the table that serves all its families. */
function reusableHelper(table: Table): string | undefined {
  const wanted = table.id.family === "ip" ? [4] : table.id.family === "ip6" ? [6] : [4, 6];
  for (const helper of table.helpers.values()) {
    const fits = helper.type === "ftp" && helper.protocol === "tcp";
    if (fits && wanted.every((family) => helper.families.includes(family as 4 | 6))) return helper.name;
  }
  return undefined;
}

function unusedName(wanted: string, taken: (name: string) => boolean): string {
  let name = wanted;
  for (let i = 2; taken(name); i++) name = `${wanted}${i}`;
  return name;
}

/** Into a filter chain of the right hook that runs between conntrack and NAT. */
function inHelperChain(context: WriterContext, table: Table, hook: string, rule: string): Candidate[] {
  for (const chain of table.chains.values()) {
    const { base } = chain;
    if (base?.type !== "filter" || base.hook !== hook) continue;
    if (base.priority <= -200 || base.priority > -100) continue;
    const last = chain.rules[chain.rules.length - 1];
    const [first] = chain.rules;
    const sites: Site[] = [];
    if (last) sites.push(site(last, "after"));
    if (first) sites.push(site(first, "before"));
    return sites.length > 0
      ? sites.flatMap((one) => ruleAt(context, one, rule))
      : inEmptyChain(context, chain, rule);
  }
  return [];
}

function site(rule: Rule, where: Site["where"]): Site {
  return { where, file: rule.origin.file, statement: rule.origin.statement, rule, left: [] };
}

/** A rule beside another: on a line of its own where the other has one, else on the same line. */
function ruleAt(context: WriterContext, at: Site, rule: string): Candidate[] {
  const file = fileOf(context.files, at.file);
  if (!file) return [];
  const { text, path } = file.source;
  const chain = chainOf(context.ruleset, at.rule);
  const command = commandOf(file, at.rule, chain, at.left);
  if (command) return commandsBeside(file, at, [command.line(`add rule ${command.chain}`, rule)]);
  if (at.left.length > 0) return [];
  const place = (chain && quotedPlace(file, at.rule, chain)) ?? at.statement;
  const { start, end } = place;
  if (startsLine(text, start) && endsLine(text, end))
    return linesBeside(file, { ...at, statement: place }, [rule]);
  return at.where === "after"
    ? [{ at: end, text: `; ${rule}`, file: path }]
    : [{ at: start, text: `${rule}; `, file: path }];
}

/** Where a rule stands in a text in quotes: of that the script's words tell no more than the whole. */
function quotedPlace(file: LoadedFile, rule: Rule, chain: Chain): Placed | undefined {
  for (const { nft, offset } of quotedNftTexts(file)) {
    const block = findBlock(nft, chain.table, chain.name);
    const rules = block?.items.filter((one) => one.kind === "leaf" && one.node.kind === "rule") ?? [];
    const found = rules.length === chain.rules.length ? rules[chain.rules.indexOf(rule)] : undefined;
    if (found) return { start: offset(found.start), end: offset(found.end) };
  }
  return undefined;
}

/** Commands: of a script they may be part of a list. */
function commandsBeside(file: LoadedFile, at: Site, lines: readonly string[]): Candidate[] {
  const { text, path } = file.source;
  if (file.source.dialect !== "shell") return linesBeside(file, at, lines);
  if (isInOneLineFunction(text, at.statement.start)) return [];
  const indent = indentation(text, at.statement.start);
  return commandPlaces(text, at.statement, at.where, indent, lines).map((one) => ({ ...one, file: path }));
}

function linesBeside(
  { source: { text, path } }: LoadedFile,
  at: Site,
  lines: readonly string[],
): Candidate[] {
  const { start, end } = at.statement;
  if (isInOneLineFunction(text, start)) return [];
  const indent = indentation(text, start);
  const insertion =
    at.where === "after" ? lineAfter(text, end, indent, lines) : lineBefore(text, start, indent, lines);
  return [{ ...insertion, file: path }];
}

/** Whether nothing but `;` and a comment follows on the line. */
function endsLine(text: string, end: number): boolean {
  return /^[ \t]*;?[ \t]*(#.*)?$/.test(text.slice(end, lineEnd(text, end)));
}

function inEmptyChain(context: WriterContext, chain: Chain, rule: string): Candidate[] {
  for (const place of context.files.flatMap(nftTexts)) {
    const block = findBlock(place.nft, chain.table, chain.name);
    if (!block || block.close === undefined) continue;
    const { text, path } = place.file.source;
    const last = block.items[block.items.length - 1];
    if (startsLine(text, place.offset(block.close)) && last) {
      const indent = indentation(text, place.offset(last.start));
      const insertion = lineAfter(text, place.offset(last.end), indent, [rule]);
      return [{ ...insertion, file: path }];
    }
    return [{ at: place.offset(block.close), text: `${rule}; `, file: path }];
  }
  return [];
}

/** The helper object and the chain that assigns it, before the first chain of the table or before what includes it. */
function blocksAt(
  context: WriterContext,
  anchorFile: LoadedFile,
  table: Table,
  hook: string,
  name: string,
  needsObject: boolean,
  rule: string,
): Candidate[] {
  const files = new Set([anchorFile, ...context.files]);
  return [...files].flatMap((file) => {
    const first = firstChain(file, table.id);
    return first ? [blocksBefore(first, table, hook, name, needsObject, rule)] : [];
  });
}

function blocksBefore(
  first: FirstChain,
  table: Table,
  hook: string,
  name: string,
  needsObject: boolean,
  rule: string,
): Candidate {
  const { text, path } = first.file.source;
  const chainName = unusedName("ftp_helper", (candidate) => table.chains.has(candidate));
  const type = `type filter hook ${hook} priority ${HELPER_PRIORITY}; policy accept;`;
  if (!startsLine(text, first.start)) {
    const object = needsObject ? `ct helper ${name} { type "ftp" protocol tcp; }; ` : "";
    return { at: first.start, text: `${object}chain ${chainName} { ${type} ${rule}; }; `, file: path };
  }
  const indent = indentation(text, first.start);
  const step = innerIndent(text, first, indent);
  const object = needsObject ? [`ct helper ${name} {`, `${step}type "ftp" protocol tcp`, "}", ""] : [];
  const lines = [...object, `chain ${chainName} {`, `${step}${type}`, `${step}${rule}`, "}", ""];
  const insertion = lineBefore(text, first.start, indent, lines);
  // Blank lines carry no indentation.
  return { ...insertion, text: insertion.text.replace(/^[ \t]+(?=\r?$)/gm, ""), file: path };
}

/** Where a file's chains of a table begin, or what includes them. */
interface FirstChain {
  readonly file: LoadedFile;
  readonly start: number;
  /** Where the first line in its block begins. */
  readonly inner?: number;
}

function firstChain(file: LoadedFile, id: TableId): FirstChain | undefined {
  for (const { nft, offset } of nftTexts(file)) {
    const items = tableBlocks(nft, id).flatMap((block) => block.items);
    const first = items.find(isChain) ?? items.find(isInclude);
    if (!first) continue;
    const [inner] = first.kind === "block" ? first.items : [];
    return { file, start: offset(first.start), ...(inner && { inner: offset(inner.start) }) };
  }
  return undefined;
}

/** One step of the author's indentation. */
function innerIndent(text: string, { inner }: FirstChain, indent: string): string {
  const deeper = inner !== undefined && startsLine(text, inner) ? indentation(text, inner) : "";
  return deeper.startsWith(indent) && deeper.length > indent.length
    ? deeper.slice(indent.length)
    : indent || "\t";
}

/** Commands for the helper object and the chain that assigns it, before the rule or what repeats that. */
function commandsAt(
  context: WriterContext,
  file: LoadedFile,
  table: Table,
  hook: string,
  name: string,
  needsObject: boolean,
  port: number,
): Candidate[] {
  const chainName = unusedName("ftp_helper", (candidate) => table.chains.has(candidate));
  const type = `{ type filter hook ${hook} priority ${HELPER_PRIORITY}; policy accept; }`;
  return sitesAt(context.anchor, "before").flatMap((at) => {
    const style = commandOf(file, context.anchor, context.anchorChain, at.left);
    if (!style || at.file !== file.source.path) return [];
    const object = style.line(`add ct helper ${style.table} ${name}`, '{ type "ftp" protocol tcp; }');
    const lines = [
      ...(needsObject ? [object] : []),
      style.line(`add chain ${style.table} ${chainName}`, type),
      style.line(`add rule ${style.table} ${chainName}`, `tcp dport ${port} ct helper set "${name}"`),
    ];
    return commandsBeside(file, at, lines);
  });
}

function* tableBlocksOf(items: readonly NftItem[]): Generator<NftBlock> {
  for (const item of items) if (item.kind === "block" && item.header.node.noun === "table") yield item;
}

function tableBlocks(file: NftFile, id: TableId): NftBlock[] {
  return [...tableBlocksOf(file.items)].filter((block) => {
    const { family, name } = block.header.node.target;
    return name?.text === id.name && (family?.text ?? "ip") === id.family;
  });
}

function isChain(item: NftItem): item is NftBlock {
  return item.kind === "block" && item.header.node.noun === "chain";
}

function isInclude(item: NftItem): boolean {
  return item.kind === "leaf" && item.node.kind === "include";
}

function findBlock(file: NftFile, id: TableId, chain: string): NftBlock | undefined {
  for (const table of tableBlocks(file, id)) {
    for (const item of table.items) {
      if (isChain(item) && item.header.node.target.name?.text === chain) return item;
    }
  }
  return undefined;
}
