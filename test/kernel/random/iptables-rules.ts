import {
  anyAddress,
  anyAddressRange,
  anyInterface,
  anyPort,
  anyPortRange,
  anyPrefix,
  PASSIVE,
  type Version,
} from "./facts.ts";
import { addressOf, anySource, clientOf, serverOf } from "./nat-scene.ts";
import type { Hook, NatWriter, Writer } from "./writer.ts";

/** Where an iptables rule stands. */
export interface IptablesSite {
  readonly table: string;
  readonly hook: Hook;
  readonly version: Version;
}

type Test = (w: Writer, site: IptablesSite) => string;

/** One random test, in one of iptables' spellings. */
export function anyTest(w: Writer, site: IptablesSite): string {
  if (w.undecidable && w.random.chance(0.25)) return undecidable(w, site);
  if (w.nat && w.random.chance(0.3)) return natTest({ ...w, nat: w.nat }, site);
  return w.random.weighted<Test>([
    [3, address],
    [4, ports],
    [2, flags],
    [2, networkInterface],
    [5, state],
    [3, connection],
    [1.5, marks],
    [1, helper],
    [1, addressType],
    [0.7, packetType],
    [0.7, comment],
    [site.version === 6 ? 0.7 : 0, neighbours],
  ])(w, site);
}

function not(w: Writer): string {
  return w.random.chance(0.3) ? "! " : "";
}

function address(w: Writer, { version }: IptablesSite): string {
  const { random } = w;
  const [low, high] = anyAddressRange(random, version);
  const end = random.pick(["src", "dst"]);
  return w.random.one(
    `${not(w)}${random.pick(["-s", "-d"])} ${anyAddress(random, version)}`,
    `${not(w)}${random.pick(["-s", "-d"])} ${anyPrefix(random, version)}`,
    `-m iprange ${not(w)}--${end}-range ${low}-${high}`,
  );
}

function ports(w: Writer): string {
  const { random } = w;
  const end = random.pick(["dport", "dport", "sport"]);
  const [low, high] = anyPortRange(random);
  return w.random.one(
    `-p tcp -m tcp ${not(w)}--${end} ${anyPort(random)}`,
    `-p tcp -m tcp ${not(w)}--${end} ${low}:${high}`,
    `-p 6 -m tcp --${end} ${anyPort(random)}`,
    `-p udp -m udp --${end} ${anyPort(random)}`,
    `-p tcp -m multiport ${not(w)}--${end}s ${random.pick([20, 21])},80,${PASSIVE}`,
    `-p tcp -m multiport ${not(w)}--${end}s 20:22,${low}:${high}`,
    `-p tcp -m multiport ${not(w)}--ports ${random.pick([20, 21, PASSIVE])}`,
    random.pick(["-p tcp", "! -p tcp", "! -p udp"]),
  );
}

function flags(w: Writer): string {
  return w.random.one(
    "-p tcp -m tcp --syn",
    "-p tcp -m tcp ! --syn",
    "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN",
    "-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK",
    "-p tcp -m tcp ! --tcp-flags SYN,RST SYN",
    "-p tcp -m tcp --tcp-flags ALL ACK",
    "-p tcp -m tcp --tcp-flags ACK NONE",
  );
}

function networkInterface(w: Writer, { hook }: IptablesSite): string {
  const { random } = w;
  const options = {
    input: ["-i"],
    prerouting: ["-i"],
    output: ["-o"],
    postrouting: ["-o"],
    forward: ["-i", "-o"],
    ingress: ["-i"],
    egress: ["-o"],
  };
  const name = random.chance(0.2) ? random.pick(["eth+", "lan+", "w+"]) : anyInterface(random, w.on);
  return `${not(w)}${random.pick(options[hook])} ${name}`;
}

function state(w: Writer): string {
  const { random } = w;
  const states = random.pick([
    "NEW",
    "ESTABLISHED",
    "RELATED",
    "RELATED,ESTABLISHED",
    "INVALID",
    "UNTRACKED",
    "NEW,RELATED",
    "INVALID,UNTRACKED",
  ]);
  return w.random.one(
    `-m state ${not(w)}--state ${states}`,
    `-m conntrack ${not(w)}--ctstate ${states}`,
    `-m conntrack ${not(w)}--ctstate ${states}`,
    `-m conntrack --ctstate ${states} ${connectionOption(w, 4, true)}`,
    `-m conntrack ${not(w)}--ctstate ${random.pick(["SNAT", "DNAT,NEW"])}`,
  );
}

function connection(w: Writer, { version }: IptablesSite): string {
  return `-m conntrack ${connectionOption(w, version, false)}`;
}

function connectionOption(w: Writer, version: Version, portable: boolean): string {
  const { random } = w;
  const [low, high] = anyPortRange(random);
  const spellings = [
    `--ctdir ${random.pick(["ORIGINAL", "REPLY"])}`,
    `${not(w)}--ctstatus ${random.pick(["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "EXPECTED,ASSURED", "NONE"])}`,
    `${not(w)}--ctproto ${random.pick(["tcp", "udp"])}`,
    `${not(w)}--ctorigdstport ${anyPort(random)}`,
    `--ctorigdstport ${low}:${high}`,
    `--ctorigsrcport ${random.pick(["1024:65535", "20", "45000:46999"])}`,
    `${not(w)}--ctreplsrcport ${anyPort(random)}`,
    `--ctrepldstport ${random.pick(["1024:65535", "20", "45000:46999"])}`,
  ];
  if (!portable) {
    const one = random.chance(0.5) ? anyAddress(random, version) : anyPrefix(random, version);
    spellings.push(`${not(w)}--ctorigsrc ${one}`, `${not(w)}--ctorigdst ${one}`);
    spellings.push(`--ctreplsrc ${one}`, `${not(w)}--ctrepldst ${one}`);
  }
  return w.random.one(...spellings);
}

/** What a packet or its connection looks like where an end of it was translated. */
function natTest(w: NatWriter, { version }: IptablesSite): string {
  const { random, nat } = w;
  const dialled = addressOf(nat.dialled, version);
  const source = anySource(random, "gateway", version);
  return random.one(
    `-m conntrack ${not(w)}--ctstate ${random.pick(["DNAT", "DNAT", "SNAT", "SNAT,DNAT", "NEW,DNAT"])}`,
    `-m conntrack ${not(w)}--ctorigdst ${dialled}`,
    `-m conntrack ${not(w)}--ctorigsrc ${clientOf(version)}`,
    `-m conntrack ${not(w)}--ctreplsrc ${serverOf(version)}`,
    `-m conntrack ${not(w)}--ctrepldst ${source}`,
    `-m conntrack ${not(w)}--ctorigdstport ${nat.dialledPort}`,
    `-m conntrack ${not(w)}--ctreplsrcport ${nat.serverPort}`,
    `-m conntrack --ctrepldstport ${random.pick(["45000:46999", "40000:41000"])}`,
    `-m conntrack --ctstate DNAT --ctorigdst ${dialled}`,
    `${not(w)}-d ${dialled}`,
    `${not(w)}-d ${serverOf(version)}`,
    `${not(w)}-s ${source}`,
    `-p tcp -m tcp ${not(w)}--dport ${nat.serverPort}`,
    `-p tcp -m tcp ${not(w)}--dport ${nat.dialledPort}`,
  );
}

function marks(w: Writer): string {
  const value = w.random.pick(["0x1", "0x2", "0x0", "0x1/0x1", "0x2/0x3"]);
  return w.random.one(`-m mark ${not(w)}--mark ${value}`, `-m connmark ${not(w)}--mark ${value}`);
}

function helper(w: Writer): string {
  return `-m helper ${not(w)}--helper ${w.random.pick(["ftp", "ftp", "ftp-2121", "sane"])}`;
}

function addressType(w: Writer, { hook, version }: IptablesSite): string {
  const types = w.random.pick([
    "LOCAL",
    "UNICAST",
    "MULTICAST",
    "LOCAL,MULTICAST",
    "BROADCAST",
    "UNICAST,LOCAL",
  ]);
  const safe = version === 6 && /BROADCAST/.test(types) ? "LOCAL" : types;
  const end = hook === "output" || hook === "postrouting" ? "src" : "dst";
  return `-m addrtype ${not(w)}--${end}-type ${safe}`;
}

function packetType(w: Writer): string {
  return `-m pkttype ${not(w)}--pkt-type ${w.random.pick(["unicast", "multicast", "broadcast"])}`;
}

function comment(): string {
  return '-m comment --comment "-j DROP --dport 21"';
}

function neighbours(w: Writer): string {
  return w.random.one(
    "-p ipv6-icmp -m icmp6 --icmpv6-type 135",
    "-p ipv6-icmp -m icmp6 ! --icmpv6-type 136",
    "-p ipv6-icmp -m hl --hl-eq 255",
  );
}

function undecidable(w: Writer, { hook, version }: IptablesSite): string {
  const spellings = [
    `-m limit --limit ${w.random.pick(["1/sec", "3/min --limit-burst 2"])}`,
    "-m recent --name seen --update --seconds 60 --hitcount 3",
    "-m recent --name seen --set",
    "-m hashlimit --hashlimit-upto 2/sec --hashlimit-name h --hashlimit-mode srcip",
    "-m statistic --mode nth --every 2 --packet 0",
    "-m time --timestart 00:00 --timestop 12:00",
    '-p tcp -m string --string "RETR" --algo bm',
    "-m length --length 60:1500",
    `-p tcp -m connlimit --connlimit-above 1 --connlimit-mask ${version === 4 ? 32 : 128}`,
    "-m connbytes --connbytes 4 --connbytes-dir original --connbytes-mode packets",
  ];
  if (hook === "output") spellings.push("-m owner --uid-owner 0");
  if (hook === "input") spellings.push("-m socket");
  const text = w.random.pick(spellings);
  return text;
}

/** Tests that agree with each other: one protocol, each option of iptables itself once. */
export function together(tests: readonly string[]): string {
  const kept: string[] = [];
  let protocol: string | undefined;
  for (const test of tests) {
    const own = /(?:! )?-p (\S+)/.exec(test)?.[0].replace("-p 6", "-p tcp");
    if (own !== undefined && protocol !== undefined && own !== protocol) continue;
    const clashes = ["-s ", "-d ", "-i ", "-o "].some(
      (option) => startsWith(test, option) && kept.some((one) => startsWith(one, option)),
    );
    const sameModule = /-m (\S+)/g;
    const modules = [...test.matchAll(sameModule)].map((found) => found[1]!);
    const again = modules.some((module) => kept.some((one) => one.includes(`-m ${module} `)));
    if (clashes || again) continue;
    kept.push(
      own !== undefined && protocol !== undefined ? test.replace(/(?:! )?-p \S+ ?/, "").trim() : test,
    );
    protocol ??= own;
  }
  return kept.filter((test) => test !== "").join(" ");
}

function startsWith(test: string, option: string): boolean {
  return test.startsWith(option) || test.startsWith(`! ${option}`);
}
