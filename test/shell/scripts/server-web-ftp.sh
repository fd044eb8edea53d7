#!/bin/bash
###############################################################################
# Style: a rented server's firewall, config block, arrays per zone, both families, summary at the end.
# 2019-03-02 first version, 2021-11-11 ftps added, 2023 ipv6
###############################################################################

set -u

#--- configuration -----------------------------------------------------------
PUBLIC_TCP=(21 22 80 443 990)
PUBLIC_UDP=(443)
PASSIVE="40000:40200"
MONITORING_V4=(198.51.100.10 198.51.100.11)
MONITORING_V6=(2001:db8:100::10)
LOG_LIMIT="3/min"
SSH_RATE=yes
#-----------------------------------------------------------------------------

ipt4=/usr/sbin/iptables
ipt6=/usr/sbin/ip6tables

both() {
    $ipt4 "$@"
    $ipt6 "$@"
}

reset() {
    local table
    for table in filter mangle raw; do
        both -t $table -F
        both -t $table -X
    done
    both -P INPUT DROP
    both -P FORWARD DROP
    both -P OUTPUT ACCEPT
}

monitoring() {
    local host
    for host in "${MONITORING_V4[@]}"; do
        $ipt4 -A INPUT -s "$host" -p tcp --dport 9100 -j ACCEPT
    done
    for host in "${MONITORING_V6[@]}"; do
        $ipt6 -A INPUT -s "$host" -p tcp --dport 9100 -j ACCEPT
    done
}

services() {
    local port opened=0
    for port in "${PUBLIC_TCP[@]}"; do
        if [[ $port == 22 && $SSH_RATE == yes ]]; then
            both -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -m limit --limit 6/min --limit-burst 12 -j ACCEPT
            continue
        fi
        both -A INPUT -p tcp --dport "$port" -m conntrack --ctstate NEW -j ACCEPT
        opened=$((opened + 1))
    done
    both -A INPUT -p tcp --dport $PASSIVE -m conntrack --ctstate NEW,RELATED -j ACCEPT
    for port in "${PUBLIC_UDP[@]}"; do
        both -A INPUT -p udp --dport "$port" -j ACCEPT
    done
    both -A INPUT -m comment --comment "$opened services above" -j RETURN
}

reset
both -A INPUT -i lo -j ACCEPT
both -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
both -A INPUT -m conntrack --ctstate INVALID -j DROP
$ipt4 -A INPUT -p icmp --icmp-type echo-request -j ACCEPT
for type in 1 2 3 4 128 133 134 135 136; do
    $ipt6 -A INPUT -p ipv6-icmp --icmpv6-type $type -j ACCEPT
done
monitoring
services
both -A INPUT -m limit --limit $LOG_LIMIT -j LOG --log-prefix "[fw] drop "

echo "loaded: ${#PUBLIC_TCP[@]} tcp and ${#PUBLIC_UDP[@]} udp services"
