#!/bin/bash
# All at once, by iptables-restore; the passive range of the old server was left in.
WAN=eth0
FTP_PORT=21
PASV=40000:40100

iptables-restore <<EOF
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:LOGDROP - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A INPUT -i $WAN -p tcp --dport $FTP_PORT -j ACCEPT
-A INPUT -i $WAN -p tcp --dport $PASV -j ACCEPT
-A INPUT -j LOGDROP
-A LOGDROP -m limit --limit 5/min -j LOG --log-prefix "dropped: "
-A LOGDROP -j DROP
COMMIT
EOF
