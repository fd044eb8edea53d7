import { builtinChains } from "../model/builtin-chains.ts";
import { jumpTargets } from "../model/jumps.ts";
import type { Presence, Rule } from "../model/rule.ts";
import type { Chain, Ruleset, Table } from "../model/ruleset.ts";
import { tableKey } from "../model/ruleset.ts";
import type { Listing, ListingLine } from "./listing.ts";

/** The order in which iptables-save goes through the tables, whichever was made first (measured). */
const TABLES = ["mangle", "security", "raw", "filter", "nat"] as const;

/**
 * What iptables-save or ip6tables-save prints, without comments: absent where there is no table. Every table of these
 * names that the kernel has is printed, with all its built-in chains, whoever made it and whichever of them exist.
 */
export function listIptables(ruleset: Ruleset, family: 4 | 6): Listing | undefined {
  const lines = TABLES.flatMap((name) => {
    const table = findTable(ruleset, family, name);
    return table?.made === undefined ? [] : tableLines(table, name);
  });
  return lines.length === 0 ? undefined : { tool: family === 4 ? "iptables-save" : "ip6tables-save", lines };
}

function findTable({ tables }: Ruleset, family: 4 | 6, name: string): Table | undefined {
  const id = { family: family === 4 ? "ip" : "ip6", name } as const;
  return (
    tables.get(tableKey({ ...id, backend: "iptables" })) ??
    tables.get(tableKey({ ...id, backend: "nftables" }))
  );
}

function tableLines(table: Table, name: string): ListingLine[] {
  const builtin = builtinChains(name) ?? new Map();
  const shown: ShownChain[] = [...builtin.keys()].map((chain) => ({
    name: chain,
    chain: compatible(table.chains.get(chain), builtin.get(chain)),
    builtIn: true,
  }));
  // What hooks in elsewhere is not iptables': it says so in a comment and leaves the chain out.
  const own = [...table.chains.values()].filter((chain) => !chain.base && !builtin.has(chain.name));
  own.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const chain of own) shown.push({ name: chain.name, chain, builtIn: false });
  const lines = [
    { text: `*${name}`, ...at(table.origin) },
    ...shown.map(chainLine),
    ...shown.flatMap(({ chain }) => (chain ? chain.rules.map((rule) => ruleLine(rule, chain, table)) : [])),
    { text: "COMMIT" },
  ];
  const doubt = tableDoubt(table);
  return doubt === undefined ? lines : lines.map((line) => ({ doubt, ...line }));
}

interface ShownChain {
  readonly name: string;
  /** Absent for a built-in chain that nothing touched. */
  readonly chain: Chain | undefined;
  readonly builtIn: boolean;
}

/** A chain that nft made under a built-in name counts only where it hooks in at the same place. */
function compatible(chain: Chain | undefined, base: Chain["base"]): Chain | undefined {
  const { base: own } = chain ?? {};
  const same = own?.hook === base?.hook && own?.priority === base?.priority && own?.type === base?.type;
  return same ? chain : undefined;
}

function chainLine({ name, chain, builtIn }: ShownChain): ListingLine {
  if (!builtIn)
    return { text: `:${name} - [0:0]`, ...at(chain?.origin), ...because(chainDoubt(chain, name)) };
  const { verdict = "accept", origin, presence = "certain" } = chain?.policy ?? {};
  return {
    text: `:${name} ${verdict.toUpperCase()} [0:0]`,
    ...at(origin ?? chain?.origin),
    ...because(factOf(presence)),
  };
}

function ruleLine(rule: Rule, chain: Chain, table: Table): ListingLine {
  const listed = rule.body.listed?.((name) => name);
  const text = listed?.text ?? "";
  const doubt =
    factOf(rule.presence) ??
    listed?.unknown ??
    foreign(rule) ??
    missingTarget(rule, table) ??
    chainDoubt(chain);
  return { text: `-A ${chain.name}${text && ` ${text}`}`, ...at(rule.origin), ...because(doubt) };
}

/** iptables shows those of nft's rules that it could have made itself; where there are others it shows no rule at all. */
function tableDoubt(table: Table): string | undefined {
  const nft = [...table.chains.values()].some((chain) =>
    chain.rules.some((rule) => foreign(rule) !== undefined),
  );
  return factOf(table.made ?? "certain") ?? (nft ? OF_NFT : undefined);
}

const OF_NFT = "whether iptables can show the rules that nft made in the table";

function foreign({ body }: Rule): string | undefined {
  return body.listed?.((name) => name).identity === undefined ? OF_NFT : undefined;
}

/** A rule cannot be loaded that leads to a chain that is not there. */
function missingTarget({ body }: Rule, table: Table): string | undefined {
  const doubts = jumpTargets(body, table).map((name) => {
    const target = table.chains.get(name);
    return target ? chainDoubt(target) : thereIs(name);
  });
  return doubts.find((doubt) => doubt !== undefined);
}

function chainDoubt(chain: Chain | undefined, name = chain?.name ?? ""): string | undefined {
  if (!chain || chain.base) return undefined;
  return chain.origin === undefined ? thereIs(name) : factOf(chain.presence ?? "certain");
}

function thereIs(chain: string): string {
  return `whether something else made the chain ${chain}`;
}

function factOf(presence: Presence): string | undefined {
  return presence === "certain" ? undefined : presence.maybe;
}

function at(origin: ListingLine["origin"]): Pick<ListingLine, "origin"> {
  return origin ? { origin } : {};
}

function because(doubt: string | undefined): Pick<ListingLine, "doubt"> {
  return doubt === undefined ? {} : { doubt };
}
