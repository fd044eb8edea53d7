import { anyAddress, anyPort, CLIENT, interfacesOf, PASSIVE, SERVER, type Version } from "./facts.ts";
import { addressOf, serverOf } from "./nat-scene.ts";
import { anyCondition, dataCondition } from "./nft-conditions.ts";
import type { NftTable } from "./nft-table.ts";
import { isAtDevice, type NatWriter, type Site, type Writer } from "./writer.ts";

/** A verdict; `targets` are the chains that may be jumped to from here. */
export function anyVerdict(w: Writer, table: NftTable, site: Site, targets: readonly string[]): string {
  const { random } = w;
  const kinds: (readonly [number, () => string])[] = [
    [30, () => "accept"],
    [18, () => "drop"],
    [8, () => "return"],
    [2, () => "continue"],
  ];
  if (["input", "forward", "output"].includes(site.hook)) kinds.push([8, () => reject(w, table)]);
  if (targets.length > 0) {
    kinds.push([14, () => `jump ${random.pick(targets)}`]);
    kinds.push([6, () => `goto ${random.pick(targets)}`]);
  }
  return random.weighted(kinds)();
}

function reject(w: Writer, table: NftTable): string {
  const kinds = ["reject", "reject", "meta l4proto tcp reject with tcp reset"];
  if (table.family === "inet") {
    kinds.push(
      "reject with icmpx port-unreachable",
      "reject with icmpx admin-prohibited",
      "reject with icmpx host-unreachable",
    );
  } else if (table.family === "ip")
    kinds.push("reject with icmp host-unreachable", "reject with icmp admin-prohibited");
  else kinds.push("reject with icmpv6 addr-unreachable", "reject with icmpv6 admin-prohibited");
  return w.random.pick(kinds);
}

/** A rule of the author's whim: some tests and what they lead to. */
export function anyRule(w: Writer, table: NftTable, site: Site, targets: readonly string[]): string {
  const { random } = w;
  if (random.chance(0.18)) return verdictMapRule(w, table, site, targets);
  const conditions: string[] = [];
  for (
    let count = random.weighted([
      [5, 1],
      [4, 2],
      [1, 3],
    ]);
    count > 0;
    count--
  ) {
    conditions.push(anyCondition(w, table, site));
  }
  const verdict = anyVerdict(w, table, site, targets);
  const harmful = /drop|reject|return|goto/.test(verdict);
  if (random.chance(harmful ? 0.78 : 0.15)) conditions.unshift(dataCondition(w, table, site));
  // Two tests of one thing are easily refused (conflicting protocols).
  const tests = withoutConflicts(conditions);
  if (random.chance(0.1)) tests.push("counter");
  if (!isAtDevice(site) && random.chance(0.28)) {
    return withoutConflicts([...tests, sideEffect(w, table, site)]).join(" ");
  }
  return [...tests, verdict].join(" ");
}

const PROTOCOL_TEST = /\b(tcp|udp|icmpv6|ipv6-icmp|l4proto|protocol|nexthdr|hoplimit)\b/;
const FAMILY_4 = /\bip (saddr|daddr|protocol|ttl)|nfproto ipv4|protocol ip\b/;
const FAMILY_6 = /\bip6 |icmpv6|nfproto ipv6|ipv6-icmp/;

function withoutConflicts(conditions: readonly string[]): string[] {
  const kept: string[] = [];
  for (const one of conditions) {
    const all = [...kept, one].join(" ");
    if (FAMILY_4.test(all) && FAMILY_6.test(all)) continue;
    if (
      PROTOCOL_TEST.test(one) &&
      kept.some((other) => PROTOCOL_TEST.test(other) && protocolOf(other) !== protocolOf(one))
    )
      continue;
    kept.push(one);
  }
  return kept;
}

function protocolOf(condition: string): string {
  // "{ tcp, udp }" leaves two over, and "!= udp" many.
  if (/(l4proto|protocol|nexthdr) (!=|\{)/.test(condition)) return condition;
  return /\b(tcp|udp|icmpv6|ipv6-icmp)\b/.exec(condition)?.[0] ?? "";
}

/** What a rule may do to the packet or its connection without deciding. */
function sideEffect(w: Writer, table: NftTable, site: Site): string {
  const { random } = w;
  const value = random.pick([1, 2, 3]);
  const spellings = [
    `meta mark set ${value}`,
    `meta mark set meta mark | ${value}`,
    `meta mark set meta mark & 0x1`,
    `ct mark set ${value}`,
    `ct mark set ct mark | ${value}`,
    "ct mark set meta mark",
    "meta mark set ct mark",
    "meta mark set ct mark & 0x1",
    `meta mark set tcp dport map { 21 : 1, 20 : 2, ${PASSIVE} : 3 }`,
    `ct mark set tcp dport map @${table.markMap()}`,
  ];
  if (site.hook === "prerouting" || site.hook === "output") spellings.push("notrack");
  if (site.hook !== "postrouting") {
    spellings.push(`tcp dport ${random.pick([21, 20])} ct helper set "${table.helper(w)}"`);
  }
  const text = random.pick(spellings);
  if (text.startsWith("tcp dport") && table.family === "netdev") return "counter";
  return text;
}

/** `key vmap { … }`, inline or named, with one verdict each. */
function verdictMapRule(w: Writer, table: NftTable, site: Site, targets: readonly string[]): string {
  const { random } = w;
  const verdict = () =>
    random.weighted<string>([
      [5, "accept"],
      [2, "drop"],
      [1, "continue"],
      [1, "return"],
      ...(targets.length > 0
        ? ([
            [4, `jump ${random.pick(targets)}`],
            [2, `goto ${random.pick(targets)}`],
          ] as const)
        : []),
    ]);
  const four = table.family !== "ip6";
  const header = four ? "ip" : "ip6";
  const [client, server] = [CLIENT[four ? 4 : 6], SERVER[four ? 4 : 6]];
  const maps: [key: string, type: string, keys: string[]][] = [
    ["tcp dport", "inet_service", ["21", random.pick(["20", "22"]), String(PASSIVE)]],
    ["tcp sport", "inet_service", ["20", "21"]],
    ["tcp dport", "", ["20-22", "50000-50100", "1024-49999"]],
    [`${header} saddr`, four ? "ipv4_addr" : "ipv6_addr", [client, server]],
    ["meta l4proto", "inet_proto", ["tcp", "udp"]],
    [
      `${header} saddr . tcp dport`,
      `${four ? "ipv4_addr" : "ipv6_addr"} . inet_service`,
      [`${client} . 21`, `${server} . 20`],
    ],
    [`${header} daddr . tcp dport`, "", [`${server} . ${PASSIVE}`, `${server} . 21`]],
    ["tcp flags", "", ["syn", "ack"]],
    ["tcp flags & (fin|syn|rst|ack)", "", ["syn", "syn|ack", "ack"]],
  ];
  if (!isAtDevice(site)) {
    maps.push(["ct state", "ct_state", ["established", "related"]]);
    maps.push(["ct state", "", ["new", "invalid", "untracked"]]);
    maps.push(["ct state", "", ["established", "related", "new"]]);
    maps.push(["ct direction", "", ["original", "reply"]]);
    maps.push(["meta mark", "mark", ["1", "2"]]);
  }
  if (site.hook === "input" || site.hook === "forward") {
    maps.push(["iifname", "ifname", [`"${random.pick(interfacesOf(w.on))}"`, '"lo"']]);
  }
  const [key, type, keys] = random.pick(maps);
  const entries = random.some(keys, random.between(1, keys.length)).map((one) => [one, verdict()] as const);
  if (type !== "" && random.chance(0.35)) {
    return `${key} vmap @${table.verdictMap(type, entries)}`;
  }
  return `${key} vmap { ${entries.map(([one, what]) => `${one} : ${what}`).join(", ")} }`;
}

/** Lets the login in by what NAT has made of it. */
function translatedControl({ random, nat, on }: NatWriter, { family }: NftTable): string {
  const spellings = [
    "tcp dport 21 accept",
    "ct status dnat accept",
    "tcp dport { 21, 8080 } ct state new accept",
    "ct status dnat tcp dport 21 accept",
    `meta l4proto tcp ct original proto-dst ${nat.dialledPort} accept`,
  ];
  if (on === "gateway") {
    spellings.push(`iifname "lan0" oifname "${nat.serverSide}" accept`, 'iifname "lan0" tcp dport 21 accept');
  }
  if (family !== "inet" || random.chance(0.15)) {
    const version = family === "inet" ? random.pick<Version>([4, 6]) : family === "ip" ? 4 : 6;
    const ip = version === 4 ? "ip" : "ip6";
    const dialled = addressOf(nat.dialled, version);
    spellings.push(
      `${ip} daddr ${serverOf(version)} tcp dport 21 accept`,
      `ct original ${ip} daddr ${dialled} accept`,
      `ct original ${ip} daddr ${dialled} tcp dport 21 accept`,
    );
  }
  return random.pick(spellings);
}

/** Rules that say what a careful author would: each in one of its spellings. */
export const intended = {
  control(w: Writer, table: NftTable): string {
    const four = table.family !== "ip6";
    const header = four ? "ip" : "ip6";
    if (w.nat && w.random.chance(0.55)) return translatedControl({ ...w, nat: w.nat }, table);
    return w.random.one(
      "tcp dport 21 accept",
      "tcp dport 21 accept",
      "tcp dport { 21, 80 } accept",
      "ct state new tcp dport 21 accept",
      "ct state new,established tcp dport 21 accept",
      "meta l4proto tcp th dport 21 accept",
      `tcp dport @${table.portSet(w)} accept`,
      "tcp dport vmap { 21 : accept, 22 : accept }",
      `${header} saddr ${four ? "10.0.0.0/8" : "fd00::/8"} tcp dport 20-21 accept`,
      "tcp dport 21 tcp flags & (fin|syn|rst|ack) == syn accept",
      "tcp dport 1-1023 accept",
    );
  },
  established(w: Writer): string {
    return w.random.one(
      "ct state established accept",
      "ct state established accept",
      "ct state established,related accept",
      "ct state { established, related } accept",
      "ct state vmap { established : accept, related : accept, invalid : drop }",
      "ct state vmap { established : accept, invalid : drop }",
      "ct state & (established|related) != 0 accept",
      "ct direction reply accept",
      "ct status seen-reply accept",
    );
  },
  related(w: Writer): string {
    return w.random.one(
      "ct state related accept",
      'ct state related ct helper "ftp" accept',
      'ct helper "ftp" accept',
      'ct state related ct helper "ftp" tcp dport 1024-65535 accept',
      "ct status expected accept",
      "ct state related tcp dport > 1023 accept",
    );
  },
  neighbours(w: Writer): string {
    return w.random.one(
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept",
      "meta l4proto ipv6-icmp accept",
      "ip6 nexthdr ipv6-icmp accept",
      "ip6 hoplimit 255 icmpv6 type 133-137 accept",
      "ct state untracked accept",
      "icmpv6 type nd-neighbor-solicit accept",
    );
  },
  dataPorts(w: Writer, table: NftTable): string {
    const low = w.random.pick([50000, 1024, 40000]);
    const source =
      table.family === "ip6" ? `ip6 saddr ${anyAddress(w.random, 6)}` : `ip saddr ${anyAddress(w.random, 4)}`;
    return w.random.one(
      `tcp dport ${low}-50100 accept`,
      `tcp dport ${PASSIVE} accept`,
      "tcp sport 20 accept",
      "tcp dport > 1023 accept",
      "tcp dport 20 accept",
      `tcp sport ${anyPort(w.random)} accept`,
      `${source} tcp dport ${PASSIVE} accept`,
    );
  },
};
