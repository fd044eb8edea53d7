/**
 * The name of the file that holds the same firewall's rules for the other IP version, by the names that
 * distributions give such pairs: rules.v4 and rules.v6, iptables.rules and ip6tables.rules, /etc/sysconfig/iptables
 * and ip6tables, ufw's before.rules and before6.rules. Undefined for every other name.
 */
export function twinName(name: string): string | undefined {
  for (const [pattern, other] of PAIRS) if (pattern.test(name)) return name.replace(pattern, other);
  return undefined;
}

const PAIRS: readonly [RegExp, string][] = [
  [/\.v4$/, ".v6"],
  [/\.v6$/, ".v4"],
  [/^iptables(?=$|\.rules$|-save)/, "ip6tables"],
  [/^ip6tables(?=$|\.rules$|-save)/, "iptables"],
  [/^(?<stem>before|after|user)\.rules$/, "$<stem>6.rules"],
  [/^(?<stem>before|after|user)6\.rules$/, "$<stem>.rules"],
];
