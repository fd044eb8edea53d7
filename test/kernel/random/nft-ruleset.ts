import { filterHooks, interfacesOf } from "./facts.ts";
import { withPorts } from "./nat-scene.ts";
import { anyCondition, dataCondition, undecidable } from "./nft-conditions.ts";
import { addNatChains, nftNatTables } from "./nft-nat.ts";
import { anyRule, anyVerdict, intended } from "./nft-statements.ts";
import { baseHead, type NftChain, type NftFamily, NftTable } from "./nft-table.ts";
import type { Hook, NatWriter, Site, Writer } from "./writer.ts";

/** A whole nft file: one or two tables that filter, perhaps others beside them. */
export function nftRuleset(w: Writer): string {
  const { random } = w;
  const tables = filterTables(w);
  if (random.chance(0.16)) tables.push(ingressTable(w));
  if (random.chance(0.08)) tables.push(tableOutOfThePath(w));
  if (random.chance(0.08)) tables.push(dormantTable(w));
  if (random.chance(0.06)) tables.push(arpTable(w));
  return tables.map((table) => table.text()).join("\n");
}

/** What a file is for. */
export interface Purpose {
  readonly translates: boolean;
  readonly filters: boolean;
}

/** A file that translates addresses or filters what is translated elsewhere, or both in any order. */
export function nftNatRuleset(w: NatWriter, { translates, filters }: Purpose): string {
  const { random } = w;
  const tables = filters ? filterTables(w) : random.chance(0.5) ? helperTables(w) : [];
  if (random.chance(0.05)) tables.push(ingressTable(w));
  for (const table of tables) seePorts(w, table);
  if (translates) {
    if (tables.length > 0 && random.chance(0.35)) {
      for (const table of tables) if (table.family !== "netdev") addNatChains(w, table);
    } else if (random.chance(0.5)) tables.unshift(...nftNatTables(w));
    else tables.push(...nftNatTables(w));
  }
  return tables.map((table) => table.text()).join("\n");
}

function helperTables(w: Writer): NftTable[] {
  const table = new NftTable("inet", "assigning");
  helperChain(w, table);
  return [table];
}

/** Rules name the ports that packets have where the rule stands. */
function seePorts(w: NatWriter, table: NftTable): void {
  let translated = true;
  for (const chain of table.chains) {
    const base = table.chains.find(({ name, head }) => head !== undefined && chain.name.startsWith(name));
    const [, hook, priority] = /hook (\w+)[^;]* priority ([^;]+);/.exec(base?.head ?? "") ?? [];
    translated = !(hook === "ingress" || (/prerouting|output/.test(hook ?? "") && isEarly(priority!)));
    for (const [i, rule] of chain.rules.entries()) {
      chain.rules[i] = withPorts(w.random, w.nat, translated, rule);
    }
  }
  table.respellObjects((text) => withPorts(w.random, w.nat, translated, text));
}

/** Before destinations are translated. */
function isEarly(priority: string): boolean {
  return /^(raw|mangle|-)/.test(priority);
}

function filterTables(w: Writer): NftTable[] {
  const { random } = w;
  const families = random.weighted<NftFamily[]>([
    [12, ["inet"]],
    [5, ["ip", "ip6"]],
    [2, ["ip"]],
    [1, ["ip6"]],
    [2, ["inet", "ip"]],
  ]);
  return families.map((family, i) => filterTable(w, new NftTable(family, `fw${i}`)));
}

/** A table with the chains that decide, in one of the ways people write them. */
function filterTable(w: Writer, table: NftTable): NftTable {
  const { random } = w;
  if (random.chance(0.65)) helperChain(w, table);
  for (const hook of filterHooks(w.on)) {
    if (hook !== "forward" && random.chance(hook === "input" ? 0.1 : 0.45)) continue;
    decidingChain(w, table, hook, "filter");
    if (random.chance(0.25)) {
      extraChain(w, table, hook);
    }
  }
  if (w.nat && w.on === "gateway" && random.chance(0.12)) ownChain(w, table);
  if (random.chance(0.25)) extraChain(w, table, random.pick<Hook>(["prerouting", "postrouting"]));
  return table;
}

/** What a gateway itself receives. */
function ownChain(w: Writer, table: NftTable): void {
  const chain = table.chain(chainName(table, "own"), baseHead("filter", "input", "filter", "drop"));
  if (w.random.chance(0.9)) chain.rules.push(intended.established(w));
  if (table.family !== "ip" && w.random.chance(0.95)) chain.rules.push("meta l4proto ipv6-icmp accept");
}

/** A name that no other chain of the file has. */
function chainName(table: NftTable, stem: string): string {
  return `${stem}_${table.chains.length}`;
}

/** Default deny with what an author means to let in, or default accept with what he means to keep out. */
function decidingChain(
  w: Writer,
  table: NftTable,
  hook: "input" | "forward" | "output",
  priority: string,
): void {
  const { random } = w;
  const deny = random.chance(0.68);
  const chain = table.chain(
    chainName(table, hook),
    baseHead("filter", hook, priority, deny ? "drop" : "accept"),
  );
  const here = { hook };
  const rules: string[] = [];
  if (random.chance(0.12)) rules.push(`tcp dport 21 ct helper set "${table.helper(w)}"`);
  if (deny) {
    const wanted: [number, () => string][] = [
      [0.95, () => intended.established(w)],
      [table.family === "ip" ? 0 : 0.95, () => intended.neighbours(w)],
      [0.97, () => intended.control(w, table)],
      [w.nat ? 0.5 : 0.35, () => intended.related(w)],
      [0.25, () => intended.dataPorts(w, table)],
    ];
    for (const [probability, rule] of wanted) if (random.chance(probability)) rules.push(rule());
    if (random.chance(0.1)) rules.reverse();
  }
  const targets = userChains(w, table, here, rules, chain.name);
  if (!deny && random.chance(0.6)) {
    rules.push(`${dataCondition(w, table, here)} ${random.pick(["drop", "drop", "reject"])}`);
  }
  const noise = deny ? random.between(0, w.nat ? 2 : 3) : random.between(w.nat ? 0 : 1, w.nat ? 3 : 5);
  for (let i = 0; i < noise; i++) {
    rules.splice(random.between(0, rules.length), 0, anyRule(w, table, here, targets));
  }
  if (deny && random.chance(0.08)) rules.push("reject");
  chain.rules.push(...rules);
}

/** Chains that are only jumped to; some take over rules of the base chain. Later ones are jumped to by earlier ones. */
function userChains(w: Writer, table: NftTable, here: Site, rules: string[], stem: string): string[] {
  const { random } = w;
  const count = random.weighted([
    [5, 0],
    [3, 1],
    [2, 2],
    [2, 3],
  ]);
  const names = Array.from({ length: count }, (_, i) => `${stem}_user${i}`);
  // The kernel's jumps go to chains that exist, so the last is written first.
  for (let i = count - 1; i >= 0; i--) {
    const later = names.slice(i + 1);
    const chain: NftChain = table.chain(names[i]!);
    for (let n = random.between(1, 3); n > 0; n--) chain.rules.push(anyRule(w, table, here, later));
    if (random.chance(0.4) && rules.length > 1) moveRules(w, table, here, rules, chain);
  }
  return names;
}

/** Some rules in a row go into the chain, and a jump takes their place. */
function moveRules(w: Writer, table: NftTable, here: Site, rules: string[], chain: NftChain): void {
  const { random } = w;
  const from = random.between(0, rules.length - 2);
  const moved = rules.splice(from, random.between(1, 2)).filter((rule) => !/jump|goto/.test(rule));
  const before = random.chance(0.5);
  chain.rules.splice(before ? 0 : chain.rules.length, 0, ...moved);
  const test = random.chance(0.5) ? "" : `${anyCondition(w, table, here)} `;
  const jump = random.chance(0.8) ? "jump" : "goto";
  rules.splice(from, 0, `${test}${jump} ${chain.name}`);
}

const PRIORITIES = [
  "raw",
  "raw + 10",
  "-201",
  "-200",
  "-199",
  "mangle",
  "-150",
  "filter",
  "filter - 5",
  "10",
  "security",
  "300",
];

/** A chain that assigns the helper: rightly, or with one of the mistakes that people make. */
function helperChain(w: Writer, table: NftTable): void {
  const { random } = w;
  const right: Hook = w.on === "client" ? "output" : "prerouting";
  const hook = random.chance(0.8) ? right : random.pick<Hook>(["prerouting", "output", "input", "forward"]);
  const priority = random.chance(0.6) ? "-150" : random.pick(PRIORITIES);
  const name = table.helper(w);
  const chain = table.chain(chainName(table, "helpers"), baseHead("filter", hook, priority, "accept"));
  const assign = w.random.one(
    `tcp dport 21 ct helper set "${name}"`,
    `tcp dport 21 ct helper set "${name}"`,
    `ct state new tcp dport 21 ct helper set "${name}"`,
    `ct state established tcp dport 21 ct helper set "${name}"`,
    `meta l4proto tcp ct helper set "${name}"`,
    `ct helper set tcp dport map { 21 : "${name}", 2121 : "${name}" }`,
    `tcp dport { 20, 21 } ct helper set "${name}" accept`,
  );
  const here = { hook };
  if (random.chance(0.25)) chain.rules.push(anyRule(w, table, here, []));
  chain.rules.push(assign);
  if (random.chance(0.1)) chain.rules.push(anyRule(w, table, here, []));
}

/** Another base chain, before or after the one that decides. */
function extraChain(w: Writer, table: NftTable, hook: Hook): void {
  const { random } = w;
  const priority = random.pick(PRIORITIES);
  const policy = random.chance(0.15) ? "drop" : "accept";
  const chain = table.chain(chainName(table, `${hook}_extra`), baseHead("filter", hook, priority, policy));
  const here = { hook };
  if (policy === "drop") {
    chain.rules.push(
      ...random.some(
        [intended.control(w, table), intended.established(w), "meta l4proto { tcp, ipv6-icmp } accept"],
        2,
      ),
    );
  }
  const targets = userChains(w, table, here, chain.rules, chain.name);
  for (let n = random.between(1, 3); n > 0; n--) chain.rules.push(anyRule(w, table, here, targets));
  if (w.undecidable && random.chance(0.3))
    chain.rules.push(`${undecidable(w, table, here)} ${anyVerdict(w, table, here, [])}`);
}

/** Chains at a device, before everything else or after it; ARP packets meet them, too. */
function ingressTable(w: Writer): NftTable {
  const { random } = w;
  const table = new NftTable(random.chance(0.4) ? "inet" : "netdev", "early");
  const policy = random.chance(0.1) ? "drop" : "accept";
  const hook = table.family === "netdev" && random.chance(0.45) ? "egress" : "ingress";
  const device = random.pick(interfacesOf(w.on));
  const chain = table.chain("device_chain", baseHead("filter", hook, "0", policy, device));
  if (policy === "drop")
    chain.rules.push(
      ...(table.family === "netdev" ? ["meta protocol arp accept"] : []),
      "meta l4proto { tcp, ipv6-icmp } accept",
    );
  for (let n = random.between(1, 3); n > 0; n--) chain.rules.push(anyRule(w, table, { hook }, []));
  return table;
}

/** Routed packets do not meet it, whatever it says. */
function tableOutOfThePath(w: Writer): NftTable {
  const table = new NftTable("bridge", "bridged");
  const hook = w.random.pick<Hook>(["prerouting", "input", "forward"]);
  const chain = table.chain("frames", baseHead("filter", hook, "0", w.random.pick(["drop", "accept"])));
  chain.rules.push(w.random.pick(["tcp dport 21 drop", "ether type ip accept", "meta l4proto tcp drop"]));
  return table;
}

function dormantTable(w: Writer): NftTable {
  const table = new NftTable("inet", "asleep");
  table.dormant = true;
  const chain = table.chain(
    "input",
    baseHead("filter", w.random.pick<Hook>(["input", "prerouting", "output"]), "filter", "drop"),
  );
  chain.rules.push("tcp dport 21 drop");
  return table;
}

function arpTable(w: Writer): NftTable {
  const table = new NftTable("arp", "neighbours");
  const hook = w.random.pick<Hook>(["input", "output"]);
  const chain = table.chain("arps", baseHead("filter", hook, "filter", w.random.pick(["drop", "accept"])));
  chain.rules.push(
    w.random.pick([
      "arp operation request accept",
      "arp operation reply accept",
      "counter",
      "accept",
      "drop",
    ]),
  );
  return table;
}
