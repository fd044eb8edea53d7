#!/bin/sh
# Style: rarer matches as parents and schools use them: time, string, owner, statistic, ttl, tos, length.

KIDS="192.168.1.50 192.168.1.51"
for kid in $KIDS; do
	iptables -A FORWARD -s $kid -m time --timestart 21:00 --timestop 07:00 --weekdays Mon,Tue,Wed,Thu,Fri -j REJECT
done
iptables -A FORWARD -m string --string "facebook" --algo bm -j DROP
iptables -A OUTPUT -m owner --uid-owner 33 -p tcp --dport 21 -j ACCEPT
iptables -t nat -A PREROUTING -p tcp --dport 80 -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination 10.0.0.1
iptables -A INPUT -m ttl --ttl-lt 5 -j DROP
iptables -A INPUT -p udp -m length --length 0:27 -j DROP
iptables -t mangle -A PREROUTING -m dscp --dscp-class EF -j CONNMARK --set-mark 1
iptables -A INPUT -p tcp -m tcp --tcp-option 64 -j DROP
iptables -A INPUT -p tcp --dport 21 -j NFLOG --nflog-prefix "ftp" --nflog-group 2
