#!/bin/sh
# Linux 6.0 has no such switch any more, and -e keeps sysctl quiet about it.
set -e
sysctl -e -q -w net.netfilter.nf_conntrack_helper=1
nft -f - <<'RULES'
table inet fw {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport 21 accept
  }
}
RULES
