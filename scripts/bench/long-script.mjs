// A firewall script as they grow over the years: all styles that administrators use, one after the other, for any number
// of lines. The same number always makes the same script.

const HEAD = `#!/bin/bash
IPT=/sbin/iptables
IP6T=/sbin/ip6tables
WAN=eth0
LAN=\${LAN:-eth1}
NETS="10.0.0.0/8 192.168.0.0/16"
ADMINS=(192.0.2.1 192.0.2.2 192.0.2.3)
DEBUG=no
run() { "$@"; }
open_port() {
  local proto=$1 port=$2 from=\${3:-0.0.0.0/0}
  if [ "$proto" = udp ]; then
    $IPT -A INPUT -p udp -s "$from" --dport "$port" -j ACCEPT
  else
    $IPT -A INPUT -p tcp -s "$from" --dport "$port" -m state --state NEW -j ACCEPT
  fi
}
for ipt in "$IPT" "$IP6T"; do
  $ipt -F
  $ipt -X
  $ipt -P INPUT DROP
done
`;

const address = (n) => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
const port = (n) => 1024 + (n % 60_000);

/** Each makes some lines about the number `n`. */
const STYLES = [
  (n) => [`$IPT -A INPUT -i $WAN -s ${address(n)} -p tcp --dport ${port(n)} -j ACCEPT`],
  (n) => [
    `# Ticket ${n}: the people of building ${n % 17} need this`,
    `open_port tcp ${port(n)} ${address(n)}`,
  ],
  (n) => [
    `for port in ${port(n)} ${port(n + 1)} ${port(n + 2)}; do`,
    `  run $IPT -A INPUT -i "$LAN" -p tcp --dport $port -j ACCEPT`,
    "done",
  ],
  (n) => [
    `if [ "$DEBUG" = yes ]; then`,
    `  $IPT -A INPUT -s ${address(n)} -j LOG --log-prefix "in ${n}: "`,
    "fi",
  ],
  (n) => [
    `$IPT -N CUST_${n} 2>/dev/null || $IPT -F CUST_${n}`,
    `$IPT -A CUST_${n} -s ${address(n)} -j RETURN`,
  ],
  (n) => [
    `$IPT -C INPUT -s ${address(n)} -p tcp --dport 22 -j ACCEPT 2>/dev/null || \\`,
    `  $IPT -A INPUT -s ${address(n)} -p tcp --dport 22 -j ACCEPT`,
  ],
  (n) => [
    `host=${address(n)}`,
    `name=\${host##*.} # of the machine`,
    `$IPT -A FORWARD -d "$host" -p tcp -m multiport --dports 80,443 -m comment --comment "web \${name:-none}" -j ACCEPT`,
  ],
  (n) => [
    "while read -r ip what; do",
    `  $IPT -A INPUT -s "$ip" -m comment --comment "$what" -j DROP`,
    "done <<LIST",
    `${address(n)} spam`,
    `${address(n + 1)} scans`,
    "LIST",
  ],
  (n) => [
    `case "$((${n} % 3))" in`,
    `  0) $IPT -A INPUT -p udp --dport ${port(n)} -j ACCEPT ;;`,
    `  *) $IPT -A INPUT -p udp --dport ${port(n)} -j DROP ;;`,
    "esac",
  ],
  (n) => [
    "iptables-restore --noflush <<EOF",
    "*filter",
    `-A INPUT -i $WAN -s ${address(n)} -j ACCEPT`,
    "COMMIT",
    "EOF",
  ],
  (n) => [
    `for net in $NETS; do for admin in "\${ADMINS[@]}"; do`,
    `  $IPT -A INPUT -s $admin -d $net -p tcp --dport ${port(n)} -j ACCEPT`,
    "done; done",
  ],
  (n) => [`[ -n "$LAN" ] && $IPT -t nat -A POSTROUTING -o $WAN -s ${address(n)} -j MASQUERADE`],
  () => [""],
];

/** @returns {string} A script of about so many lines; at least its head. */
export function longScript(lines) {
  const written = HEAD.split("\n");
  for (let n = 0; written.length < lines; n++) written.push(...STYLES[n % STYLES.length](n));
  return `${written.join("\n")}\n`;
}
