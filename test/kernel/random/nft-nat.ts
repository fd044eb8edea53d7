import { PASSIVE, type Version } from "./facts.ts";
import {
  addressOf,
  anySource,
  clientOf,
  ELSEWHERE,
  ELSEWHERE_RANGE,
  isGateway,
  isServer,
  NETWORKS,
  OWN,
  serverOf,
} from "./nat-scene.ts";
import { anyCondition } from "./nft-conditions.ts";
import { baseHead, type NftFamily, NftTable } from "./nft-table.ts";
import type { Hook, NatWriter } from "./writer.ts";

/** Tables of nft that translate addresses and ports. */
export function nftNatTables(w: NatWriter): NftTable[] {
  const { random } = w;
  const families = random.weighted<NftFamily[]>([
    [11, ["inet"]],
    [10, ["ip", "ip6"]],
    [2, ["ip"]],
    [1, ["inet", "ip"]],
  ]);
  return families.map((family, i) => {
    const table = new NftTable(family, `nat${i}`);
    addNatChains(w, table, i > 0 && family === "ip" && families[0] === "inet");
    return table;
  });
}

/** Adds chains of type nat to a table; only now and then where another table has them already. */
export function addNatChains(w: NatWriter, table: NftTable, again = false): void {
  const { random } = w;
  const hooks = random.weighted<Hook[]>(
    again ? [[1, [random.pick<Hook>(["prerouting", "postrouting"])]]] : usualHooks(w),
  );
  for (const hook of hooks) {
    natChain(w, table, hook);
    if (random.chance(0.1)) natChain(w, table, hook);
  }
  if (random.chance(0.12)) chooseByMark(w, table);
}

/** Marks what is dialled, and translates what is marked: at once or in postrouting. */
function chooseByMark(w: NatWriter, table: NftTable): void {
  const { random } = w;
  const marking = table.chain(
    `marks_${table.chains.length}`,
    baseHead(
      "filter",
      w.on === "client" ? "output" : "prerouting",
      random.pick(["-150", "-101", "-99"]),
      "accept",
    ),
  );
  const kind = random.pick(["meta mark", "ct mark"]);
  marking.rules.push(
    `${random.pick(["", "ct state new ", "ct direction original "])}tcp dport ${random.pick([String(w.nat.dialledPort), "1-65535"])} ${kind} set 5`,
  );
  for (const chain of table.chains) {
    if (!/^type nat hook (prerouting|output|postrouting)/.test(chain.head ?? "")) continue;
    for (const [i, rule] of chain.rules.entries()) {
      const translates = /( dnat | snat | masquerade| redirect)/.test(rule) && !/map|mark|prefix/.test(rule);
      if (translates && random.chance(0.6))
        chain.rules[i] = `${kind} ${random.pick(["", "", "!= "])}5 ${rule}`;
    }
  }
}

function usualHooks({ on }: NatWriter): [number, Hook[]][] {
  const others: [number, Hook[]][] = [
    [1, ["prerouting", "output", "postrouting"]],
    [1, ["prerouting", "input", "output", "postrouting"]],
  ];
  if (on === "client") return [[6, ["output", "postrouting"]], [2, ["output"]], ...others];
  if (on === "server") return [[5, ["prerouting", "postrouting"]], [3, ["prerouting", "input"]], ...others];
  return [[10, ["prerouting", "postrouting"]], [3, ["prerouting"]], [2, ["postrouting"]], ...others];
}

type Manip = "destination" | "source";

function manipOf(hook: Hook): Manip {
  return hook === "prerouting" || hook === "output" ? "destination" : "source";
}

function natChain(w: NatWriter, table: NftTable, hook: Hook): void {
  const { random } = w;
  const usual = hook === "prerouting" ? "dstnat" : hook === "postrouting" ? "srcnat" : "0";
  const numeric = manipOf(hook) === "destination" ? "-100" : "100";
  const priority = random.weighted([
    [6, usual],
    [3, numeric],
    [2, random.pick(["-150", "-199", "0", "filter", "-5", "110", "300", "-101", "101"])],
  ] as const);
  const policy = random.chance(0.03) ? "drop" : "accept";
  const chain = table.chain(`${hook}_nat_${table.chains.length}`, baseHead("nat", hook, priority, policy));
  const rules = versionsOf(random.chance(0.5) ? [4, 6] : [6, 4], table).flatMap((version) =>
    manipOf(hook) === "destination"
      ? destinationRules(w, table, hook, version)
      : sourceRules(w, table, hook, version),
  );
  if (random.chance(0.08)) rules.reverse();
  for (
    let n = random.weighted([
      [6, 0],
      [3, 1],
      [1, 2],
    ]);
    n > 0;
    n--
  ) {
    rules.splice(random.between(0, rules.length), 0, passingRule(w, table, hook));
  }
  if (random.chance(0.25) && rules.length > 1) moveToChain(w, table, hook, rules, chain.name);
  chain.rules.push(...rules);
}

function versionsOf(versions: readonly Version[], { family }: NftTable): Version[] {
  return versions.filter((version) => family === "inet" || (family === "ip") === (version === 4));
}

/** `ip` where the table does not say it, or where the author likes to. */
function familyWord(w: NatWriter, { family }: NftTable, version: Version): string {
  return family === "inet" || w.random.chance(0.2) ? (version === 4 ? "ip " : "ip6 ") : "";
}

function header(version: Version): string {
  return version === 4 ? "ip" : "ip6";
}

/** An address with ports, as nft writes it. */
function withPort(address: string, port: number | string): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function flags(w: NatWriter, probability = 0.15): string {
  const { random } = w;
  if (!random.chance(probability)) return "";
  return ` ${random.pick(["random", "persistent", "fully-random", "random,persistent"])}`;
}

/** A rule that lets a packet past the others of its chain, or does nothing. */
function passingRule(w: NatWriter, table: NftTable, hook: Hook): string {
  const { random } = w;
  const verdict = random.weighted([
    [5, "accept"],
    [5, "return"],
    [1, "counter"],
    [1, "meta mark set 1"],
    [1, "ct mark set 2"],
    [0.5, "drop"],
  ] as const);
  const ports = [
    `tcp dport ${PASSIVE}`,
    "tcp sport 20",
    "tcp dport 1024-65535",
    "tcp dport { 22, 80 }",
    "udp dport 53",
  ];
  const condition = random.chance(0.5) ? random.pick(ports) : anyCondition(w, table, { hook });
  return `${condition} ${verdict}`;
}

function moveToChain(w: NatWriter, table: NftTable, hook: Hook, rules: string[], stem: string): void {
  const { random } = w;
  const name = `${stem}_more`;
  const moved = rules.splice(random.between(0, rules.length - 2), random.between(1, 2));
  const base = table.chains.pop()!;
  table.chain(name).rules.push(...moved);
  table.chains.push(base);
  const test = random.chance(0.5) ? `${anyCondition(w, table, { hook })} ` : "";
  if (random.chance(0.3)) {
    rules.splice(random.between(0, rules.length), 0, verdictMap(w, hook, name));
    return;
  }
  rules.splice(random.between(0, rules.length), 0, `${test}${random.chance(0.75) ? "jump" : "goto"} ${name}`);
}

/** Sends what concerns FTP, mostly, to a chain by a verdict map. */
function verdictMap(w: NatWriter, hook: Hook, name: string): string {
  const { random } = w;
  const { dialledPort, serverPort } = w.nat;
  const go = `${random.chance(0.75) ? "jump" : "goto"} ${name}`;
  const control = manipOf(hook) === "destination" ? dialledPort : serverPort;
  const interfaces = w.on === "gateway" ? ['"lan0"', `"${w.nat.serverSide}"`] : ['"eth0"', '"lo"'];
  const way = hook === "prerouting" || hook === "input" ? "iifname" : "oifname";
  return random.one(
    `tcp dport vmap { ${control} : ${go}, ${PASSIVE} : ${random.pick([go, "accept", "return"])} }`,
    `tcp dport vmap { 1-1023 : ${go}, 1024-65535 : ${random.pick([go, "accept", "continue"])} }`,
    `${way} vmap { ${random.pick(interfaces)} : ${go} }`,
    `ct state vmap { new : ${go}, related : accept }`,
    `meta l4proto vmap { tcp : ${go}, udp : return }`,
  );
}

// Destinations

function destinationRules(w: NatWriter, table: NftTable, hook: Hook, version: Version): string[] {
  const { random } = w;
  const rules: string[] = [];
  const dialled = addressOf(w.nat.dialled, version);
  const { dialledPort, serverPort } = w.nat;
  const isNeeded = !isServer(dialled) || dialledPort !== serverPort;
  if (random.chance(isNeeded ? 0.95 : 0.2)) rules.push(publish(w, table, hook, version));
  if (random.chance(isNeeded ? 0.45 : 0.25)) rules.push(publishData(w, table, hook, version));
  if (random.chance(0.12)) rules.push(activeData(w, table, hook, version));
  if (random.chance(0.3)) {
    rules.splice(random.between(0, rules.length), 0, beside(w, table, version));
  }
  return rules;
}

/** Tests that the first packet of a session to the dialled address passes, mostly. */
function towards(w: NatWriter, table: NftTable, hook: Hook, version: Version): string {
  const { random } = w;
  const ip = header(version);
  const dialled = addressOf(w.nat.dialled, version);
  const spellings = [
    `${ip} daddr ${dialled}`,
    `${ip} daddr { ${dialled}, ${version === 4 ? "192.0.2.99" : "2001:db8::99"} }`,
    `${ip} saddr ${clientOf(version)}`,
    `${ip} saddr ${NETWORKS.client[version]}`,
    `${ip} saddr . ${ip} daddr { ${clientOf(version)} . ${dialled} }`,
    "ct state new",
    "ct direction original",
    "meta mark 0",
    `${ip} daddr @${table.addressSetOf(version, [dialled])}`,
    `ct original ${ip} daddr ${dialled}`,
  ];
  if (isGateway(dialled)) spellings.push("fib daddr type local", "fib daddr type local");
  if (hook === "prerouting") {
    const from = w.on === "gateway" ? "lan0" : "eth0";
    spellings.push(`iifname "${from}"`, `iif "${from}"`, 'iifname != "wan0"', 'iif != "lo"');
  } else spellings.push('oifname "eth0"');
  if (!isServer(dialled)) spellings.push(`${ip} daddr != ${serverOf(version)}`);
  const count = random.weighted([
    [3, 0],
    [5, 1],
    [2, 2],
  ] as const);
  const chosen = random.some(spellings, count);
  if (random.chance(0.07)) chosen.push(anyCondition(w, table, { hook }));
  if (version === 6 && table.family === "inet" && !/ip6? /.test(chosen.join(" ")))
    chosen.unshift("meta nfproto ipv6");
  return chosen.map((one) => `${one} `).join("");
}

/** Sends the login on. */
function publish(w: NatWriter, table: NftTable, hook: Hook, version: Version): string {
  const { random, on } = w;
  const { dialledPort: from, serverPort: to } = w.nat;
  const server = serverOf(version);
  const dialled = addressOf(w.nat.dialled, version);
  const ip = header(version);
  const type = version === 4 ? "ipv4_addr" : "ipv6_addr";
  const word = familyWord(w, table, version);
  const tests = towards(w, table, hook, version);
  const port = random.pick([`tcp dport ${from}`, `tcp dport ${from}`, `meta l4proto tcp th dport ${from}`]);
  const spellings: string[] = [
    `${tests}${port} dnat ${word}to ${withPort(server, to)}${flags(w)}`,
    `${tests}${port} dnat ${word}to ${withPort(server, to)}${flags(w)}`,
    `${tests}${port} dnat ${word}to ${withPort(server, `${to}-${to}`)}`,
    `${tests}tcp dport { ${from}, 990 } dnat ${word}to ${withPort(server, to)}`,
    `${tests}dnat ${ip} to tcp dport map { ${from} : ${server} . ${to}, 8080 : ${server} . 80 }`,
    `${tests}dnat ${ip} to ${ip} daddr . tcp dport map { ${dialled} . ${from} : ${server} . ${to} }`,
    `${tests}meta l4proto tcp dnat ${ip} to ${ip} daddr map { ${dialled} : ${server} . ${to} }`,
    `${tests}dnat ${ip} addr . port to tcp dport map { ${from} : ${server} . ${to} }`,
    `${tests}dnat ${ip} to ${ip} saddr . ${ip} daddr . tcp dport map { ${NETWORKS.client[version]} . ${dialled} . ${from} : ${server} . ${to} }`,
    `${ip} daddr . tcp dport { ${dialled} . ${from} } dnat to ${withPort(server, to)}`,
    `${tests}tcp dport ${from === 21 ? "ftp" : from} dnat ${word}to ${withPort(server, to === 21 ? "ftp" : to)}`,
    `${tests}tcp dport @${table.portSetOf([from, 8021])} dnat ${word}to ${withPort(server, to)}`,
    `${tests}${port} meta mark set 1 ct mark set 2 dnat ${word}to ${withPort(server, to)} comment "ftp"`,
    `${tests}${port} ct helper set "${table.helper(w)}" dnat ${word}to ${withPort(server, to)}`,
    `${tests}${port} counter log prefix "x" dnat ${word}to ${withPort(server, to)}`,
    `${tests}dnat ${ip} to tcp dport map @${table.dataMap("hosts", `inet_service : ${type} . inet_service`, `${from} : ${server} . ${to}`)}`,
    `${tests}dnat ${ip} to ${ip} daddr . tcp dport map @${table.dataMap("hosts", `${type} . inet_service : ${type} . inet_service`, `${dialled} . ${from} : ${server} . ${to}`)}`,
  ];
  // The port stays where it is within the range.
  if (from === to || to === 21) {
    spellings.push(
      `${tests}${port} dnat ${word}to ${withPort(server, from === to ? `${to - 1}-${to + 1}` : "21-22")}${flags(w, 0.05)}`,
    );
  }
  if (isServer(dialled) && (table.family !== "inet" || tests !== "" || random.chance(0.5))) {
    spellings.push(`${tests}${port} dnat to :${to}`, `${tests}${port} dnat to :${to}`);
  }
  if (on === "server") {
    const redirect = `${tests}${port} redirect to :${to}${flags(w, 0.1)}`;
    if (from !== to) {
      spellings.push(`${tests}tcp dport ${from} redirect to :tcp dport map { ${from} : ${to}, 8021 : 21 }`);
    }
    spellings.push(redirect, redirect, redirect, `${tests}tcp dport { ${from}, 8021 } redirect to :${to}`);
  }
  if (from === to) {
    const plain = [
      `${tests}${port} dnat ${word}to ${server}${flags(w)}`,
      `${tests}${port} dnat ${word}to ${server}`,
      `${tests}tcp dport { 20-${to}, 990 } dnat ${word}to ${server}`,
      `${tests}tcp dport { ${from}, ${PASSIVE} } dnat ${word}to ${server}`,
      `${tests}${port} dnat ${word}to ${server}-${server}`,
      `${tests}dnat ${word}to tcp dport map { ${from} : ${server} }`.replace(/dnat (?!ip)/, `dnat ${ip} `),
      `${tests}dnat ${ip} to ${ip} daddr . tcp dport map { ${dialled} . ${from} : ${server} }`,
      `${tests}dnat ${ip} to ${ip} daddr map { ${dialled} : ${server} }`,
      `${tests}dnat ${ip} to ${ip} daddr map @${table.dataMap("servers", `${type} : ${type}`, `${dialled} : ${server}`)}`,
      `${tests}dnat ${ip} to tcp dport map @${table.dataMap("servers", `inet_service : ${type}`, `${from} : ${server}, 80 : ${server}`)}`,
      `${tests}${port} dnat ${ip} to meta mark map { 0 : ${server}, 1 : ${ELSEWHERE[version]} }`,
      `${tests}${port} dnat ${ip} to ${ip} saddr map { ${NETWORKS.client[version]} : ${server} }`,
      `${tests}${port} dnat ${ip} to ct mark map { 0 : ${server}, 2 : ${ELSEWHERE[version]} }`,
      `${tests}dnat ${ip} to ct original ${ip} daddr map { ${dialled} : ${server} }`,
      `${tests}${port} dnat ${ip} to ${ip} daddr map @${table.dataMap("nets", `${type} : ${type}; flags interval`, `${NETWORKS.client[version]} : ${server}, ${NETWORKS.server[version]} : ${server}`)}`,
    ];
    if (hook === "prerouting") {
      plain.push(`${tests}${port} dnat ${ip} to iifname map { "lan0" : ${server}, "eth0" : ${server} }`);
    }
    // To the same address, nft's IPv4 prefixes set the bit that says "translated" by what was on the kernel's stack.
    if (!isServer(dialled)) {
      const prefix = `${tests}dnat ${ip} prefix to ${ip} daddr map`;
      const length = version === 4 ? 32 : 128;
      plain.push(
        `${prefix} { ${dialled}/${length} : ${server}/${length} }`,
        `${prefix} { ${dialled}/${length} : ${server}/${length}, ${NETWORKS.mapped[version]} : ${NETWORKS.server[version]} }`,
        `${prefix} { ${NETWORKS.client[version]} : ${NETWORKS.server[version]} }`,
      );
    }
    const whole = `${ip} daddr ${dialled} dnat ${word}to ${server}`;
    return random.pick([...plain, ...plain, ...spellings, whole]);
  }
  return random.pick(spellings);
}

/** Sends the passive range on, rightly or nearly. */
function publishData(w: NatWriter, table: NftTable, hook: Hook, version: Version): string {
  const { random } = w;
  const server = serverOf(version);
  const word = familyWord(w, table, version);
  const tests = towards(w, table, hook, version);
  const spellings = [
    `tcp dport 50000-50100 dnat ${word}to ${server}`,
    `tcp dport 50000-50100 dnat ${word}to ${server}`,
    `tcp dport ${PASSIVE} dnat ${word}to ${withPort(server, PASSIVE)}`,
    `tcp dport 1024-65535 dnat ${word}to ${server}`,
    `tcp dport 50000-50100 dnat ${word}to ${withPort(server, "50000-50100")}`,
    `tcp dport { 20, ${PASSIVE} } dnat ${word}to ${server}`,
    `dnat ${header(version)} to tcp dport map { 50000-50100 : ${server} }`,
    `tcp dport 50000-50100 dnat ${word}to ${withPort(server, PASSIVE)}`,
    `tcp dport ${PASSIVE} dnat ${word}to ${withPort(server, PASSIVE + 1)}`,
    `tcp dport ${PASSIVE} dnat ${word}to ${ELSEWHERE[version]}`,
    `tcp dport 50000-50100 redirect`,
    `tcp dport 50000-50100 ct state related dnat ${word}to ${server}`,
    `tcp dport != 21 dnat ${word}to ${server}`,
  ];
  return tests + random.pick(spellings);
}

/** Concerns the connection that the server opens in active mode. */
function activeData(w: NatWriter, table: NftTable, _hook: Hook, version: Version): string {
  const { random } = w;
  const client = clientOf(version);
  const word = familyWord(w, table, version);
  const ip = header(version);
  return random.one(
    `${ip} saddr ${serverOf(version)} tcp sport 20 dnat ${word}to ${client}`,
    `tcp sport 20 dnat ${word}to ${client}`,
    `tcp sport 20 dnat ${word}to ${withPort(client, "45000-46999")}`,
    `${ip} saddr ${serverOf(version)} tcp dport 45000-46999 dnat ${word}to ${client}`,
    `tcp sport 20 dnat ${word}to ${withPort(client, "1024-1030")}`,
    `${ip} saddr ${serverOf(version)} tcp sport 20 dnat ${word}to ${ELSEWHERE[version]}`,
    `${ip} daddr ${client} tcp sport 20 tcp dport 1024-65535 redirect`,
  );
}

/** Translates what no session has, or what it has only in part. */
function beside(w: NatWriter, table: NftTable, version: Version): string {
  const { random } = w;
  const word = familyWord(w, table, version);
  const ip = header(version);
  return random.one(
    `tcp dport 80 dnat ${word}to ${withPort(serverOf(version), 8080)}`,
    `udp dport 53 dnat ${word}to ${serverOf(version)}`,
    `tcp dport 22 redirect to :2222`,
    `tcp dport { 80, 443 } dnat ${word}to ${ELSEWHERE[version]}`,
    `${ip} daddr ${ELSEWHERE[version]} dnat ${word}to ${serverOf(version)}`,
    `${ip} saddr ${ELSEWHERE[version]} tcp dport 21 redirect to :2121`,
    `tcp dport 20 redirect to :21`,
    `tcp dport 21 ${ip} daddr ${NETWORKS.mapped[version]} dnat ${word}to ${ELSEWHERE[version]}`,
    `ct state established tcp dport 21 redirect to :2121`,
    `dnat ${ip} prefix to ${ip} daddr map { ${NETWORKS.mapped[version]} : ${NETWORKS.server[version]} }`,
  );
}

// Sources

function sourceRules(w: NatWriter, table: NftTable, hook: Hook, version: Version): string[] {
  const { random, on } = w;
  if (hook === "input") {
    return random.chance(on === "server" ? 0.7 : 0.3) ? [inputSource(w, table, version)] : [];
  }
  const rules: string[] = [];
  if (on !== "server" && random.chance(0.65)) rules.push(hideClient(w, table, version));
  if (on === "server" ? random.chance(0.6) : random.chance(0.25)) rules.push(hideServer(w, table, version));
  if (random.chance(0.15)) {
    rules.splice(random.between(0, rules.length), 0, sourceBeside(w, table, version));
  }
  return rules;
}

function outwards(w: NatWriter, table: NftTable, version: Version): string {
  const { random, on } = w;
  const ip = header(version);
  const out = on === "gateway" ? w.nat.serverSide : "eth0";
  const dialled = addressOf(w.nat.dialled, version);
  const spellings = [
    `oifname "${out}"`,
    `oifname "${out}"`,
    `oif "${out}"`,
    `oifname != "lan0"`,
    `oif != "lo"`,
    `${ip} saddr ${NETWORKS.client[version]}`,
    `${ip} saddr ${clientOf(version)}`,
    `${ip} saddr ${NETWORKS.client[version]} ${ip} daddr ${NETWORKS.server[version]}`,
    `${ip} daddr ${serverOf(version)}`,
    `ct original ${ip} daddr ${dialled}`,
    "ct status dnat",
    "ct state new",
    "ct direction original",
    "meta mark 0",
    `tcp dport ${w.nat.serverPort}`,
    `tcp dport { ${w.nat.serverPort}, ${PASSIVE} }`,
    `tcp dport 1024-65535`,
    "meta l4proto tcp",
  ];
  if (on === "gateway") spellings.push(`iifname "lan0"`);
  const chosen = random.some(
    spellings,
    random.weighted([
      [1, 0],
      [6, 1],
      [3, 2],
    ] as const),
  );
  if (random.chance(0.07)) chosen.push(anyCondition(w, table, { hook: "postrouting" }));
  return chosen.map((one) => `${one} `).join("");
}

/** The client's connections get another source. */
function hideClient(w: NatWriter, table: NftTable, version: Version): string {
  const { random } = w;
  const ip = header(version);
  const word = familyWord(w, table, version);
  const source = anySource(random, w.on, version);
  const type = version === 4 ? "ipv4_addr" : "ipv6_addr";
  const tests = outwards(w, table, version);
  const tcp = /tcp/.test(tests) ? "" : "meta l4proto tcp ";
  const spellings = [
    `${tests}snat ${word}to ${source}${flags(w, 0.25)}`,
    `${tests}snat ${word}to ${source}`,
    `${tests}${tcp}snat ${word}to ${withPort(source, "40000-41000")}${flags(w, 0.25)}`,
    `${tests}snat ${ip} to ${ip} saddr map { ${clientOf(version)} : ${source} }`,
    `${tests}snat ${ip} to ${ip} saddr map { ${NETWORKS.client[version]} : ${source} }`,
    `${tests}snat ${ip} to ${ip} saddr map @${table.dataMap("sources", `${type} : ${type}`, `${clientOf(version)} : ${source}`)}`,
    `${tests}${tcp}snat to :40000-41000`,
    `${tests}snat ${word}to ${source}-${source}`,
    `${tests}snat ${ip} to oifname map { "${w.on === "gateway" ? w.nat.serverSide : "eth0"}" : ${source} }`,
    `${tests}snat ${ip} to ${ip} saddr map @${table.dataMap("nets", `${type} : ${type}; flags interval`, `${NETWORKS.client[version]} : ${source}`)}`,
  ];
  // The kernel refuses a range of ports behind an IPv6 address.
  if (version === 4) {
    spellings.push(
      `${tests}${tcp}snat ${ip} addr . port to ${ip} saddr map { ${clientOf(version)} : ${source} . 40000-41000 }`,
    );
  }
  if (w.on === "gateway") {
    const [low, high] = ELSEWHERE_RANGE[version];
    spellings.push(
      `${tests}snat ${word}to ${low}-${high}${flags(w, 0.25)}`,
      `${tests}snat ${ip} prefix to ${ip} saddr map { ${NETWORKS.client[version]} : ${NETWORKS.mapped[version]} }`,
      `${tests}snat ${ip} prefix to ${ip} saddr map { ${NETWORKS.client[version]} : ${NETWORKS.mapped[version]} }`,
      `${tests}snat ${ip} to ${ip} saddr map { ${NETWORKS.client[version]} : ${low}-${high} }`,
      `${tests}snat ${ip} interval to ${ip} saddr map { ${NETWORKS.client[version]} : ${low}-${high} }`,
      `${tests}snat ${ip} prefix to ${ip} saddr map { ${NETWORKS.client[version]} : ${NETWORKS.mapped[version]}, ${NETWORKS.server[version]} : ${NETWORKS.mapped[version]} }`,
    );
  }
  const masquerades = [
    `${tests}masquerade${flags(w, 0.2)}`,
    `${tests}masquerade`,
    `${tests}${tcp}masquerade to :40000-41000${flags(w, 0.2)}`,
    `${tests}${tcp}masquerade to :1024-65535${flags(w, 0.2)}`,
  ];
  return random.pick(random.chance(0.45) ? masquerades : spellings);
}

/** The server's connections get another source: the address that the client dials, if the author thought of it. */
function hideServer(w: NatWriter, table: NftTable, version: Version): string {
  const { random, on } = w;
  const ip = header(version);
  const word = familyWord(w, table, version);
  const own = on === "gateway" ? addressOf(w.nat.dialled, version) : random.pick(OWN[on][version]);
  const tests = random.pick([
    `oifname "${on === "gateway" ? "lan0" : "eth0"}" `,
    `${ip} saddr ${serverOf(version)} `,
    "tcp sport 20 ",
    `${ip} saddr ${NETWORKS.server[version]} tcp sport 20 `,
    `${ip} daddr ${clientOf(version)} `,
    "ct state related ",
  ]);
  const tcp = /tcp/.test(tests) ? "" : "meta l4proto tcp ";
  return random.one(
    `${tests}snat ${word}to ${own}`,
    `${tests}snat ${word}to ${own}`,
    `${tests}masquerade`,
    // Two connections cannot share one port.
    `${ip} saddr ${serverOf(version)} tcp sport 20 snat ${word}to ${withPort(own, "20-20")}`,
    `${tests}${tcp}snat ${word}to ${withPort(own, "1024-2047")}`,
    `${tests}${tcp}masquerade to :30000-30100`,
    `${tests}masquerade fully-random`,
  );
}

/** What a local process sees as the source of its peer. */
function inputSource(w: NatWriter, table: NftTable, version: Version): string {
  const { random } = w;
  const word = familyWord(w, table, version);
  const { serverPort } = w.nat;
  return random.one(
    `tcp dport ${serverPort} snat ${word}to ${ELSEWHERE[version]}`,
    `tcp dport ${PASSIVE} snat ${word}to ${ELSEWHERE[version]}`,
    `tcp dport ${serverPort} snat ${word}to ${withPort(clientOf(version), "40000-41000")}`,
    `${header(version)} saddr ${clientOf(version)} snat ${word}to ${ELSEWHERE[version]}`,
    `tcp dport 80 snat ${word}to ${ELSEWHERE[version]}`,
    `tcp sport 20 snat ${word}to ${ELSEWHERE[version]}`,
  );
}

function sourceBeside(w: NatWriter, table: NftTable, version: Version): string {
  const { random } = w;
  const word = familyWord(w, table, version);
  const ip = header(version);
  return random.one(
    "udp dport 53 masquerade",
    `tcp dport 80 snat ${word}to ${ELSEWHERE[version]}`,
    `${ip} saddr ${ELSEWHERE[version]} masquerade`,
    'oifname "ppp0" masquerade',
    "ct state established masquerade",
    `tcp dport ${PASSIVE} masquerade`,
    `tcp dport ${PASSIVE} snat ${word}to ${anySource(random, w.on === "gateway" ? "gateway" : "client", version)}`,
    `tcp sport ${PASSIVE} masquerade`,
  );
}
