import { PASSIVE, type Version } from "./facts.ts";
import { anyTest, together } from "./iptables-rules.ts";
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
import type { Hook, NatWriter } from "./writer.ts";

type NatHook = "prerouting" | "input" | "output" | "postrouting";

/** The table nat of one version. */
export function iptablesNatTable(w: NatWriter, version: Version): string {
  const { random } = w;
  const heads: string[] = [];
  const lines: string[] = [];
  for (const hook of ["prerouting", "input", "output", "postrouting"] as const) {
    const chain = hook.toUpperCase();
    heads.push(`:${chain} ACCEPT [0:0]`);
    const rules = rulesOf(w, hook, version);
    if (random.chance(0.08)) rules.reverse();
    const passing = random.weighted([
      [6, 0],
      [3, 1],
      [1, 2],
    ] as const);
    for (let n = rules.length > 0 ? passing : 0; n > 0; n--) {
      rules.splice(random.between(0, rules.length), 0, passingRule(w, hook, version));
    }
    if (rules.length > 1 && random.chance(0.25)) {
      const name = `${hook}-more`;
      heads.push(`:${name} - [0:0]`);
      const moved = rules.splice(random.between(0, rules.length - 2), random.between(1, 2));
      lines.push(...moved.map((rule) => `-A ${name} ${rule}`));
      const test = random.chance(0.5) ? `${together([anyTest(w, { table: "nat", hook, version })])} ` : "";
      const jump = `${test}${random.chance(0.75) ? "-j" : "-g"} ${name}`;
      rules.splice(random.between(0, rules.length), 0, jump);
    }
    lines.push(...rules.map((rule) => `-A ${chain} ${rule}`));
  }
  return `*nat\n${[...heads, ...lines].map((line) => `${line}\n`).join("")}COMMIT\n`;
}

function rulesOf(w: NatWriter, hook: NatHook, version: Version): string[] {
  const { random, on } = w;
  switch (hook) {
    case "prerouting":
      return on === "client" && random.chance(0.7) ? [] : destinationRules(w, hook, version);
    case "output":
      return on === "client" || random.chance(0.12) ? destinationRules(w, hook, version) : [];
    case "input":
      return random.chance(on === "server" ? 0.3 : 0.08) ? [inputSource(w, version)] : [];
    case "postrouting":
      return sourceRules(w, version);
  }
}

function passingRule(w: NatWriter, hook: Hook, version: Version): string {
  const { random } = w;
  const verdict = random.weighted([
    [5, "-j ACCEPT"],
    [5, "-j RETURN"],
    [1, '-j LOG --log-prefix "x "'],
    [1, "-j MARK --set-mark 0x1"],
    [1, "-j CONNMARK --set-mark 0x2"],
  ] as const);
  const ports = [
    `-p tcp -m tcp --dport ${PASSIVE}`,
    "-p tcp -m tcp --sport 20",
    "-p tcp -m tcp --dport 1024:",
    "-p tcp -m multiport --dports 22,80",
    "-p udp -m udp --dport 53",
  ];
  const test = random.chance(0.5)
    ? random.pick(ports)
    : together([anyTest(w, { table: "nat", hook, version })]);
  return `${test} ${verdict}`;
}

function withPort(address: string, port: number | string): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function option(w: NatWriter, probability: number, ...options: readonly string[]): string {
  return w.random.chance(probability) ? ` ${w.random.pick(options)}` : "";
}

// Destinations

function destinationRules(w: NatWriter, hook: NatHook, version: Version): string[] {
  const { random } = w;
  const rules: string[] = [];
  const dialled = addressOf(w.nat.dialled, version);
  const { dialledPort, serverPort } = w.nat;
  const isNeeded = !isServer(dialled) || dialledPort !== serverPort;
  if (random.chance(isNeeded ? 0.95 : 0.2)) rules.push(publish(w, hook, version));
  if (random.chance(isNeeded ? 0.45 : 0.25)) rules.push(publishData(w, hook, version));
  if (random.chance(0.12)) rules.push(activeData(w, version));
  if (random.chance(0.3)) rules.splice(random.between(0, rules.length), 0, beside(w, version));
  return rules;
}

function towards(w: NatWriter, hook: NatHook, version: Version): string[] {
  const { random } = w;
  const dialled = addressOf(w.nat.dialled, version);
  const spellings = [
    `-d ${dialled}`,
    `-d ${dialled}`,
    `-s ${clientOf(version)}`,
    `-s ${NETWORKS.client[version]}`,
    `-m iprange --dst-range ${dialled}-${dialled}`,
    "-m conntrack --ctstate NEW",
    "-m state --state NEW",
    "-m conntrack --ctdir ORIGINAL",
    `-m conntrack --ctorigdst ${dialled}`,
    "-m mark --mark 0x0",
  ];
  if (isGateway(dialled)) spellings.push("-m addrtype --dst-type LOCAL", "-m addrtype --dst-type LOCAL");
  if (hook === "prerouting") {
    spellings.push(`-i ${w.on === "gateway" ? "lan0" : "eth0"}`, "! -i wan0", "! -i lo");
  } else spellings.push("-o eth0");
  if (!isServer(dialled)) spellings.push(`! -d ${serverOf(version)}`);
  const chosen = random.some(
    spellings,
    random.weighted([
      [3, 0],
      [5, 1],
      [2, 2],
    ] as const),
  );
  if (random.chance(0.07)) chosen.push(anyTest(w, { table: "nat", hook, version }));
  return chosen;
}

/** A rule's tests and its target; the port comes first, so that it is the one that stays. */
function rule(port: string, tests: readonly string[], target: string): string {
  return `${together([port, ...tests].filter((one) => one !== ""))} ${target}`.trim();
}

function publish(w: NatWriter, hook: NatHook, version: Version): string {
  const { random, on } = w;
  const { dialledPort: from, serverPort: to } = w.nat;
  const server = serverOf(version);
  const dialled = addressOf(w.nat.dialled, version);
  const tests = towards(w, hook, version);
  const port = random.pick([
    `-p tcp -m tcp --dport ${from}`,
    `-p tcp -m tcp --dport ${from}`,
    `-p tcp -m multiport --dports ${from},990`,
    `-p tcp -m tcp --dport ${from} --syn`,
    `-p tcp --dport ${from === 21 ? "ftp" : from}`,
  ]);
  const dnat = "-j DNAT --to-destination";
  const flags = option(w, 0.15, "--random", "--persistent");
  const targets = [
    `${dnat} ${withPort(server, to)}${flags}`,
    `${dnat} ${withPort(server, to)}${flags}`,
    `${dnat} ${withPort(server, `${to}-${to}`)}`,
  ];
  if (from === to || to === 21) {
    targets.push(
      `${dnat} ${withPort(server, from === to ? `${to - 1}-${to + 1}` : "21-22")}${option(w, 0.05, "--random")}`,
    );
  }
  if (from === 2121 && to === 21 && random.chance(0.5)) {
    return rule("-p tcp -m tcp --dport 2100:2199", tests, `${dnat} ${withPort(server, "20-29/2120")}`);
  }
  if (isServer(dialled)) targets.push(`${dnat} :${to}`, `${dnat} :${to}`);
  if (on === "server") {
    const redirect = `-j REDIRECT --to-ports ${to}${option(w, 0.1, "--random")}`;
    targets.push(redirect, redirect, redirect);
  }
  if (from === to) {
    const plain = [
      `${dnat} ${server}${flags}`,
      `${dnat} ${server}`,
      `${dnat} ${server}-${server}`,
      `-j NETMAP --to ${server}`,
      `-j NETMAP --to ${server}/${version === 4 ? 32 : 128}`,
    ];
    const port2 = random.pick([port, `-p tcp -m multiport --dports ${from},50000:50100`, "-p tcp", ""]);
    if (/^-p tcp$|^$/.test(port2)) {
      const whole = random.pick([
        `${dnat} ${server}`,
        `-j NETMAP --to ${server}`,
        `-j NETMAP --to ${NETWORKS.server[version]}`,
      ]);
      return rule(port2, [`-d ${dialled}`, ...tests.filter((one) => !/-d /.test(one))], whole);
    }
    targets.push(...plain, ...plain);
    return rule(port2, tests, random.pick(targets));
  }
  return rule(port, tests, random.pick(targets));
}

function publishData(w: NatWriter, hook: NatHook, version: Version): string {
  const { random } = w;
  const server = serverOf(version);
  const range = "-p tcp -m tcp --dport 50000:50100";
  const one = `-p tcp -m tcp --dport ${PASSIVE}`;
  const dnat = "-j DNAT --to-destination";
  const [port, target] = random.pick([
    [range, `${dnat} ${server}`],
    [range, `${dnat} ${server}`],
    [one, `${dnat} ${withPort(server, PASSIVE)}`],
    ["-p tcp -m tcp --dport 1024:", `${dnat} ${server}`],
    [range, `${dnat} ${withPort(server, "50000-50100")}`],
    [range, `${dnat} ${withPort(server, "50000-50100/50000")}`],
    [range, `${dnat} ${withPort(server, "50001-50101/50000")}`],
    [`-p tcp -m multiport --dports 20,${PASSIVE}`, `${dnat} ${server}`],
    [range, `${dnat} ${withPort(server, PASSIVE)}`],
    [one, `${dnat} ${withPort(server, PASSIVE + 1)}`],
    [one, `${dnat} ${ELSEWHERE[version]}`],
    [range, "-j REDIRECT"],
    [`${range} -m conntrack --ctstate RELATED`, `${dnat} ${server}`],
    ["-p tcp -m tcp ! --dport 21", `${dnat} ${server}`],
    [one, `-j NETMAP --to ${server}`],
  ] as const);
  return rule(port, towards(w, hook, version), target);
}

function activeData(w: NatWriter, version: Version): string {
  const client = clientOf(version);
  const server = serverOf(version);
  const dnat = "-j DNAT --to-destination";
  return w.random.one(
    `-s ${server} -p tcp -m tcp --sport 20 ${dnat} ${client}`,
    `-p tcp -m tcp --sport 20 ${dnat} ${client}`,
    `-p tcp -m tcp --sport 20 ${dnat} ${withPort(client, "45000-46999")}`,
    `-s ${server} -p tcp -m tcp --dport 45000:46999 ${dnat} ${client}`,
    `-p tcp -m tcp --sport 20 ${dnat} ${withPort(client, "1024-1030")}`,
    `-s ${server} -p tcp -m tcp --sport 20 ${dnat} ${ELSEWHERE[version]}`,
    `-d ${client} -p tcp -m tcp --sport 20 --dport 1024: -j REDIRECT`,
  );
}

function beside(w: NatWriter, version: Version): string {
  const server = serverOf(version);
  const elsewhere = ELSEWHERE[version];
  return w.random.one(
    `-p tcp -m tcp --dport 80 -j DNAT --to-destination ${withPort(server, 8080)}`,
    `-p udp -m udp --dport 53 -j DNAT --to-destination ${server}`,
    "-p tcp -m tcp --dport 22 -j REDIRECT --to-ports 2222",
    `-p tcp -m multiport --dports 80,443 -j DNAT --to-destination ${elsewhere}`,
    `-d ${elsewhere} -j DNAT --to-destination ${server}`,
    `-s ${elsewhere} -p tcp -m tcp --dport 21 -j REDIRECT --to-ports 2121`,
    "-p tcp -m tcp --dport 20 -j REDIRECT --to-ports 21",
    "-p tcp -m tcp --dport 21 -m conntrack --ctstate ESTABLISHED -j REDIRECT --to-ports 2121",
    `-d ${NETWORKS.mapped[version]} -j NETMAP --to ${NETWORKS.server[version]}`,
  );
}

// Sources

function sourceRules(w: NatWriter, version: Version): string[] {
  const { random, on } = w;
  const rules: string[] = [];
  if (on !== "server" && random.chance(0.65)) rules.push(hideClient(w, version));
  if (on === "server" ? random.chance(0.6) : random.chance(0.25)) rules.push(hideServer(w, version));
  if (random.chance(0.15)) rules.splice(random.between(0, rules.length), 0, sourceBeside(w, version));
  return rules;
}

function outwards(w: NatWriter, version: Version): string[] {
  const { random, on } = w;
  const out = on === "gateway" ? w.nat.serverSide : "eth0";
  const dialled = addressOf(w.nat.dialled, version);
  const spellings = [
    `-o ${out}`,
    `-o ${out}`,
    "! -o lan0",
    "! -o lo",
    `-s ${NETWORKS.client[version]}`,
    `-s ${clientOf(version)}`,
    `-d ${NETWORKS.server[version]}`,
    `-d ${serverOf(version)}`,
    `! -d ${NETWORKS.client[version]}`,
    `-m conntrack --ctorigdst ${dialled}`,
    `-m conntrack --ctorigdstport ${w.nat.dialledPort}`,
    "-m conntrack --ctstate DNAT",
    "-m conntrack --ctstate NEW",
    "-m conntrack ! --ctstate DNAT",
    "-m mark --mark 0x0",
    `-p tcp -m tcp --dport ${w.nat.serverPort}`,
    `-p tcp -m multiport --dports ${w.nat.serverPort},${PASSIVE}`,
    "-p tcp -m tcp --dport 1024:",
    "-p tcp",
  ];
  const chosen = random.some(
    spellings,
    random.weighted([
      [1, 0],
      [6, 1],
      [3, 2],
    ] as const),
  );
  if (random.chance(0.07)) chosen.push(anyTest(w, { table: "nat", hook: "postrouting", version }));
  return chosen;
}

function hideClient(w: NatWriter, version: Version): string {
  const { random } = w;
  const source = anySource(random, w.on, version);
  const tests = outwards(w, version);
  const snat = "-j SNAT --to-source";
  const tcp = tests.some((one) => one.startsWith("-p tcp")) ? "" : "-p tcp";
  const spellings = [
    rule("", tests, `${snat} ${source}${option(w, 0.25, "--random", "--persistent", "--random-fully")}`),
    rule("", tests, `${snat} ${source}`),
    rule(tcp, tests, `${snat} ${withPort(source, "40000-41000")}${option(w, 0.25, "--random")}`),
    rule("", tests, `${snat} ${source}-${source}`),
  ];
  spellings.push(rule(tcp, tests, `${snat} :40000-41000`));
  if (w.on === "gateway") {
    const [low, high] = ELSEWHERE_RANGE[version];
    const netmap = rule("", tests, `-j NETMAP --to ${NETWORKS.mapped[version]}`);
    spellings.push(
      rule("", tests, `${snat} ${low}-${high}${option(w, 0.25, "--persistent")}`),
      netmap,
      netmap,
    );
  }
  const masquerades = [
    rule("", tests, `-j MASQUERADE${option(w, 0.25, "--random", "--random-fully")}`),
    rule("", tests, "-j MASQUERADE"),
    rule(tcp, tests, `-j MASQUERADE --to-ports 40000-41000${option(w, 0.2, "--random")}`),
    rule(tcp, tests, "-j MASQUERADE --to-ports 1024-65535"),
  ];
  return random.pick(random.chance(0.45) ? masquerades : spellings);
}

function hideServer(w: NatWriter, version: Version): string {
  const { random, on } = w;
  const own = on === "gateway" ? addressOf(w.nat.dialled, version) : random.pick(OWN[on][version]);
  const server = serverOf(version);
  const tests = [
    random.pick([
      `-o ${on === "gateway" ? "lan0" : "eth0"}`,
      `-s ${server}`,
      "-p tcp -m tcp --sport 20",
      `-s ${NETWORKS.server[version]} -p tcp -m tcp --sport 20`,
      `-d ${clientOf(version)}`,
      "-m conntrack --ctstate RELATED",
    ]),
  ];
  const tcp = tests[0]!.includes("-p tcp") ? "" : "-p tcp";
  const snat = "-j SNAT --to-source";
  return random.one(
    rule("", tests, `${snat} ${own}`),
    rule("", tests, `${snat} ${own}`),
    rule("", tests, "-j MASQUERADE"),
    // Two connections cannot share one port.
    `-s ${server} -p tcp -m tcp --sport 20 ${snat} ${withPort(own, "20-20")}`,
    rule(tcp, tests, `${snat} ${withPort(own, "1024-2047")}`),
    rule(tcp, tests, "-j MASQUERADE --to-ports 30000-30100"),
    rule("", tests, "-j MASQUERADE --random"),
  );
}

function inputSource(w: NatWriter, version: Version): string {
  const { serverPort } = w.nat;
  const snat = "-j SNAT --to-source";
  return w.random.one(
    `-p tcp -m tcp --dport ${serverPort} ${snat} ${ELSEWHERE[version]}`,
    `-p tcp -m tcp --dport ${PASSIVE} ${snat} ${ELSEWHERE[version]}`,
    `-p tcp -m tcp --dport ${serverPort} ${snat} ${withPort(clientOf(version), "40000-41000")}`,
    `-s ${clientOf(version)} ${snat} ${ELSEWHERE[version]}`,
    `-p tcp -m tcp --dport 80 ${snat} ${ELSEWHERE[version]}`,
    `-p tcp -m tcp --sport 20 ${snat} ${ELSEWHERE[version]}`,
  );
}

function sourceBeside(w: NatWriter, version: Version): string {
  const { random } = w;
  const elsewhere = ELSEWHERE[version];
  return random.one(
    "-p udp -m udp --dport 53 -j MASQUERADE",
    `-p tcp -m tcp --dport 80 -j SNAT --to-source ${elsewhere}`,
    `-s ${elsewhere} -j MASQUERADE`,
    "-o ppp0 -j MASQUERADE",
    "-m conntrack --ctstate ESTABLISHED -j MASQUERADE",
    `-p tcp -m tcp --dport ${PASSIVE} -j MASQUERADE`,
    `-p tcp -m tcp --dport ${PASSIVE} -j SNAT --to-source ${anySource(random, w.on === "gateway" ? "gateway" : "client", version)}`,
    `-p tcp -m tcp --sport ${PASSIVE} -j MASQUERADE`,
  );
}
