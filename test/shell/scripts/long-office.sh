#!/bin/bash
# Style: the grown script of a small company: everything at once, some of it dead, some of it twice.
#
# History:
#   2004 first version (HW)
#   2009 ftp for customers (HW)
#   2014 new provider, new addresses (KL)
#   2020 cleaned up (haha) (KL)

# ---- interfaces ----
EXTIF=eth0 ; INTIF=eth1
#EXTIF=ppp0
EXTIP="203.0.113.50"
INTNET="192.168.100.0/24"
UNIVERSE="0.0.0.0/0"

# ---- programs ----
IPT=/sbin/iptables
LOGGER=/usr/bin/logger
DEBUG=0

# ---- people ----
BOSS=192.168.100.2
KLAUS=192.168.100.17
ADMINS="$BOSS $KLAUS"

# ---- services ----
TCP_IN="21 22"
UDP_IN=""
CUSTOMERS="198.51.100.0/25;acme 192.0.2.128/25;globex"

dbg() { [ $DEBUG -gt 0 ] && echo "DBG: $@"; return 0; }

init() {
    dbg init
    for t in filter nat mangle; do $IPT -t $t -F; $IPT -t $t -X; done
    $IPT -P INPUT DROP
    $IPT -P OUTPUT ACCEPT
    $IPT -P FORWARD DROP
    $IPT -N drop-and-log-it
    $IPT -A drop-and-log-it -j LOG --log-level info
    $IPT -A drop-and-log-it -j REJECT
}

input() {
    dbg input
    $IPT -A INPUT -i lo -s $UNIVERSE -d $UNIVERSE -j ACCEPT
    $IPT -A INPUT -i $INTIF -s $INTNET -d $UNIVERSE -j ACCEPT
    $IPT -A INPUT -i $EXTIF -s $INTNET -d $UNIVERSE -j drop-and-log-it
    $IPT -A INPUT -i $EXTIF -s $UNIVERSE -d $EXTIP -m state --state ESTABLISHED,RELATED -j ACCEPT
    for p in $TCP_IN; do
        if [ $p -eq 22 ]; then
            # only with a fixed address
            continue
        fi
        for c in $CUSTOMERS; do
            net=`echo $c | cut -d';' -f1`
            who=`echo $c | cut -d';' -f2`
            $IPT -A INPUT -i $EXTIF -s $net -d $EXTIP -p tcp --dport $p -m comment --comment "$who" -j ACCEPT
        done
    done
    for p in $UDP_IN; do
        $IPT -A INPUT -i $EXTIF -p udp --dport $p -j ACCEPT
    done
    $IPT -A INPUT -s $UNIVERSE -d $UNIVERSE -j drop-and-log-it
}

forward() {
    dbg forward
    for a in $ADMINS; do $IPT -A FORWARD -i $INTIF -o $EXTIF -s $a -j ACCEPT; done
    $IPT -A FORWARD -i $EXTIF -o $INTIF -m state --state ESTABLISHED,RELATED -j ACCEPT
    $IPT -A FORWARD -i $INTIF -o $EXTIF -p tcp -m multiport --dports 20,21,25,80,110,443 -j ACCEPT
    $IPT -A FORWARD -i $INTIF -o $EXTIF -p udp --dport 53 -j ACCEPT
    $IPT -A FORWARD -j drop-and-log-it
    $IPT -t nat -A POSTROUTING -o $EXTIF -j SNAT --to $EXTIP
}

# the old proxy, switched off
proxy() {
    $IPT -t nat -A PREROUTING -i $INTIF -p tcp --dport 80 -j REDIRECT --to-port 3128
}

USE_PROXY=0
init
input
forward
if [ "$USE_PROXY" -ne 0 ] ; then proxy ; fi
[ -e /proc/sys/net/ipv4/ip_forward ] && echo 1 > /proc/sys/net/ipv4/ip_forward
$LOGGER "firewall loaded" && exit 0
