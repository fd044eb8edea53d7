#!/bin/sh
# FTP came last, behind the rule that rejects everything.
IPTABLES=/usr/sbin/iptables

$IPTABLES -F
$IPTABLES -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
$IPTABLES -A INPUT -p icmp -j ACCEPT
$IPTABLES -A INPUT -i lo -j ACCEPT
$IPTABLES -A INPUT -p tcp -m state --state NEW --dport 22 -j ACCEPT
$IPTABLES -A INPUT -j REJECT --reject-with icmp-host-prohibited
$IPTABLES -A FORWARD -j REJECT --reject-with icmp-host-prohibited

# ftp, 2014-03-02
$IPTABLES -A INPUT -p tcp -m state --state NEW --dport 21 -j ACCEPT
