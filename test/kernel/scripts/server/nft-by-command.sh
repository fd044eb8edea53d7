#!/bin/bash
NFT=/usr/sbin/nft
T="inet firewall"

$NFT flush ruleset
$NFT add table $T
$NFT add chain $T input '{ type filter hook input priority filter; policy drop; }'
$NFT add chain $T output '{ type filter hook output priority filter; policy accept; }'

$NFT add rule $T input iifname lo accept
$NFT add rule $T input ct state '{ established, related }' accept
$NFT add rule $T input meta l4proto ipv6-icmp accept
for port in 21 22 443; do
	$NFT add rule $T input tcp dport $port ct state new accept
done
$NFT add rule $T input counter log prefix '"nft drop: "'
