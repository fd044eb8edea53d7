#!/bin/bash
run() { echo "+ $*"; "$@"; }
DRY=
ipt() { ${DRY:+echo} iptables "$@"; }
run ipt -A INPUT -m comment --comment "two  words" -j ACCEPT
args=(-p tcp --dport 21)
args+=(-m comment --comment "it's \"quoted\"")
ipt -A INPUT "${args[@]}" -j ACCEPT
cmd='iptables -A INPUT -m comment --comment "with eval" -j ACCEPT'
eval "$cmd"
q=$(printf '%q ' iptables -A INPUT -m comment --comment "a b" -j DROP)
eval $q
eval "${args[@]@Q}" 2>/dev/null
echo "${args[*]@Q}" >/dev/null
x="${args[@]: -1}"
iptables -A OUTPUT -m comment --comment "${x@Q}" -j ACCEPT
iptables -A OUTPUT -m comment --comment "${x:0:4}${x: -2}" -j ACCEPT
iptables -A OUTPUT -m comment --comment $'tab\there' -j ACCEPT
iptables -A OUTPUT -m comment --comment "$(echo -e 'a\tb')" -j ACCEPT
