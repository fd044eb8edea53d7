import type { Scope } from "./scope.ts";
import { argument, literal } from "./values.ts";

/** Commands for the firewall. */

const BUILT_IN = ["INPUT", "FORWARD", "OUTPUT"];

/** A command that adds or takes away, as one line. */
export function firewallCommand(scope: Scope): string {
  return scope.random.weighted<() => string>([
    [14, () => rule(scope, "-A")],
    [3, () => rule(scope, scope.random.chance(0.5) ? "-I" : "--append")],
    [2, () => natRule(scope)],
    [2, () => ensured(scope)],
    [2, () => newChain(scope)],
    [1, () => `${tool(scope)} -P ${scope.random.pick(BUILT_IN)} ${scope.random.pick(["DROP", "ACCEPT"])}`],
    [
      1,
      () => `${tool(scope)} -D ${specification(scope)} 2>/dev/null${scope.random.chance(0.5) ? " || :" : ""}`,
    ],
    [1, () => `${tool(scope)} -F ${scope.random.pick(BUILT_IN)}`],
    [1, () => addedAgain(scope)],
    [1, () => nftCommand(scope)],
  ])();
}

/** The program as it is called. */
function tool(scope: Scope): string {
  const { random } = scope;
  return random.weighted<() => string>([
    [8, () => "$IPT"],
    [6, () => "iptables"],
    [1, () => "/sbin/iptables"],
    [1, () => "sudo iptables"],
    [1, () => "iptables -w"],
    [1, () => '"$IPT"'],
    [1, () => "command iptables"],
    [2, () => "run iptables"],
  ])();
}

function rule(scope: Scope, command: string): string {
  return `${tool(scope)} ${command} ${specification(scope)}`;
}

/** A chain with matches and a target. */
export function specification(scope: Scope): string {
  const { random } = scope;
  const chain =
    random.chance(0.25) && scope.chains.length > 0 ? random.pick(scope.chains) : random.pick(BUILT_IN);
  const matches = [
    random.chance(0.3) ? `-s ${argument(scope, "net")}` : "",
    random.chance(0.15) ? `-d ${argument(scope, "net")}` : "",
    random.chance(0.25) && chain !== "OUTPUT" ? `-i ${argument(scope, "interface")}` : "",
    ports(scope),
    random.chance(0.15) ? `-m conntrack --ctstate ${random.pick(["NEW", "ESTABLISHED,RELATED"])}` : "",
    random.chance(0.2) ? `-m comment --comment ${argument(scope, "words")}` : "",
    target(scope),
  ];
  return `${chain} ${matches.filter((match) => match !== "").join(" ")}`;
}

function ports(scope: Scope): string {
  const { random } = scope;
  return random.weighted<() => string>([
    [6, () => `-p ${argument(scope, "protocol")} --dport ${argument(scope, "port")}`],
    [1, () => `-p tcp --sport ${argument(scope, "port")}`],
    [1, () => `-p tcp --dport ${argument(scope, "port")}:65535`],
    [2, () => `-p tcp -m multiport --dports ${argument(scope, "commas")}`],
    [1, () => "-p icmp"],
    [2, () => ""],
  ])();
}

function target(scope: Scope): string {
  const { random } = scope;
  return random.weighted<() => string>([
    [10, () => "-j ACCEPT"],
    [5, () => "-j DROP"],
    [1, () => "-j RETURN"],
    [1, () => "-j REJECT"],
    [1, () => `-j LOG --log-prefix "${literal(scope, "words")}: "`],
    [1, () => `-j "$TARGET"`],
  ])();
}

function natRule(scope: Scope): string {
  const { random } = scope;
  return random.one(
    () =>
      `$IPT -t nat -A POSTROUTING -s ${argument(scope, "net")} -o ${literal(scope, "interface")} -j MASQUERADE`,
    () =>
      `iptables -A PREROUTING -t nat -p tcp --dport ${argument(scope, "port")} -j REDIRECT --to-ports 2121`,
    () =>
      `$IPT -t nat -A PREROUTING -p tcp --dport ${argument(scope, "port")} -j DNAT --to-destination 10.0.0.2:${literal(scope, "port")}`,
    () => `ip6tables -A INPUT -p tcp --dport ${argument(scope, "port")} -j ACCEPT`,
  )();
}

function ensured(scope: Scope): string {
  const what = specification(scope);
  return scope.random.chance(0.6)
    ? `iptables -C ${what} 2>/dev/null || iptables -A ${what}`
    : `if ! $IPT -C ${what} 2>/dev/null; then $IPT -I ${what}; fi`;
}

function newChain(scope: Scope): string {
  const { random, chains } = scope;
  if (chains.length > 0 && random.chance(0.4)) {
    const chain = random.pick(chains);
    return random.pick([
      `$IPT -N ${chain} 2>/dev/null || $IPT -F ${chain}`,
      `iptables -A INPUT -j ${chain}`,
      `iptables -F ${chain} 2>/dev/null`,
      `iptables -nL ${chain} >/dev/null 2>&1 || iptables -N ${chain}`,
    ]);
  }
  const chain = scope.fresh("chain", "LOG_", "svc-");
  if (scope.depth === 0) chains.push(chain);
  // Together, so that a condition before it concerns both.
  return `{ $IPT -N ${chain} && $IPT -A ${chain} ${ports(scope)} ${target(scope)}; }`;
}

/** A rule and its deletion, and another in its place. */
function addedAgain(scope: Scope): string {
  const what = specification(scope);
  return `iptables -A ${what}; iptables -D ${what}; iptables -A ${what}`;
}

function nftCommand(scope: Scope): string {
  const { random } = scope;
  const port = argument(scope, "port");
  return random.one(
    () => `nft add rule inet fw in tcp dport ${port} accept`,
    () => `nft "add rule inet fw in tcp dport $(echo ${port}) counter drop"`,
    () => `nft insert rule inet fw in iifname '"lo"' accept`,
    () => `nft add rule inet fw in ip saddr ${argument(scope, "net")} accept`,
  )();
}
