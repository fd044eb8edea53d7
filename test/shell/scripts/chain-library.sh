#!/bin/bash
declare -A CHAINS
mk() {
  local name; name=$(tr a-z A-Z <<< "$1")_IN
  CHAINS[$1]=$name
  iptables -N "$name" && iptables -A INPUT ${2:+-i "$2"} -j "$name"
}
rule() { local c=${CHAINS[$1]:?no chain}; shift; iptables -A "$c" "$@"; }
mk lan eth1
mk wan
rule lan -p tcp --dport ftp -j ACCEPT
rule wan -p tcp --syn -m connlimit --connlimit-above 10 -j REJECT --reject-with tcp-reset
for k in lan wan; do rule "$k" -j DROP; done
(rule none -j DROP) 2>/dev/null
rule lan -j LOG
[ -v CHAINS[lan] ] && iptables -A OUTPUT -j ACCEPT
[[ -v CHAINS[dmz] ]] || iptables -A OUTPUT -j DROP
