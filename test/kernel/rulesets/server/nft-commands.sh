#!/bin/sh
# The same firewall typed command by command.
nft flush ruleset
nft add table inet fw
nft add chain inet fw input '{ type filter hook input priority 0; policy drop; }'
nft add rule inet fw input ct state established,related accept
nft add rule inet fw input icmpv6 type '{ nd-neighbor-solicit, nd-neighbor-advert }' accept
nft add rule inet fw input tcp dport 21 accept
