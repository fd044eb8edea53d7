#!/bin/bash
WAN_IF=lan0
FTP_HOST=10.2.0.2

iptables-restore <<-RULES
	*nat
	:PREROUTING ACCEPT [0:0]
	-A PREROUTING -i ${WAN_IF} -p tcp --dport 21 -j DNAT --to-destination ${FTP_HOST}
	COMMIT
	*filter
	:FORWARD DROP [0:0]
	-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	-A FORWARD -i ${WAN_IF} -d ${FTP_HOST} -p tcp --dport 21 -j ACCEPT
	COMMIT
RULES
