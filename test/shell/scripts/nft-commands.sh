#!/bin/bash
# Style: nft called command by command, with variables, quotes and a loop.

NFT=/usr/sbin/nft
TABLE="inet firewall"

$NFT flush ruleset
$NFT add table $TABLE
$NFT add chain $TABLE input '{ type filter hook input priority 0 ; policy drop ; }'
$NFT add chain $TABLE services
$NFT add rule $TABLE input iif lo accept
$NFT add rule $TABLE input ct state established,related accept
$NFT "add rule $TABLE input jump services"
for port in 21 22 443; do
    $NFT add rule $TABLE services tcp dport $port counter accept
done
$NFT add rule $TABLE services tcp dport { 50000-50100 } accept
$NFT add set $TABLE admins { type ipv4_addr\; }
$NFT add element $TABLE admins { 192.0.2.1, 192.0.2.2 }
$NFT insert rule $TABLE input ip saddr @admins accept
