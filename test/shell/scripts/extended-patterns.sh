#!/bin/bash
shopt -s extglob nocasematch
for a in 192.168.1.1 10.0.0.0/8 fe80::1 host.example EOF 21 21-22 tcp; do
  case $a in
    +([0-9])) iptables -A INPUT -p tcp --dport $a -j ACCEPT ;;
    +([0-9])-+([0-9])) iptables -A INPUT -p tcp --dport ${a/-/:} -j ACCEPT ;;
    *:*) ip6tables -A INPUT -s $a -j ACCEPT ;;
    @(10|172|192).*) iptables -A INPUT -s $a -j ACCEPT ;;
    eof) iptables -A INPUT -m comment --comment eof -j LOG ;;
    [!a-s]*) iptables -A INPUT -m comment --comment "$a" -j LOG ;;
  esac
done
shopt -u nocasematch
v=tcp/21; v2=${v%%/*}; v3=${v##*/}
[[ $v == tcp/@(20|21) && ! $v3 -gt 21 ]] && iptables -A OUTPUT -p $v2 --sport $v3 -j ACCEPT
echo "${v//[^0-9]/}" | { read n; iptables -A OUTPUT -p tcp --sport "$n" -j DROP; }
