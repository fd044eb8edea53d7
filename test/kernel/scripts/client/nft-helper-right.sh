#!/bin/sh
# Right: table, helper object, rules, by the shell's variables.
NFT="nft"
TABLE="inet client"
FTP=21

$NFT "flush ruleset
table $TABLE {
  ct helper ftp { type \"ftp\" protocol tcp; }
  chain track { type filter hook output priority -150; tcp dport $FTP ct helper set \"ftp\"; }
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
}"
