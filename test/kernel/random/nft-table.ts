import { anyAddress, anyPort, CLIENT, PASSIVE, SERVER, type Version } from "./facts.ts";
import type { Hook, Writer } from "./writer.ts";

export type NftFamily = "ip" | "ip6" | "inet" | "netdev" | "bridge" | "arp";

export interface NftChain {
  readonly name: string;
  /** `type filter hook input priority filter; policy drop;` for a base chain. */
  readonly head?: string;
  readonly rules: string[];
}

/** One table of a generated ruleset: sets, maps and helpers are declared when a rule first wants them. */
export class NftTable {
  readonly family: NftFamily;
  readonly name: string;
  readonly chains: NftChain[] = [];
  dormant = false;
  readonly #objects = new Map<string, string>();

  constructor(family: NftFamily, name: string) {
    this.family = family;
    this.name = name;
  }

  #declare(kind: string, name: string, body: string): string {
    this.#objects.set(name, `  ${kind} ${name} {\n${body}\n  }`);
    return name;
  }

  #freeName(stem: string): string {
    return `${stem}${this.#objects.size}`;
  }

  addressSet(w: Writer, version: Version): string {
    const type = version === 4 ? "ipv4_addr" : "ipv6_addr";
    const elements = w.random.some(
      [anyAddress(w.random, version), version === 4 ? "192.0.2.99" : "2001:db8::99"],
      2,
    );
    if (w.random.chance(0.3)) {
      const key = version === 4 ? "ip saddr" : "ip6 saddr";
      const lasting = w.random.chance(0.5) ? "; flags timeout; timeout 1h" : "";
      return this.#declare(
        "set",
        this.#freeName("hosts"),
        `    typeof ${key}${lasting}\n    elements = { ${unique(elements)} }`,
      );
    }
    if (w.random.chance(0.2)) {
      const net = w.random.pick(version === 4 ? ["10.1.0.0/24", "10.2.0.0/16"] : ["fd01::/64", "fd02::/16"]);
      return this.#declare(
        "set",
        this.#freeName("hosts"),
        `    type ${type}; flags interval;\n    elements = { ${net} }`,
      );
    }
    if (w.undecidable && w.random.chance(0.2)) {
      return this.#declare(
        "set",
        this.#freeName("seen"),
        `    type ${type}; size 1024; flags dynamic, timeout; timeout 1m`,
      );
    }
    return this.#declare(
      "set",
      this.#freeName("hosts"),
      `    type ${type};\n    elements = { ${unique(elements)} }`,
    );
  }

  addressSetOf(version: Version, addresses: readonly string[]): string {
    const type = version === 4 ? "ipv4_addr" : "ipv6_addr";
    const body = `    type ${type};\n    elements = { ${unique(addresses)} }`;
    return this.#declare("set", this.#freeName("hosts"), body);
  }

  portSetOf(ports: readonly number[]): string {
    const body = `    type inet_service;\n    elements = { ${unique(ports)} }`;
    return this.#declare("set", this.#freeName("ports"), body);
  }

  portSet(w: Writer): string {
    if (w.random.chance(0.4)) {
      const range = w.random.pick(["20-21", "1024-65535", "50000-50100", "1-1023"]);
      const body = `    type inet_service; flags interval;\n    elements = { ${range} }`;
      return this.#declare("set", this.#freeName("ports"), body);
    }
    const ports = [anyPort(w.random), 8443];
    return this.#declare(
      "set",
      this.#freeName("ports"),
      `    type inet_service;\n    elements = { ${unique(ports)} }`,
    );
  }

  pairSet(w: Writer, version: Version): string {
    const type = version === 4 ? "ipv4_addr" : "ipv6_addr";
    const elements = w.random.some(
      [
        `${CLIENT[version]} . 21`,
        `${CLIENT[version]} . ${PASSIVE}`,
        `${SERVER[version]} . 20`,
        `${SERVER[version]} . 21`,
      ],
      2,
    );
    const body = `    type ${type} . inet_service;\n    elements = { ${elements.join(", ")} }`;
    return this.#declare("set", this.#freeName("pairs"), body);
  }

  /** A verdict map of ports; `verdicts` by port. */
  verdictMap(type: string, entries: readonly (readonly [key: string, verdict: string])[]): string {
    const elements = entries.map(([key, verdict]) => `${key} : ${verdict}`).join(", ");
    return this.#declare(
      "map",
      this.#freeName("verdicts"),
      `    type ${type} : verdict;\n    elements = { ${elements} }`,
    );
  }

  /** A map from what a packet has to data; `type` is that of the keys and that of the data. */
  dataMap(stem: string, type: string, elements: string): string {
    const body = `    type ${type};\n    elements = { ${elements} }`;
    return this.#declare("map", this.#freeName(stem), body);
  }

  markMap(): string {
    return this.#declare(
      "map",
      this.#freeName("marks"),
      `    type inet_service : mark;\n    elements = { 21 : 1, ${PASSIVE} : 2 }`,
    );
  }

  /** A helper object; for one family only now and then. */
  helper(w: Writer): string {
    const l3proto =
      this.family === "inet" && w.random.chance(0.2) ? ` l3proto ${w.random.pick(["ip", "ip6"])};` : "";
    if (w.random.chance(0.08)) {
      return this.#declare("ct helper", "other-std", `    type "sane" protocol tcp;`);
    }
    return this.#declare(
      "ct helper",
      `ftp-std${l3proto === "" ? "" : "-one"}`,
      `    type "ftp" protocol tcp;${l3proto}`,
    );
  }

  /** Writes every set and map anew. */
  respellObjects(respell: (text: string) => string): void {
    for (const [name, text] of this.#objects) this.#objects.set(name, respell(text));
  }

  chain(name: string, head?: string): NftChain {
    const chain: NftChain = { name, head, rules: [] };
    this.chains.push(chain);
    return chain;
  }

  text(): string {
    const used = this.chains.flatMap(({ rules }) => rules).join("\n");
    // Spellings that were not chosen have declared theirs, too.
    const objects = [...this.#objects].flatMap(([name, text]) =>
      used.includes(`@${name}`) || used.includes(`"${name}"`) ? [text] : [],
    );
    const chains = this.chains.map(({ name, head, rules }) => {
      const lines = [...(head === undefined ? [] : [head]), ...rules];
      return `  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join("")}  }`;
    });
    const dormant = this.dormant ? ["  flags dormant;"] : [];
    return `table ${this.family} ${this.name} {\n${[...dormant, ...objects, ...chains].join("\n")}\n}\n`;
  }
}

export function baseHead(
  type: string,
  hook: Hook,
  priority: string,
  policy: "accept" | "drop",
  device?: string,
): string {
  const on = device === undefined ? "" : ` device "${device}"`;
  return `type ${type} hook ${hook}${on} priority ${priority}; policy ${policy};`;
}

function unique(items: readonly (string | number)[]): string {
  return [...new Set(items)].join(", ");
}
