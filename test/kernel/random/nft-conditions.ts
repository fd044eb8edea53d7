import {
  anyAddress,
  anyAddressRange,
  anyInterface,
  anyPort,
  anyPortRange,
  anyPrefix,
  CLIENT,
  PASSIVE,
  SERVER,
  type Version,
} from "./facts.ts";
import { addressOf, anySource, clientOf, serverOf } from "./nat-scene.ts";
import type { NftTable } from "./nft-table.ts";
import { isAtDevice, type NatWriter, type Site, type Writer } from "./writer.ts";

type Condition = (w: Writer, table: NftTable, site: Site) => string;

/** One random test of a packet, in one of nft's many spellings. */
export function anyCondition(w: Writer, table: NftTable, site: Site): string {
  if (w.undecidable && w.random.chance(0.25)) return undecidable(w, table, site);
  if (w.nat && !isAtDevice(site) && w.random.chance(0.3)) {
    return natCondition({ ...w, nat: w.nat }, versionFor(w, table));
  }
  const kinds: (readonly [number, Condition])[] = [
    [3, address],
    [4, port],
    [2, protocol],
    [2, tcpFlags],
    [2, networkInterface],
    [1.5, concatenation],
  ];
  if (!isAtDevice(site)) {
    kinds.push(
      [5, state],
      [1.2, direction],
      [2, status],
      [2, tuple],
      [1.5, mark],
      [1.2, helper],
      [0.6, packetType],
    );
    kinds.push([0.5, addressType]);
  }
  if (table.family !== "ip") kinds.push([0.6, neighbourDiscovery]);
  return w.random.weighted(kinds)(w, table, site);
}

function versionFor(w: Writer, table: NftTable): Version {
  if (table.family === "ip") return 4;
  if (table.family === "ip6") return 6;
  return w.random.pick([4, 6]);
}

function negation(w: Writer): string {
  return w.random.chance(0.3) ? "!= " : "";
}

function address(w: Writer, table: NftTable): string {
  const { random } = w;
  const version = versionFor(w, table);
  const header = version === 4 ? "ip" : "ip6";
  const end = random.pick(["saddr", "daddr"]);
  const one = anyAddress(random, version);
  const prefix = anyPrefix(random, version);
  const [low, high] = anyAddressRange(random, version);
  const many = random.some([one, prefix, `${low}-${high}`], 3);
  const masked =
    version === 4
      ? `${header} ${end} & 255.255.0.0 == ${random.pick(["10.1.0.0", "10.2.0.0"])}`
      : `${header} ${end} & ffff:: == ${random.pick(["fd01::", "fd02::"])}`;
  if (random.chance(0.1)) return masked;
  const value = w.random.one(
    one,
    prefix,
    `${low}-${high}`,
    `{ ${one}, ${version === 4 ? "192.0.2.77" : "2001:db8::77"} }`,
    `{ ${prefixesThatFit(many)} }`,
    `@${table.addressSet(w, version)}`,
  );
  return `${header} ${end} ${negation(w)}${value}`;
}

/** Elements of an anonymous set must not overlap. */
function prefixesThatFit(many: readonly string[]): string {
  return many
    .slice(-1)
    .concat(many[0]!.includes(":") ? "2001:db8:1::1" : "198.51.100.1")
    .join(", ");
}

function port(w: Writer, table: NftTable): string {
  const { random } = w;
  const end = random.pick(["dport", "dport", "sport"]);
  const key = w.random.one(
    `tcp ${end}`,
    `tcp ${end}`,
    `tcp ${end}`,
    `th ${end}`,
    `meta l4proto tcp th ${end}`,
    `meta l4proto { tcp, udp } th ${end}`,
    `udp ${end}`,
  );
  const [low, high] = anyPortRange(random);
  if (random.chance(0.15)) {
    const op = random.pick(["<", ">", "<=", ">="]);
    return `${key} ${op} ${random.pick([1024, 1023, 50000, 21])}`;
  }
  const value = w.random.one(
    String(anyPort(random)),
    String(anyPort(random)),
    `${low}-${high}`,
    `{ ${random.pick([21, 20, PASSIVE])}, 443 }`,
    `{ ${random.pick(["20-21", "50000-50100", "1024-65535"])}, 443 }`,
    `@${table.portSet(w)}`,
  );
  return `${key} ${negation(w)}${value}`;
}

function protocol(w: Writer, table: NftTable): string {
  const spellings = [
    "meta l4proto tcp",
    "meta l4proto { tcp, udp }",
    "meta l4proto != tcp",
    "meta l4proto != udp",
    "meta l4proto 6",
  ];
  if (table.family !== "ip6") {
    spellings.push("ip protocol tcp", "ip protocol != { icmp, udp }");
    spellings.push("ip protocol { tcp, icmp }");
  }
  if (table.family !== "ip") {
    spellings.push("ip6 nexthdr tcp", "ip6 nexthdr { tcp, ipv6-icmp }");
    spellings.push("ip6 nexthdr != udp");
  }
  if (table.family === "inet") {
    spellings.push("meta nfproto ipv4", "meta nfproto ipv6");
  }
  if (table.family === "inet" || table.family === "netdev") {
    spellings.push("meta protocol ip", "meta protocol { ip, ip6 }");
  }
  return w.random.one(...spellings);
}

function tcpFlags(w: Writer): string {
  return w.random.one(
    "tcp flags syn",
    "tcp flags syn,ack",
    "tcp flags == syn",
    "tcp flags == ack",
    "tcp flags != syn",
    "tcp flags != fin,ack",
    "tcp flags & (fin|syn|rst|ack) == syn",
    "tcp flags & (syn|ack) == syn|ack",
    "tcp flags & (fin|syn|rst|ack) != syn",
    "tcp flags & syn != 0",
    "tcp flags & ack == 0",
    "tcp flags syn / fin,syn,rst,ack",
    "tcp flags != syn / syn,ack",
    "tcp flags { syn, syn|ack }",
    "tcp flags != { fin|ack, rst }",
    "tcp flags & (fin|syn|ack) == { syn, ack, syn|ack }",
  );
}

function networkInterface(w: Writer, _table: NftTable, site: Site): string {
  const { random } = w;
  const name = anyInterface(random, w.on);
  const incoming = ["ingress", "prerouting", "input"].includes(site.hook);
  const ends = incoming
    ? ["iif"]
    : site.hook === "forward" || site.hook === "postrouting"
      ? ["iif", "oif"]
      : ["oif"];
  const end = random.pick(random.chance(0.1) ? ["iif", "oif"] : ends);
  const safeEnd = site.hook === "ingress" ? "iif" : site.hook === "egress" ? "oif" : end;
  return w.random.one(
    `${safeEnd}name "${name}"`,
    `${safeEnd}name != "${name}"`,
    `${safeEnd}name "${random.pick(["eth*", "lan*", "w*"])}"`,
    `${safeEnd}name { "${name}", "ppp0" }`,
    `${safeEnd} "lo"`,
    `${safeEnd} != "lo"`,
  );
}

function concatenation(w: Writer, table: NftTable, site: Site): string {
  const { random } = w;
  const version = versionFor(w, table);
  const header = version === 4 ? "ip" : "ip6";
  const [client, server] = [CLIENT[version], SERVER[version]];
  const not = negation(w);
  const net = version === 4 ? "10.1.0.0/24" : "fd01::/64";
  const spellings = [
    `${header} saddr . tcp dport ${not}{ ${client} . 21, ${client} . 80, ${server} . 20 }`,
    `${header} daddr . tcp dport ${not}{ ${server} . ${random.pick([21, PASSIVE])} }`,
    `${header} saddr . ${header} daddr ${not}{ ${client} . ${server}, ${server} . ${client} }`,
    `${header} saddr . tcp dport ${not}{ ${net} . 20-21, ${net} . ${PASSIVE} }`,
    `${header} saddr . tcp dport ${not}@${table.pairSet(w, version)}`,
  ];
  if (site.hook === "input") {
    spellings.push(`iifname . tcp dport ${not}{ "eth0" . 21, "eth0" . 22, "lo" . 80 }`);
  }
  return w.random.one(...spellings);
}

function state(w: Writer): string {
  return w.random.one(
    "ct state new",
    "ct state established",
    "ct state new,established",
    "ct state established,related",
    "ct state { established, related }",
    "ct state != { new, related }",
    "ct state != new",
    "ct state != established",
    "ct state != invalid",
    "ct state & (new|related) != 0",
    "ct state & established == established",
    "ct state & new == 0",
    "ct state related",
    "ct state related",
    "ct state untracked",
    "ct state != untracked",
    "ct state invalid",
    "ct state invalid,untracked",
  );
}

function direction(w: Writer): string {
  return w.random.one("ct direction original", "ct direction reply", "ct direction != original");
}

function status(w: Writer): string {
  return w.random.one(
    "ct status expected",
    "ct status & expected == 0",
    "ct status assured",
    "ct status & assured != assured",
    "ct status seen-reply",
    "ct status confirmed",
    "ct status snat",
    "ct status dnat",
    "ct status & (snat|dnat) == 0",
    "ct status expected,assured",
  );
}

function tuple(w: Writer, table: NftTable): string {
  const { random } = w;
  const version = versionFor(w, table);
  const header = version === 4 ? "ip" : "ip6";
  const way = random.pick(["original", "reply"]);
  const [low, high] = anyPortRange(random);
  return w.random.one(
    `ct ${way} ${header} ${random.pick(["saddr", "daddr"])} ${negation(w)}${anyAddress(random, version)}`,
    `ct ${way} ${header} ${random.pick(["saddr", "daddr"])} ${anyPrefix(random, version)}`,
    `meta l4proto tcp ct ${way} proto-dst ${negation(w)}${anyPort(random)}`,
    `meta l4proto tcp ct ${way} proto-src ${negation(w)}${anyPort(random)}`,
    `meta l4proto tcp ct ${way} proto-dst ${low}-${high}`,
    random.pick(["ct protocol tcp", "ct protocol != udp"]),
    random.pick(["ct l3proto ipv4", "ct l3proto ipv6"]),
  );
}

function mark(w: Writer): string {
  const value = w.random.pick([0, 1, 2, 3]);
  return w.random.one(
    `meta mark ${value}`,
    `meta mark != ${value}`,
    `meta mark & 0x3 == ${value}`,
    `ct mark ${value}`,
    `ct mark != ${value}`,
    `ct mark & 0x3 == ${value}`,
    `meta mark { 1, 3 }`,
    `ct mark { 1, 2 }`,
  );
}

function helper(w: Writer): string {
  return w.random.one('ct helper "ftp"', 'ct helper "ftp"', 'ct helper != "ftp"', 'ct helper "ftp-std"');
}

function packetType(w: Writer): string {
  return w.random.one(
    "meta pkttype host",
    "meta pkttype != host",
    "meta pkttype multicast",
    "meta pkttype { broadcast, multicast }",
  );
}

function addressType(w: Writer, _table: NftTable, site: Site): string {
  const end = site.hook === "output" || site.hook === "postrouting" ? "saddr" : "daddr";
  return w.random.one(
    `fib ${end} type local`,
    `fib ${end} type != local`,
    `fib daddr type { unicast, local }`,
  );
}

/** What a packet or its connection looks like where an end of it was translated. */
function natCondition(w: NatWriter, version: Version): string {
  const { random, nat } = w;
  const ip = version === 4 ? "ip" : "ip6";
  const not = negation(w);
  const dialled = addressOf(nat.dialled, version);
  const source = anySource(random, "gateway", version);
  return random.one(
    "ct status dnat",
    "ct status snat",
    "ct status & dnat == dnat",
    "ct status & (snat|dnat) != 0",
    "ct status & (snat|dnat) == 0",
    `ct original ${ip} daddr ${not}${dialled}`,
    `ct original ${ip} saddr ${not}${clientOf(version)}`,
    `ct reply ${ip} saddr ${not}${serverOf(version)}`,
    `ct reply ${ip} daddr ${not}${source}`,
    `meta l4proto tcp ct original proto-dst ${not}${nat.dialledPort}`,
    `meta l4proto tcp ct reply proto-src ${not}${nat.serverPort}`,
    `meta l4proto tcp ct reply proto-dst ${random.pick(["45000-46999", "40000-41000"])}`,
    `${ip} daddr ${not}${dialled}`,
    `${ip} daddr ${not}${serverOf(version)}`,
    `${ip} saddr ${not}${source}`,
    `tcp dport ${not}${nat.serverPort}`,
    `tcp dport ${not}${nat.dialledPort}`,
    `ct direction original ${ip} daddr ${dialled}`,
  );
}

function neighbourDiscovery(w: Writer): string {
  return w.random.one(
    "icmpv6 type nd-neighbor-solicit",
    "icmpv6 type != nd-neighbor-advert",
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }",
    "icmpv6 type 135-136 ip6 hoplimit 255",
    "meta l4proto ipv6-icmp",
  );
}

/** A test that the data connection meets and the login does not: so that rulesets differ after the login, too. */
export function dataCondition(w: Writer, table: NftTable, site: Site): string {
  const header = table.family === "ip6" ? "ip6" : "ip";
  const server = SERVER[table.family === "ip6" ? 6 : 4];
  const plain = [
    `tcp dport ${PASSIVE}`,
    "tcp sport 20",
    "tcp dport 20",
    `tcp sport ${PASSIVE}`,
    "tcp dport 50000-50100",
    "tcp sport { 20, 989 }",
    `${header} saddr ${server} tcp sport 20`,
    "tcp sport != 20-22 tcp dport != 20-22",
  ];
  if (isAtDevice(site)) return w.random.pick(plain);
  return w.random.pick([
    ...plain,
    "ct state related",
    "ct state related tcp dport 1024-65535",
    "ct status expected",
    'ct helper "ftp"',
    "ct state new tcp dport 1024-65535",
    `meta l4proto tcp ct original proto-dst ${PASSIVE}`,
    "meta l4proto tcp ct original proto-src 20",
    "ct direction reply tcp dport 20",
    "tcp dport != 21 ct state new",
  ]);
}

/** What no file tells; the verdict may be `unknown`, but never wrong. */
export function undecidable(w: Writer, table: NftTable, site: Site): string {
  const spellings = [
    `limit rate ${w.random.pick(["1/second", "10/minute burst 2 packets", "over 3/second"])}`,
    "quota over 900 bytes",
    'meta hour "00:00"-"12:00"',
    "numgen inc mod 2 0",
    "meta length > 60",
    ...(table.family === "ip6" ? [] : ["ip ttl 64"]),
  ];
  if (!isAtDevice(site)) {
    spellings.push("ct original packets > 3", "ct count over 1");
    if (site.hook === "output" || site.hook === "postrouting") spellings.push("meta skuid 0");
    if (site.hook === "input" || site.hook === "prerouting") {
      spellings.push("socket transparent 0", "fib saddr . iif oif exists");
    }
  }
  return w.random.pick(spellings);
}
