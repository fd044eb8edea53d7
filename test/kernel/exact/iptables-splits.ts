import { filterHooks, type Version } from "../random/facts.ts";
import {
  CLIENT_PARTS,
  CLIENT_RANGES,
  disjointRanges,
  portRange,
  type Splits,
  type Way,
  waysOf,
} from "./splits.ts";

/** What `iptables-restore` (version 4) or `ip6tables-restore` (6) loads: rules that tell clients and ports apart. */
export function iptablesSplits(s: Splits, version: Version): string {
  const { random, on } = s;
  const policies: Record<string, string> = { INPUT: "ACCEPT", FORWARD: "ACCEPT", OUTPUT: "ACCEPT" };
  const rules: string[] = [];
  for (const hook of filterHooks(on)) {
    if (hook === "output" && on !== "client" && random.chance(0.5)) continue;
    if (hook === "input" && on === "client" && random.chance(0.2)) continue;
    const chain = hook.toUpperCase();
    const deny = random.chance(0.7);
    if (deny) policies[chain] = "DROP";
    rules.push(...chainRules(s, hook, version, deny).map((rule) => `-A ${chain} ${rule}`));
  }
  const sub = Array.from(
    { length: random.between(1, 3) },
    () => `-A sub ${rule(s, "up", version, random.chance(0.6))}`,
  );
  const heads = Object.entries(policies).map(([name, policy]) => `:${name} ${policy} [0:0]`);
  return `${helperTable(s, version)}*filter\n${[...heads, ":sub - [0:0]", ...rules, ...sub].join("\n")}\nCOMMIT\n`;
}

function helperTable(s: Splits, version: Version): string {
  const { random, on } = s;
  if (random.chance(0.4)) return "";
  const chain = on === "client" ? "OUTPUT" : "PREROUTING";
  const who = random.chance(0.25) ? `${clients(s, "up", version)} ` : "";
  return `*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A ${chain} ${who}-p tcp --dport 21 -j CT --helper ftp\nCOMMIT\n`;
}

function chainRules(
  s: Splits,
  hook: "input" | "output" | "forward",
  version: Version,
  deny: boolean,
): string[] {
  const { random } = s;
  const ways = waysOf(s.on, hook);
  const rules: string[] = [];
  if (deny) {
    const states = random.one("ESTABLISHED", "RELATED,ESTABLISHED", "RELATED,ESTABLISHED");
    rules.push(`-m conntrack --ctstate ${states} -j ACCEPT`);
    if (version === 6) rules.push("-p ipv6-icmp -j ACCEPT");
    const who = random.chance(0.3) ? `${clients(s, "up", version)} ` : "";
    if (ways.includes("up")) rules.push(`${who}-p tcp --dport 21 -j ACCEPT`);
  }
  for (let count = random.between(2, 5); count > 0; count--) {
    const at = deny && random.chance(0.6) ? rules.length : random.between(0, rules.length);
    const way = random.pick(ways);
    const jumps = way === "up" && random.chance(0.2);
    const made = jumps
      ? `${tests(s, way, version)} -${random.pick(["j", "j", "g"])} sub`
      : rule(s, way, version, deny && random.chance(0.7));
    rules.splice(at, 0, made);
  }
  return rules;
}

function rule(s: Splits, way: Way, version: Version, accepts: boolean): string {
  const target = accepts ? "ACCEPT" : s.random.one("DROP", "DROP", "DROP", "REJECT", "RETURN");
  // Without it most rules that stop something stop the login.
  const spared = accepts || s.random.chance(0.3) ? "" : " -m multiport ! --ports 21";
  return `${tests(s, way, version)}${spared} -j ${target}`;
}

function tests(s: Splits, way: Way, version: Version): string {
  const { random } = s;
  const parts: string[] = [];
  const who = random.chance(0.45);
  if (who) parts.push(clients(s, way, version));
  parts.push("-p tcp");
  if (who && random.chance(0.25)) parts.push("-m multiport ! --ports 21");
  else parts.push(...ports(s, way));
  if (random.chance(0.25))
    parts.push(`-m conntrack --ctstate ${random.one("NEW", "RELATED", "NEW,RELATED")}`);
  return parts.join(" ");
}

function clients(s: Splits, way: Way, version: Version): string {
  const { random } = s;
  const not = random.chance(0.2) ? "! " : "";
  if (random.chance(0.3)) {
    const [low, high] = random.pick(CLIENT_RANGES[version]);
    return `-m iprange ${not}--${way === "up" ? "src" : "dst"}-range ${low}-${high}`;
  }
  return `${not}-${way === "up" ? "s" : "d"} ${random.pick(CLIENT_PARTS[version])}`;
}

function ports(s: Splits, way: Way): string[] {
  const { random } = s;
  const not = random.chance(0.2) ? "! " : "";
  const end = random.chance(0.7) === (way === "up") ? "dport" : "sport";
  const many = disjointRanges(s).map(([low, high]) => (low === high ? String(low) : `${low}:${high}`));
  const [low, high] = portRange(s);
  return random.one(
    [`${not}--${end} ${low}:${high}`],
    [`${not}--${end} ${low}:${high}`],
    [`${not}--${end} ${random.one(`${low}:`, `:${high}`, String(low))}`],
    [`-m multiport ${not}--${end}s ${many.slice(0, 7).join(",")}`],
    [`-m multiport ${not}--ports ${many.slice(0, 7).join(",")}`],
    [`--sport ${low}:${high}`, `--dport ${portRange(s).join(":")}`],
  );
}
