#!/bin/bash
# Style: a quoted here document, in which ${WAN} stays as it is written and sed-free restoring shows it.

WAN=eth0

iptables-restore --noflush <<'RULES'
*filter
:LOGDROP - [0:0]
-A LOGDROP -m limit --limit 5/min -j LOG --log-prefix "${WAN} dropped: "
-A LOGDROP -j DROP
COMMIT
RULES

iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -i "$WAN" -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -i "$WAN" -p tcp --dport 21 -j ACCEPT
iptables -A INPUT -i "$WAN" -j LOGDROP
# and the literal text once more, by mistake
iptables -A OUTPUT -m comment --comment '${WAN} is not expanded' -j ACCEPT
