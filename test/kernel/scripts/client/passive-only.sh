#!/bin/sh
# The passive client: high ports may be connected to. Active mode is not wanted.
IPT=iptables
HIGH=1024:65535
FTP_SERVER=10.2.0.2

$IPT -P INPUT DROP
$IPT -P OUTPUT DROP
$IPT -A INPUT -m state --state ESTABLISHED -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED -j ACCEPT
$IPT -A OUTPUT -d $FTP_SERVER -p tcp --sport $HIGH --dport 21 -m state --state NEW -j ACCEPT
$IPT -A OUTPUT -d $FTP_SERVER -p tcp --sport $HIGH --dport $HIGH -m state --state NEW -j ACCEPT
