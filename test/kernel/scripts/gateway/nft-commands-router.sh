#!/bin/sh
nft flush ruleset
nft add table ip filter
nft add chain ip filter forward { type filter hook forward priority 0 \; policy drop \; }
nft add rule ip filter forward ct state established,related accept
nft add rule ip filter forward iifname lan0 tcp dport 21 accept
nft add rule ip filter forward iifname lan0 tcp dport 80 accept
nft add table ip nat
nft add chain ip nat postrouting { type nat hook postrouting priority 100 \; }
nft add rule ip nat postrouting oifname wan0 masquerade
