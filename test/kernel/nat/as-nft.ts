import type { RulesetFile } from "../rig/ruleset-loader.ts";
import {
  type Accepted,
  type Family,
  type Firewall,
  families,
  type HelperRule,
  type NatRule,
  type Translation,
} from "./description.ts";

/** Translation in a table for each IP version, as the addresses are; the rest in one table for both. */
export function asNft(firewall: Firewall): RulesetFile[] {
  const lines = [...families.flatMap((family) => natTable(firewall.nat, family)), ...filterTable(firewall)];
  return [{ kind: "nft", text: `${lines.join("\n")}\n` }];
}

const priorities = { prerouting: "dstnat", output: "-100", postrouting: "srcnat", input: "100" } as const;

function natTable(rules: readonly NatRule[], family: Family): string[] {
  if (rules.length === 0) return [];
  const hooks = [...new Set(rules.map(({ hook }) => hook))];
  const chains = hooks.flatMap((hook) => [
    `  chain ${hook} {`,
    `    type nat hook ${hook} priority ${priorities[hook]}; policy accept;`,
    ...rules.filter((rule) => rule.hook === hook).map((rule) => `    ${natRule(rule, family)}`),
    "  }",
  ]);
  const needs = rules.flatMap(({ becomes }) =>
    becomes.kind === "written" && becomes.needs ? [`  ${becomes.needs[family]}`] : [],
  );
  return [`table ${keyword(family)} nat {`, ...needs, ...chains, "}"];
}

function natRule(rule: NatRule, family: Family): string {
  const { becomes } = rule;
  if (becomes.kind === "written") return becomes[family];
  const ip = keyword(family);
  const needsProtocol = rule.port === undefined && "ports" in becomes && becomes.ports !== undefined;
  return words(
    rule.in && `iifname "${rule.in}"`,
    rule.out && `oifname "${rule.out}"`,
    rule.source && `${ip} saddr ${rule.source[family]}`,
    rule.destination && `${ip} daddr ${rule.destination[family]}`,
    rule.translated && "ct status dnat",
    rule.local && "fib daddr type local",
    rule.port && `tcp dport ${rule.port}`,
    needsProtocol && "meta l4proto tcp",
    translation(becomes, rule.hook, family),
  );
}

function translation(
  becomes: Exclude<Translation, { kind: "written" }>,
  hook: NatRule["hook"],
  family: Family,
): string {
  switch (becomes.kind) {
    case "masquerade":
      return words("masquerade", becomes.ports && `to :${becomes.ports}`, becomes.random && "random");
    case "redirect":
      return `redirect to :${becomes.ports}`;
    case "snat":
    case "dnat":
      return `${becomes.kind} to ${target(becomes.address?.[family] ?? "", becomes.ports, family)}`;
    case "netmap": {
      const { from, to } = becomes;
      const source = hook === "postrouting";
      return `${keyword(family)} ${source ? "saddr" : "daddr"} ${from[family]} ${source ? "snat" : "dnat"} prefix to ${to[family]}`;
    }
  }
}

/** An IPv6 address with a port has brackets. */
function target(address: string, ports: string | undefined, family: Family): string {
  if (ports === undefined) return address;
  return `${family === "ipv6" && address !== "" ? `[${address}]` : address}:${ports}`;
}

function filterTable({ helper, filter }: Firewall): string[] {
  if (!helper && !filter) return [];
  const lines = ["table inet fw {"];
  if (helper) {
    const own = filter?.hook !== helper.hook;
    lines.push('  ct helper ftp-std { type "ftp" protocol tcp; }');
    if (own) {
      lines.push(
        "  chain helpers {",
        `    type filter hook ${helper.hook} priority ${helper.priority ?? -150}; policy accept;`,
        `    ${assignment(helper)}`,
        "  }",
      );
    }
  }
  if (filter) {
    lines.push(
      `  chain ${filter.hook} {`,
      `    type filter hook ${filter.hook} priority filter; policy drop;`,
      ...(helper?.hook === filter.hook ? [`    ${assignment(helper)}`] : []),
      ...(filter.hook === "input"
        ? ["    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"]
        : []),
      ...filter.accepts.flatMap((accepted) => acceptLines(accepted).map((line) => `    ${line} accept`)),
      "  }",
    );
  }
  return [...lines, "}"];
}

function assignment({ port, originally }: HelperRule): string {
  const test = originally ? `meta l4proto tcp ct original proto-dst ${port}` : `tcp dport ${port}`;
  return `${test} ct helper set "ftp-std"`;
}

function acceptLines(accepted: Accepted): string[] {
  if (accepted === "translated") return ["ct status dnat"];
  if (typeof accepted === "string") return [`ct state ${accepted}`];
  if ("originalPort" in accepted) return [`meta l4proto tcp ct original proto-dst ${accepted.originalPort}`];
  const { destination, ports } = accepted;
  const rest = (address?: string) =>
    words(accepted.in && `iifname "${accepted.in}"`, address, ports && `tcp dport { ${ports.join(", ")} }`);
  if (!destination) return [rest()];
  return families.map((family) => rest(`${keyword(family)} daddr ${destination[family]}`));
}

function keyword(family: Family): string {
  return family === "ipv4" ? "ip" : "ip6";
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
