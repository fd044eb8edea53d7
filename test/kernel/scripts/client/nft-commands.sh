#!/bin/sh
# Rules by command, each in quotes.
nft flush ruleset
nft add table inet fw
nft "add chain inet fw in { type filter hook input priority 0; policy drop; }"
nft "add chain inet fw out { type filter hook output priority 0; policy drop; }"
nft "add rule inet fw in ct state established,related accept"
nft "add rule inet fw in icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
nft "add rule inet fw out icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
nft "add rule inet fw out ct state established,related accept"
nft "add rule inet fw out tcp dport 21 accept"
