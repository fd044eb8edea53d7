#!/bin/sh
# The module is loaded and attached to nothing: that takes a rule.
set -e
modprobe nf_conntrack_ftp
nft add table inet fw
nft add chain inet fw input '{ type filter hook input priority filter; policy drop; }'
nft add rule inet fw input ct state established,related accept
nft add rule inet fw input icmpv6 type '{ nd-neighbor-solicit, nd-neighbor-advert }' accept
nft add rule inet fw input tcp dport 21 accept
