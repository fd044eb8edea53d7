#!/bin/bash
# nft in a here document, quoted: nothing of it is the shell's.
nft -f - <<'EOF'
flush ruleset
table inet workstation {
  chain input {
    type filter hook input priority 0; policy drop;
    iif "lo" accept
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
  }
  chain output {
    type filter hook output priority 0; policy drop;
    oif "lo" accept
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    tcp dport { 21, 80, 443 } ct state new accept
    udp dport 53 accept
  }
}
EOF
