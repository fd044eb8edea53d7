#!/bin/bash
# Right, with as little as it takes.
IPT=/usr/sbin/iptables
SERVER=10.2.0.2

$IPT -t raw -A OUTPUT -d $SERVER -p tcp --dport 21 -j CT --helper ftp
$IPT -P INPUT DROP
$IPT -P OUTPUT DROP
$IPT -A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
$IPT -A OUTPUT -d $SERVER -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
$IPT -A OUTPUT -d $SERVER -p tcp -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT
$IPT -A INPUT -s $SERVER -p tcp -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT
