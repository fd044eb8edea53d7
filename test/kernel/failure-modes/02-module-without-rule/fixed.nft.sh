#!/bin/sh
# A rule attaches the helper; its object would load the module by itself.
set -e
modprobe nf_conntrack_ftp
nft add table inet fw
nft add ct helper inet fw ftp-std '{ type "ftp" protocol tcp; }'
nft add chain inet fw helpers '{ type filter hook prerouting priority -150; policy accept; }'
nft add rule inet fw helpers tcp dport 21 ct helper set '"ftp-std"'
nft add chain inet fw input '{ type filter hook input priority filter; policy drop; }'
nft add rule inet fw input ct state established accept
nft add rule inet fw input ct state related meta l4proto '{ icmp, ipv6-icmp }' accept
nft add rule inet fw input icmpv6 type '{ nd-neighbor-solicit, nd-neighbor-advert }' accept
nft add rule inet fw input ct state related ct helper '"ftp"' tcp dport 1024-65535 accept
nft add rule inet fw input tcp dport 21 accept
