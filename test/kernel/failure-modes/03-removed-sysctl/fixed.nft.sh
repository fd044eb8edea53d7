#!/bin/sh
# A rule attaches the helper; no switch of the kernel is needed.
set -e
nft -f - <<'RULES'
table inet fw {
  ct helper ftp-std { type "ftp" protocol tcp; }
  chain helpers {
    type filter hook prerouting priority -150; policy accept;
    tcp dport 21 ct helper set "ftp-std"
  }
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established accept
    ct state related meta l4proto { icmp, ipv6-icmp } accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    ct state related ct helper "ftp" tcp dport 1024-65535 accept
    tcp dport 21 accept
  }
}
RULES
