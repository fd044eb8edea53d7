#!/bin/bash
# Style: nft with a ruleset built in a variable, loaded by a here-string, then added to in loops with functions.

NFT=nft
PORTS="21, 22, 80"
declare -a NETS=(192.168.1.0/24 192.168.2.0/24)

ruleset="
table ip filter4 {
    set lan { type ipv4_addr; flags interval; }
    chain input {
        type filter hook input priority filter; policy drop;
        iif lo accept
        ct state vmap { established : accept, related : accept, invalid : drop }
        tcp dport { $PORTS } accept
    }
}
"
$NFT -f - <<< "$ruleset"

add() { $NFT add "$@"; }

for net in "${NETS[@]}"; do
    add element ip filter4 lan "{ $net }"
done
add rule ip filter4 input ip saddr @lan tcp dport 445 accept
add chain ip filter4 output '{ type filter hook output priority 0; policy accept; }'
for p in 25 465; do
    add rule ip filter4 output tcp dport $p counter reject with tcp reset
done
nft 'add table ip6 filter6; add chain ip6 filter6 input { type filter hook input priority 0; }'
nft add rule ip6 filter6 input tcp dport 21 ct state new log prefix '"ftp6 "' accept
nft delete table ip6 nosuch 2>/dev/null || nft add rule ip6 filter6 input drop
