import { anyPort, filterHooks, PASSIVE, type Version } from "./facts.ts";
import { iptablesNatTable } from "./iptables-nat.ts";
import { anyTest, type IptablesSite, together } from "./iptables-rules.ts";
import { addressOf, type NatScene, serverOf, withPorts } from "./nat-scene.ts";
import type { Purpose } from "./nft-ruleset.ts";
import type { Hook, NatWriter, Writer } from "./writer.ts";

const BUILTIN: Readonly<Record<string, readonly Hook[]>> = {
  raw: ["prerouting", "output"],
  mangle: ["prerouting", "input", "forward", "output", "postrouting"],
  filter: ["input", "forward", "output"],
  security: ["input", "forward", "output"],
};

interface Chain {
  readonly name: string;
  readonly policy: string;
  readonly rules: string[];
}

/** What `iptables-restore` (version 4) or `ip6tables-restore` (6) loads: one to four tables. */
export function iptablesRuleset(w: Writer, version: Version): string {
  const { random } = w;
  const tables = ["filter"];
  if (random.chance(0.6)) tables.unshift("raw");
  if (random.chance(0.2)) tables.push("mangle");
  if (random.chance(0.08)) tables.push("security");
  return tables.map((table) => tableText(w, table, version)).join("");
}

/** The same with a table nat, or for addresses that are translated by another file. */
export function iptablesNatRuleset(w: NatWriter, version: Version, { translates, filters }: Purpose): string {
  const { random } = w;
  const tables = filters ? ["filter"] : [];
  if (random.chance(0.6)) tables.unshift("raw");
  if (random.chance(filters ? 0.2 : 0.08)) tables.push("mangle");
  const texts = tables.map((table) => tableText(w, table, version));
  if (translates) texts.splice(random.between(0, texts.length), 0, iptablesNatTable(w, version));
  return texts.join("");
}

function tableText(w: Writer, table: string, version: Version): string {
  const chains = BUILTIN[table]!.map(
    (hook): Chain => ({ name: hook.toUpperCase(), policy: "ACCEPT", rules: [] }),
  );
  const users: Chain[] = [];
  if (table === "filter") fillFilter(w, chains, users, version);
  else if (table === "raw") fillRaw(w, chains, version);
  else fillOther(w, table, chains, users, version);
  const all = [...chains, ...users];
  if (w.nat) seePorts(w, w.nat, table, all);
  const heads = all.map(({ name, policy }) => `:${name} ${policy} [0:0]\n`);
  const rules = all.flatMap((chain) => chain.rules.map((rule) => `-A ${chain.name} ${rule}\n`));
  return `*${table}\n${heads.join("")}${rules.join("")}COMMIT\n`;
}

/** Rules name the ports that packets have where the rule stands. */
function seePorts({ random }: Writer, nat: NatScene, table: string, chains: readonly Chain[]): void {
  for (const { name, rules } of chains) {
    const early = table === "raw" || (table === "mangle" && /PREROUTING|OUTPUT|prerouting|output/.test(name));
    for (const [i, rule] of rules.entries()) rules[i] = withPorts(random, nat, !early, rule);
  }
}

function replaceChain(chains: Chain[], name: string, chain: Partial<Chain>): Chain {
  const at = chains.findIndex((one) => one.name === name);
  const next = { ...chains[at]!, ...chain };
  chains[at] = next;
  return next;
}

function fillFilter(w: Writer, chains: Chain[], users: Chain[], version: Version): void {
  const { random } = w;
  for (const hook of filterHooks(w.on)) {
    if (hook !== "forward" && random.chance(hook === "input" ? 0.08 : 0.45)) continue;
    const deny = random.chance(0.68);
    const chain = replaceChain(chains, hook.toUpperCase(), deny ? { policy: "DROP" } : {});
    const site: IptablesSite = { table: "filter", hook, version };
    const rules = deny ? wanted(w, version) : [];
    const targets = userChains(w, site, users, rules, chain.name);
    if (!deny && random.chance(0.6))
      rules.push(`${dataTest(w)} -j ${random.pick(["DROP", "DROP", "REJECT"])}`);
    const [least, most] = w.nat ? [0, deny ? 2 : 3] : [deny ? 0 : 1, deny ? 3 : 5];
    for (let n = random.between(least, most); n > 0; n--) {
      rules.splice(random.between(0, rules.length), 0, anyRule(w, site, targets));
    }
    if (deny && random.chance(0.1)) rules.push("-j REJECT");
    chain.rules.push(...rules);
  }
  if (w.nat && w.on === "gateway" && random.chance(0.12)) {
    const own = replaceChain(chains, "INPUT", { policy: "DROP" });
    own.rules.push(established(w));
    if (version === 6) own.rules.push("-p ipv6-icmp -j ACCEPT");
  }
}

function wanted(w: Writer, version: Version): string[] {
  const { random } = w;
  const icmp: [number, string] = [version === 6 ? 0.95 : 0, neighbours(w)];
  const spellings: [number, string][] = [
    [0.95, established(w)],
    icmp,
    [0.97, w.nat && random.chance(0.5) ? translatedControl({ ...w, nat: w.nat }, version) : control(w)],
    [w.nat ? 0.5 : 0.35, related(w)],
    [0.25, dataPorts(w)],
  ];
  const rules = spellings.filter(([probability]) => random.chance(probability)).map(([, rule]) => rule);
  if (random.chance(0.15)) rules.reverse();
  return rules;
}

function established(w: Writer): string {
  return w.random.one(
    "-m conntrack --ctstate ESTABLISHED -j ACCEPT",
    "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-m state --state ESTABLISHED,RELATED -j ACCEPT",
    "-m state --state ESTABLISHED -j ACCEPT",
    "-m conntrack --ctstatus SEEN_REPLY -j ACCEPT",
    "-m conntrack --ctstate ESTABLISHED,RELATED --ctdir REPLY -j ACCEPT",
  );
}

function neighbours(w: Writer): string {
  return w.random.one(
    "-p ipv6-icmp -j ACCEPT",
    "-p ipv6-icmp -m icmp6 --icmpv6-type neighbour-solicitation -j ACCEPT",
    "-p icmpv6 -m hl --hl-eq 255 -j ACCEPT",
    "-p ipv6-icmp -j ACCEPT",
    "-p ipv6-icmp -m conntrack --ctstate UNTRACKED -j ACCEPT",
  );
}

function control(w: Writer): string {
  return w.random.one(
    "-p tcp -m tcp --dport 21 -j ACCEPT",
    "-p tcp --dport ftp -j ACCEPT",
    "-p tcp -m multiport --dports 20,21,22 -j ACCEPT",
    "-p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT",
    "-p tcp --dport 21 --syn -j ACCEPT",
    "-p tcp --dport 20:21 -m state --state NEW,ESTABLISHED -j ACCEPT",
    "-p tcp -m conntrack --ctorigdstport 21 --ctstate NEW -j ACCEPT",
  );
}

/** Lets the login in by what NAT has made of it. */
function translatedControl({ random, nat, on }: NatWriter, version: Version): string {
  const dialled = addressOf(nat.dialled, version);
  const spellings = [
    "-p tcp -m tcp --dport 21 -j ACCEPT",
    "-m conntrack --ctstate DNAT -j ACCEPT",
    "-p tcp -m tcp --dport 21 -m conntrack --ctstate DNAT -j ACCEPT",
    `-d ${serverOf(version)} -p tcp -m tcp --dport 21 -j ACCEPT`,
    `-m conntrack --ctorigdst ${dialled} -j ACCEPT`,
    `-p tcp -m conntrack --ctorigdst ${dialled} --ctorigdstport ${nat.dialledPort} -j ACCEPT`,
    `-p tcp -m conntrack --ctstate NEW --ctorigdstport ${nat.dialledPort} -j ACCEPT`,
  ];
  if (on === "gateway")
    spellings.push(`-i lan0 -o ${nat.serverSide} -j ACCEPT`, "-i lan0 -p tcp -m tcp --dport 21 -j ACCEPT");
  return random.pick(spellings);
}

function related(w: Writer): string {
  return w.random.one(
    "-m conntrack --ctstate RELATED -j ACCEPT",
    "-m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT",
    "-m helper --helper ftp -j ACCEPT",
    "-m conntrack --ctstatus EXPECTED -j ACCEPT",
    "-p tcp --dport 1024: -m state --state RELATED -j ACCEPT",
  );
}

function dataPorts(w: Writer): string {
  return w.random.one(
    "-p tcp --dport 50000:50100 -j ACCEPT",
    "-p tcp --dport 40000:40100 -j ACCEPT",
    "-p tcp --sport 20 -j ACCEPT",
    "-p tcp --sport 1024: --dport 1024: -j ACCEPT",
    `-p tcp -m multiport --dports 443,${PASSIVE} -j ACCEPT`,
    `-p tcp -m multiport --ports ${anyPort(w.random)},990 -j ACCEPT`,
  );
}

function userChains(w: Writer, site: IptablesSite, users: Chain[], rules: string[], stem: string): string[] {
  const { random } = w;
  const count = random.weighted([
    [5, 0],
    [3, 1],
    [2, 2],
    [2, 3],
  ]);
  const names = Array.from({ length: count }, (_, i) => `${stem.toLowerCase()}-${i}`);
  for (const [i, name] of names.entries()) {
    const chain: Chain = { name, policy: "-", rules: [] };
    users.push(chain);
    const later = names.slice(i + 1);
    for (let n = random.between(1, 3); n > 0; n--) chain.rules.push(anyRule(w, site, later));
    if (random.chance(0.4) && rules.length > 1) {
      const from = random.between(0, rules.length - 2);
      const moved = rules.splice(from, random.between(1, 2)).filter((rule) => !/-[jg] [a-z]/.test(rule));
      chain.rules.splice(random.chance(0.5) ? 0 : chain.rules.length, 0, ...moved);
      const test = random.chance(0.5) ? "" : `${together([anyTest(w, site)])} `;
      rules.splice(from, 0, `${test}${random.chance(0.8) ? "-j" : "-g"} ${name}`);
    }
  }
  return names;
}

function anyRule(w: Writer, site: IptablesSite, targets: readonly string[]): string {
  const { random } = w;
  const tests: string[] = [];
  for (
    let count = random.weighted([
      [5, 1],
      [4, 2],
      [1, 3],
    ]);
    count > 0;
    count--
  )
    tests.push(anyTest(w, site));
  const what = verdict(w, site, targets);
  if (random.chance(/DROP|REJECT|RETURN|-g/.test(what) ? 0.78 : 0.15)) tests.unshift(dataTest(w));
  const rule = together(tests);
  if (random.chance(0.22)) return `${rule} ${sideEffect(w, site, rule)}`;
  return `${rule} ${what.startsWith("-j REJECT") ? `${what}${rejectWith(w, site.version, rule)}` : what}`;
}

function verdict(w: Writer, { table }: IptablesSite, targets: readonly string[]): string {
  const { random } = w;
  const kinds: (readonly [number, () => string])[] = [
    [30, () => "-j ACCEPT"],
    [18, () => "-j DROP"],
    [8, () => "-j RETURN"],
    [2, () => '-j LOG --log-prefix "x "'],
  ];
  if (table === "filter") kinds.push([8, () => "-j REJECT"]);
  if (targets.length > 0) {
    kinds.push([14, () => `-j ${random.pick(targets)}`]);
    kinds.push([6, () => `-g ${random.pick(targets)}`]);
  }
  return random.weighted(kinds)();
}

/** A test that the data connection meets and the login does not. */
function dataTest(w: Writer): string {
  return w.random.one(
    `-p tcp -m tcp --dport ${PASSIVE}`,
    `-p tcp -m tcp --sport ${PASSIVE}`,
    "-p tcp -m tcp --sport 20",
    "-p tcp -m tcp --dport 20",
    // Two negated ports of one "-m tcp" are one comparison in iptables-nft before 1.8.11: not both at once.
    "-p tcp -m tcp ! --dport 21 -m multiport ! --sports 21",
    "-p tcp -m tcp --dport 1024: -m conntrack --ctstate NEW,RELATED",
    "-m conntrack --ctstate RELATED",
    "-m conntrack --ctstatus EXPECTED",
    "-m helper --helper ftp",
    "-m conntrack --ctorigdstport 50000:50100",
    "-p tcp -m conntrack --ctorigsrcport 20",
  );
}

function rejectWith(w: Writer, version: Version, rule: string): string {
  const types =
    version === 4
      ? ["icmp-host-prohibited", "icmp-host-unreachable", "icmp-port-unreachable"]
      : ["icmp6-adm-prohibited", "icmp6-addr-unreachable"];
  const options = ["", "", ...types.map((type) => ` --reject-with ${type}`)];
  if (/(^|[^!] )-p tcp/.test(rule)) options.push(" --reject-with tcp-reset", " --reject-with tcp-reset");
  return w.random.pick(options);
}

function sideEffect(w: Writer, { table }: IptablesSite, rule: string): string {
  const value = w.random.pick(["0x1", "0x2", "0x3"]);
  if (table === "raw") return w.random.one("-j CT --notrack", "-j NOTRACK", ...helperTarget(rule));
  // Only table mangle has the targets that change marks (iptables-extensions(8)); the kernel takes them elsewhere, too.
  if (table !== "mangle" && w.random.chance(0.3)) return "-j LOG";
  return w.random.one(
    `-j MARK --set-mark ${value}`,
    `-j MARK --set-xmark ${value}/0x3`,
    `-j MARK --or-mark ${value}`,
    "-j MARK --and-mark 0x1",
    `-j CONNMARK --set-mark ${value}`,
    `-j CONNMARK --set-xmark ${value}/0x3`,
    "-j CONNMARK --save-mark",
    "-j CONNMARK --save-mark --nfmask 0x1 --ctmask 0x3",
    "-j CONNMARK --restore-mark",
    "-j CONNMARK --restore-mark --nfmask 0x3 --ctmask 0x1",
  );
}

function helperTarget(rule: string): string[] {
  return /(^|[^!] )-p (tcp|6)\b/.test(rule) ? ["-j CT --helper ftp", "-j CT --helper ftp"] : [];
}

function fillRaw(w: Writer, chains: Chain[], version: Version): void {
  const { random } = w;
  const right = w.on === "client" ? "OUTPUT" : "PREROUTING";
  const name = random.chance(0.85) ? right : random.pick(["OUTPUT", "PREROUTING"]);
  const chain = replaceChain(chains, name, {});
  const hook = name.toLowerCase() as Hook;
  const site: IptablesSite = { table: "raw", hook, version };
  if (random.chance(0.3)) chain.rules.push(anyRule(w, site, []));
  if (random.chance(0.15)) chain.rules.push("-p tcp --dport 21 -j CT");
  if (random.chance(0.85)) {
    chain.rules.push(
      w.random.one(
        "-p tcp -m tcp --dport 21 -j CT --helper ftp",
        "-p tcp --dport 21 -j CT --helper ftp",
        "-p tcp -m multiport --dports 20,21 -j CT --helper ftp",
        "-p tcp -j CT --helper ftp",
        "-p tcp --dport 21 -m conntrack --ctstate NEW -j CT --helper ftp",
        "-p tcp --dport 21 -m helper --helper ftp -j CT --helper ftp",
      ),
    );
  }
  if (random.chance(0.25)) chain.rules.push(anyRule(w, site, []));
}

/** Tables mangle and security: marks, and now and then a verdict. */
function fillOther(w: Writer, table: string, chains: Chain[], users: Chain[], version: Version): void {
  const { random } = w;
  const own = filterHooks(w.on).map((hook) => hook.toUpperCase());
  const possible = table === "mangle" ? [...own, "PREROUTING", "POSTROUTING"] : own;
  for (const name of random.some(possible, random.between(1, 2))) {
    const chain = replaceChain(chains, name, random.chance(0.1) ? { policy: "DROP" } : {});
    const site: IptablesSite = { table, hook: name.toLowerCase() as Hook, version };
    if (chain.policy === "DROP") chain.rules.push(control(w), established(w));
    const targets = userChains(w, site, users, chain.rules, `${table}-${name}`);
    for (let n = random.between(1, 3); n > 0; n--) chain.rules.push(anyRule(w, site, targets));
  }
}
