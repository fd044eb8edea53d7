#!/bin/sh
# A function per published service; FTP is more than one port.
publish() {
  iptables -t nat -A PREROUTING -i wan0 -p tcp --dport "$1" -j DNAT --to-destination "$2"
  iptables -A FORWARD -i wan0 -p tcp -d "$2" --dport "$1" -j ACCEPT
}

iptables -P FORWARD DROP
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
publish 80 10.2.0.2
publish 21 10.2.0.2
