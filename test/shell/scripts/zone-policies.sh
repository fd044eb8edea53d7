#!/bin/bash
zones='lan:eth1:192.168.1.0/24
dmz:eth2:192.168.2.0/24'
policy="lan>dmz:ftp,ssh dmz>lan:none lan>fw:all"
declare -A IF NET PORT=([ftp]=21 [ssh]=22)
while IFS=: read -r z i n; do IF[$z]=$i NET[$z]=$n; done <<< "$zones"
for p in $policy; do
  [[ $p =~ ^([a-z]+)\>([a-z]+):(.*)$ ]] || continue
  s=${BASH_REMATCH[1]} d=${BASH_REMATCH[2]} svcs=${BASH_REMATCH[3]}
  [[ $svcs == none ]] && continue
  chain=FORWARD out=(-o "${IF[$d]}")
  [[ $d == fw ]] && { chain=INPUT; out=(); }
  if [[ $svcs == all ]]; then iptables -A $chain -i "${IF[$s]}" "${out[@]}" -j ACCEPT; continue; fi
  IFS=, read -ra list <<< "$svcs"
  for svc in "${list[@]}"; do
    iptables -A $chain -i "${IF[$s]}" "${out[@]}" -s "${NET[$s]}" -p tcp --dport "${PORT[$svc]}" -j ACCEPT
  done
done
