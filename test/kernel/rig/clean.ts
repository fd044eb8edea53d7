// Shell lines that leave nothing of one trial for the next. Each runs inside a namespace and has to succeed.

/** Unsent data of dead sessions would be picked up as new connections by the next ruleset. */
export const endConnections = "ss -t -K state connected >/dev/null";

export const forgetConnections = "conntrack -F 2>/dev/null";

/** Rules of both worlds: those of iptables-legacy live beside nftables' and survive `nft flush ruleset`. */
export const flushRules: readonly string[] = [
  "nft flush ruleset",
  ...flushLegacy("iptables-legacy", "/proc/net/ip_tables_names"),
  ...flushLegacy("ip6tables-legacy", "/proc/net/ip6_tables_names"),
];

/** Neighbours (a warm cache hides that a ruleset forgets neighbour discovery) and the MTU of paths. */
export const forgetPaths: readonly string[] = [
  "ip neigh flush all 2>/dev/null",
  "echo 1 > /proc/sys/net/ipv4/route/flush",
  "echo 1 > /proc/sys/net/ipv6/route/flush",
];

/** `names` lists the tables that exist; merely asking the tool would make them. */
function flushLegacy(tool: string, names: string): string[] {
  return [
    `if [ -r ${names} ]; then`,
    "while read -r table; do",
    `${tool} -t "$table" -F; ${tool} -t "$table" -X`,
    // No table has all five chains.
    `for c in PREROUTING INPUT FORWARD OUTPUT POSTROUTING; do ${tool} -t "$table" -P $c ACCEPT 2>/dev/null || true; done`,
    `done < ${names}`,
    "fi",
  ];
}
