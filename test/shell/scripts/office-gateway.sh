#!/bin/bash
# Style: an office gateway with zones in functions, DNAT table in a here document, mangle marks, a stop function.
#
# Usage: office-gateway.sh {start|stop}
# Wiring:  eth0 = internet, eth1 = office, eth2 = dmz

WAN=eth0; LAN=eth1; DMZ=eth2
WAN_IP=203.0.113.2
LAN_NET=10.10.0.0/16
DMZ_NET=10.20.0.0/24
FTP=10.20.0.21
WEB=10.20.0.80

clean() {
    for t in filter nat mangle; do
        iptables -t $t -F && iptables -t $t -X
    done
}

chains() {
    # all zone pairs get a chain of their own
    for pair in lan-wan lan-dmz wan-dmz dmz-wan; do
        iptables -N $pair
    done
    iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    iptables -A FORWARD -i $LAN -o $WAN -j lan-wan
    iptables -A FORWARD -i $LAN -o $DMZ -j lan-dmz
    iptables -A FORWARD -i $WAN -o $DMZ -j wan-dmz
    iptables -A FORWARD -i $DMZ -o $WAN -j dmz-wan
}

publish() {
    while read ext int port what; do
        [ -n "$ext" ] || continue
        iptables -t nat -A PREROUTING -i $WAN -d $WAN_IP -p tcp --dport $ext -j DNAT --to-destination $int:$port
        iptables -A wan-dmz -d $int -p tcp --dport $port -m comment --comment "$what" -j ACCEPT
    done <<EOT
21    $FTP   21   public ftp
80    $WEB   80   web
8443  $WEB   443  customer portal

EOT
}

start() {
    clean
    iptables -P FORWARD DROP
    chains
    publish
    iptables -A lan-wan -s $LAN_NET -j ACCEPT
    iptables -A lan-dmz -s $LAN_NET -p tcp -m multiport --dports 21,22,80,443 -j ACCEPT
    iptables -A dmz-wan -s $DMZ_NET -p udp --dport 53 -j ACCEPT
    iptables -A dmz-wan -s $FTP -p tcp --sport 20 -j ACCEPT
    for net in $LAN_NET $DMZ_NET; do
        iptables -t nat -A POSTROUTING -s $net -o $WAN -j SNAT --to-source $WAN_IP
    done
    iptables -t mangle -A PREROUTING -i $LAN -p tcp -m multiport --dports 20,21 -j MARK --set-mark 0x15
    echo 1 >/proc/sys/net/ipv4/ip_forward
}

stop() {
    clean
    iptables -P FORWARD ACCEPT
    echo 0 >/proc/sys/net/ipv4/ip_forward
}

case ${1:-start} in
    start) start ;;
    stop) stop ;;
    *) echo "usage: $0 {start|stop}"; exit 1 ;;
esac
