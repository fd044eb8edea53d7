#!/bin/bash
net_of() { local IFS=. ; set -- $1; echo "$1.$2.$3.0/24"; }
for a in 10.1.2.3 10.4.5.6; do iptables -A INPUT -s "$(net_of $a)" -j ACCEPT; done
mapfile -t A < <(for i in 3 1 2; do echo $i; done | sort -n)
for i in "${A[@]}"; do iptables -A INPUT -m mark --mark $i -j DROP; done
declare -a B; B[5]=x; B+=(y); iptables -A INPUT -m comment --comment "${!B[*]}:${B[*]}" -j ACCEPT
read -r -a W <<< "a b c"; iptables -A INPUT -m comment --comment "${W[-1]}${#W[1]}" -j ACCEPT
printf -v J '%s,' "${A[@]}"; iptables -A INPUT -p tcp -m multiport --dports "${J%,}" -j ACCEPT
s='a,b,c'; s=${s//,/ }; t=($s); iptables -A INPUT -m comment --comment "${t[@]^^}" -j ACCEPT || iptables -A INPUT -j LOG
[[ " ${A[*]} " == *" 2 "* ]] && iptables -A OUTPUT -j ACCEPT
u=${s%% *}${s##* }; iptables -A OUTPUT -m comment --comment "${u^}" -j DROP
set -- -p tcp --dport 21; iptables -A OUTPUT "$@" -j ACCEPT; shift 2; iptables -A OUTPUT -p udp "${@}" -j ACCEPT
coproc true; iptables -A OUTPUT -j LOG
time iptables -A FORWARD -j ACCEPT
! iptables -C FORWARD -j DROP 2>/dev/null && iptables -A FORWARD -j DROP
