import type { Version } from "../random/facts.ts";
import { filterHooks } from "../random/facts.ts";
import {
  CLIENT_PARTS,
  CLIENT_RANGES,
  DISJOINT_PARTS,
  disjointRanges,
  portRange,
  type Splits,
  type Way,
  waysOf,
} from "./splits.ts";

/** One nft table whose rules tell clients and ports apart. */
export function nftSplits(s: Splits): string {
  return new Table(s).text();
}

const HELPER = '  ct helper ftp-std {\n    type "ftp" protocol tcp\n  }\n';

/** Without it most rules that stop something stop the login. One test: of two negated ports nft 1.0 makes another. */
const NOT_CONTROL = "meta l4proto tcp ct original proto-dst != 21";

class Table {
  readonly #s: Splits;
  readonly #objects: string[] = [];
  readonly #chains: string[] = [];

  constructor(s: Splits) {
    this.#s = s;
    if (s.random.chance(0.6)) this.#helperChain();
    for (const hook of filterHooks(s.on)) {
      if (hook === "output" && s.on !== "client" && s.random.chance(0.5)) continue;
      if (hook === "input" && s.on === "client" && s.random.chance(0.2)) continue;
      this.#filterChain(hook);
    }
  }

  text(): string {
    return `table inet splits {\n${[...this.#objects, ...this.#chains].join("\n")}}\n`;
  }

  #chain(name: string, lines: readonly string[]): void {
    this.#chains.push(`  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join("")}  }\n`);
  }

  #declare(kind: string, type: string, elements: readonly string[]): string {
    const name = `${kind}${this.#objects.length}`;
    const body = `    type ${type}\n    flags interval\n    elements = { ${elements.join(", ")} }\n`;
    this.#objects.push(`  ${kind} ${name} {\n${body}  }\n`);
    return `@${name}`;
  }

  #helperChain(): void {
    const { random, on } = this.#s;
    this.#objects.push(HELPER);
    const hook = on === "client" ? "output" : "prerouting";
    const who = random.chance(0.25) ? `${this.#clients("up", random.pick([4, 6]))} ` : "";
    this.#chain("helpers", [
      `type filter hook ${hook} priority -150; policy accept;`,
      `${who}tcp dport 21 ct helper set "ftp-std"`,
    ]);
  }

  #filterChain(hook: "input" | "output" | "forward"): void {
    const { random, on } = this.#s;
    const deny = random.chance(0.7);
    const ways = waysOf(on, hook);
    const rules = deny ? this.#wanted(ways) : [];
    const name = `${hook}_sub`;
    const sub = random.chance(0.4);
    if (sub) {
      this.#chain(
        name,
        Array.from({ length: random.between(1, 3) }, () => this.#rule(random.pick(ways), deny)),
      );
    }
    for (let count = random.between(2, 5); count > 0; count--) {
      const at = deny && random.chance(0.6) ? rules.length : random.between(0, rules.length);
      const way = random.pick(ways);
      const rule =
        sub && random.chance(0.3)
          ? `${this.#test(way)} ${random.pick(["jump", "jump", "goto"])} ${name}`
          : this.#rule(way, deny && random.chance(0.7));
      rules.splice(at, 0, rule);
    }
    this.#chain(hook, [
      `type filter hook ${hook} priority filter; policy ${deny ? "drop" : "accept"};`,
      ...rules,
    ]);
  }

  /** What a default deny lets in besides the ranges. */
  #wanted(ways: readonly Way[]): string[] {
    const { random } = this.#s;
    const rules = [
      random.one(
        "ct state established accept",
        "ct state established,related accept",
        "ct state established,related accept",
        "ct state { established, related } accept",
        `ct state established accept\n    ct state related ${this.#test(random.pick(ways))} accept`,
      ),
    ];
    rules.push(
      random.one(
        "meta l4proto ipv6-icmp accept",
        "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept",
      ),
    );
    if (ways.includes("up")) {
      const some = random.chance(0.3);
      for (const version of [4, 6] as const) {
        if (some) rules.push(`${this.#clients("up", version)} tcp dport 21 accept`);
      }
      if (!some) rules.push("tcp dport 21 accept");
    }
    return rules;
  }

  #rule(way: Way, accepts: boolean): string {
    const { random } = this.#s;
    if (random.chance(0.25)) return this.#verdictMap(way);
    const end = accepts ? "accept" : random.one("drop", "drop", "drop", "reject", "return");
    const spared = accepts || random.chance(0.3) ? "" : `${NOT_CONTROL} `;
    return `${spared}${this.#test(way)} ${random.chance(0.1) ? "counter " : ""}${end}`;
  }

  /** A test of who and where to; a default deny's accept is little without one of them. */
  #test(way: Way): string {
    const { random } = this.#s;
    const version = random.pick([4, 6] as const);
    const parts: string[] = [];
    const state = random.weighted([
      [6, ""],
      [1, "ct state new"],
      [1, "ct state related"],
      [0.5, "ct state != established"],
      [0.5, 'ct helper "ftp"'],
    ] as const);
    if (state !== "") parts.push(state);
    const kind = random.weighted([
      [5, "ports"],
      [3, "both"],
      [2, "concatenation"],
      [1, "two ports"],
      [1, "clients"],
    ] as const);
    if (kind === "clients" || kind === "both") parts.push(this.#clients(way, version));
    if (kind === "clients") parts.push(NOT_CONTROL);
    if (kind === "ports" || kind === "both") parts.push(this.#ports(this.#end(way)));
    if (kind === "two ports") parts.push(this.#ports("sport"), this.#ports("dport"));
    if (kind === "concatenation") parts.push(this.#concatenation(way, version));
    return parts.join(" ");
  }

  /** Mostly the server's port of the data connection, sometimes the client's. */
  #end(way: Way): "sport" | "dport" {
    return this.#s.random.chance(0.7) === (way === "up") ? "dport" : "sport";
  }

  #clients(way: Way, version: Version): string {
    const { random } = this.#s;
    const key = `${version === 4 ? "ip" : "ip6"} ${way === "up" ? "saddr" : "daddr"}`;
    const [low, high] = random.pick(CLIENT_RANGES[version]);
    const some = random.some(DISJOINT_PARTS[version], random.between(1, 3));
    const not = random.chance(0.2) ? "!= " : "";
    if (random.chance(0.08)) {
      return version === 4
        ? `${key} & 0.0.0.128 == 0.0.0.${random.pick([0, 128])}`
        : `${key} & ::f00 == ::${random.pick([0, 100, 200])}`;
    }
    return `${key} ${not}${random.one(
      random.pick(CLIENT_PARTS[version]),
      random.pick(CLIENT_PARTS[version]),
      `${low}-${high}`,
      `{ ${some.join(", ")} }`,
      random.chance(0.5)
        ? this.#declare("set", version === 4 ? "ipv4_addr" : "ipv6_addr", some)
        : `{ ${some.join(", ")} }`,
    )}`;
  }

  #ports(end: "sport" | "dport"): string {
    const { random } = this.#s;
    const key = random.one(`tcp ${end}`, `tcp ${end}`, `tcp ${end}`, `meta l4proto tcp th ${end}`);
    const [low, high] = portRange(this.#s);
    const range = low === high ? String(low) : `${low}-${high}`;
    const ranges = this.#ranges();
    if (random.chance(0.12)) return `${key} ${random.pick(["<", ">", "<=", ">="])} ${low}`;
    if (random.chance(0.06)) return `${key} & 0xf000 == ${random.pick(["0xc000", "0x3000", "0xe000"])}`;
    if (random.chance(0.1)) return `${key} ${random.pick(["20", "1024-65535", "45000-46999"])}`;
    const not = random.chance(0.2) ? "!= " : "";
    return `${key} ${not}${random.one(
      range,
      range,
      `{ ${ranges.join(", ")} }`,
      random.chance(0.5) ? this.#declare("set", "inet_service", ranges) : `{ ${ranges.join(", ")} }`,
    )}`;
  }

  #ranges(): string[] {
    return disjointRanges(this.#s).map(([low, high]) => (low === high ? String(low) : `${low}-${high}`));
  }

  #pairs(version: Version): string[] {
    const { random } = this.#s;
    const ranges = this.#ranges();
    return random
      .some(DISJOINT_PARTS[version], random.between(2, 4))
      .map((part) => `${part} . ${random.pick(ranges)}`);
  }

  #concatenationKey(way: Way, version: Version): string {
    const address = `${version === 4 ? "ip" : "ip6"} ${way === "up" ? "saddr" : "daddr"}`;
    return `${address} . tcp ${this.#end(way)}`;
  }

  #concatenation(way: Way, version: Version): string {
    const { random } = this.#s;
    const pairs = this.#pairs(version);
    const not = random.chance(0.15) ? "!= " : "";
    const named = random.chance(0.4);
    const type = `${version === 4 ? "ipv4_addr" : "ipv6_addr"} . inet_service`;
    const set = named ? this.#declare("set", type, pairs) : `{ ${pairs.join(", ")} }`;
    return `${this.#concatenationKey(way, version)} ${not}${set}`;
  }

  #verdictMap(way: Way): string {
    const { random } = this.#s;
    const verdict = () => random.one("accept", "accept", "drop", "return", "continue");
    const version = random.pick([4, 6] as const);
    const [key, type, keys] = random.one<[string, string, string[]]>(
      [`tcp ${this.#end(way)}`, "inet_service", this.#ranges()],
      [
        this.#concatenationKey(way, version),
        `${version === 4 ? "ipv4_addr" : "ipv6_addr"} . inet_service`,
        this.#pairs(version),
      ],
    );
    const elements = keys.map((one) => `${one} : ${verdict()}`);
    if (random.chance(0.4)) return `${key} vmap ${this.#declare("map", `${type} : verdict`, elements)}`;
    return `${key} vmap { ${elements.join(", ")} }`;
  }
}
