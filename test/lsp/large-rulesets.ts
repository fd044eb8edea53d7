/** Rulesets of any size with port 21 open and nothing for its data, as hosts with long block lists have them. */

/** `count` rules, the one for FTP in the middle. */
export function largeSaveFile(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => saveRule(i));
  rules[count >> 1] = "-A INPUT -p tcp -m tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT";
  return `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${rules.join("\n")}
COMMIT
`;
}

function saveRule(i: number): string {
  const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
  switch (i % 4) {
    case 0:
      return `-A INPUT -s ${address}/32 -j DROP`;
    case 1:
      return `-A INPUT -s ${address}/32 -p tcp -m tcp --dport ${(i % 900) + 30} -j ACCEPT`;
    case 2:
      return `-A FORWARD -d ${address}/32 -i eth0 -p udp -m udp --dport ${(i % 1000) + 1} -j ACCEPT`;
    default:
      return `-A INPUT -i eth1 -p tcp -m multiport --dports ${(i % 900) + 30},${(i % 900) + 1000} -m comment --comment "rule ${i}" -j ACCEPT`;
  }
}

export function largeNftFile(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => nftRule(i));
  rules[count >> 1] = "    tcp dport 21 accept";
  return `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
${rules.join("\n")}
  }
}
`;
}

function nftRule(i: number): string {
  const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
  switch (i % 3) {
    case 0:
      return `    ip saddr ${address} drop`;
    case 1:
      return `    ip saddr ${address} tcp dport ${(i % 900) + 30} accept`;
    default:
      return `    iifname "eth1" udp dport { ${(i % 900) + 30}, ${(i % 900) + 1000} } accept comment "rule ${i}"`;
  }
}

export function largeScript(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => `$IPT ${saveRule(i)}`);
  rules[count >> 1] = "$IPT -A INPUT -p tcp --dport 21 -j ACCEPT";
  return `#!/bin/sh
IPT=/sbin/iptables
$IPT -P INPUT DROP
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
${rules.join("\n")}
`;
}
