import type { RulesetFile } from "../rig/ruleset-loader.ts";
import {
  type Accepted,
  type Family,
  type Firewall,
  families,
  type NatRule,
  type Translation,
} from "./description.ts";

/** A file for each IP version, as iptables-save and ip6tables-save write them. */
export function asIptables(firewall: Firewall): RulesetFile[] {
  return families.map((family) => ({
    kind: family === "ipv4" ? "iptables-save" : "ip6tables-save",
    text: `${[...rawTable(firewall), ...natTable(firewall.nat, family), ...filterTable(firewall, family)].join("\n")}\n`,
  }));
}

function rawTable({ helper }: Firewall): string[] {
  if (!helper) return [];
  if (helper.hook !== "prerouting" && helper.hook !== "output")
    throw new Error("table raw has no such chain");
  return [
    "*raw",
    ":PREROUTING ACCEPT [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    `-A ${helper.hook.toUpperCase()} -p tcp -m tcp --dport ${helper.port} -j CT --helper ftp`,
    "COMMIT",
  ];
}

function natTable(rules: readonly NatRule[], family: Family): string[] {
  if (rules.length === 0) return [];
  return [
    "*nat",
    ":PREROUTING ACCEPT [0:0]",
    ":INPUT ACCEPT [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    ":POSTROUTING ACCEPT [0:0]",
    ...rules.map((rule) => natRule(rule, family)),
    "COMMIT",
  ];
}

function natRule(rule: NatRule, family: Family): string {
  const { becomes } = rule;
  const needsProtocol = rule.port === undefined && "ports" in becomes && becomes.ports !== undefined;
  return words(
    `-A ${rule.hook.toUpperCase()}`,
    rule.source && `-s ${rule.source[family]}`,
    rule.destination && `-d ${rule.destination[family]}`,
    rule.in && `-i ${rule.in}`,
    rule.out && `-o ${rule.out}`,
    rule.port && `-p tcp -m tcp --dport ${rule.port.replace("-", ":")}`,
    needsProtocol && "-p tcp",
    rule.translated && "-m conntrack --ctstate DNAT",
    rule.local && "-m addrtype --dst-type LOCAL",
    translation(becomes, rule.hook, family),
  );
}

function translation(becomes: Translation, hook: NatRule["hook"], family: Family): string {
  switch (becomes.kind) {
    case "masquerade":
      return words(
        "-j MASQUERADE",
        becomes.ports && `--to-ports ${becomes.ports}`,
        becomes.random && "--random",
      );
    case "redirect":
      return `-j REDIRECT --to-ports ${becomes.ports}`;
    case "snat":
      return `-j SNAT --to-source ${target(becomes, family)}`;
    case "dnat":
      return `-j DNAT --to-destination ${target(becomes, family)}`;
    case "netmap":
      return `${hook === "postrouting" ? "-s" : "-d"} ${becomes.from[family]} -j NETMAP --to ${becomes.to[family]}`;
    case "written":
      throw new Error("iptables has no such rule");
  }
}

/** An IPv6 address with a port has brackets. */
function target(becomes: Extract<Translation, { kind: "snat" | "dnat" }>, family: Family): string {
  const address = becomes.address?.[family] ?? "";
  if (becomes.ports === undefined) return address;
  const base = becomes.base === undefined ? "" : `/${becomes.base}`;
  return `${family === "ipv6" && address !== "" ? `[${address}]` : address}:${becomes.ports}${base}`;
}

function filterTable({ filter }: Firewall, family: Family): string[] {
  if (!filter) return [];
  const chain = filter.hook.toUpperCase();
  const policy = (name: string) => `:${name} ${name === chain ? "DROP" : "ACCEPT"} [0:0]`;
  return [
    "*filter",
    ...["INPUT", "FORWARD", "OUTPUT"].map(policy),
    ...(family === "ipv6" && chain === "INPUT" ? ["-A INPUT -p ipv6-icmp -j ACCEPT"] : []),
    ...filter.accepts.map((accepted) => `-A ${chain} ${acceptOptions(accepted, family)} -j ACCEPT`),
    "COMMIT",
  ];
}

function acceptOptions(accepted: Accepted, family: Family): string {
  if (accepted === "translated") return "-m conntrack --ctstate DNAT";
  if (typeof accepted === "string") return `-m conntrack --ctstate ${accepted.toUpperCase()}`;
  if ("originalPort" in accepted) return `-p tcp -m conntrack --ctorigdstport ${accepted.originalPort}`;
  const { destination, ports } = accepted;
  return words(
    destination && `-d ${destination[family]}`,
    accepted.in && `-i ${accepted.in}`,
    ports && `-p tcp -m multiport --dports ${ports.map((port) => port.replace("-", ":")).join(",")}`,
  );
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}
