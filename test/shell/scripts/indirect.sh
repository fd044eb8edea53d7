#!/bin/bash
# Style: indirect names: ${!var}, declare -n, variables named in a loop, functions chosen by name.

tcp_ports="21 22"
udp_ports="53"
eth0_net=10.0.0.0/24
eth1_net=10.1.0.0/24

for proto in tcp udp; do
    list=${proto}_ports
    for port in ${!list}; do
        iptables -A INPUT -p $proto --dport $port -j ACCEPT
    done
done

for nic in eth0 eth1; do
    var="${nic}_net"
    iptables -A INPUT -i $nic ! -s ${!var} -j DROP
done

policy_server() { iptables -P FORWARD DROP; }
policy_router() { iptables -P FORWARD ACCEPT; }
role=server
policy_$role

names=(a b)
declare -n alias_of=names
alias_of+=(c)
iptables -A OUTPUT -m comment --comment "${names[*]} ${#names[@]}" -j ACCEPT
