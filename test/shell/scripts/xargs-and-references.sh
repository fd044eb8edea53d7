#!/bin/bash
# Style: lists handed to functions by reference, and rules made by xargs.
declare -a TCP=(22 21 80) UDP=(53)
accept() { iptables -A "${chain:?}" "$@" -j ACCEPT; }
services() {
  local chain=INPUT proto
  for proto in tcp udp; do
    local -n list=${proto^^}
    echo "${#list[@]} ports, first ${list[0]}"
    for port in "${list[@]}"; do accept -p "$proto" --dport "$port"; done
  done
}
services
echo 21 22 80 | xargs -n1 iptables -A FORWARD -i eth0 -p tcp -j ACCEPT --dport
printf '%s\n' 10.0.0.1 10.0.0.2 | xargs -I{} iptables -A FORWARD -s {} -j DROP
echo "-A OUTPUT -p tcp --dport 21 -j ACCEPT" | xargs iptables -w
tr ',' '\n' <<< "30,31" | xargs -r -n 1 ip6tables -A INPUT -p udp -j DROP --dport
