#!/bin/bash
# Since Linux 4.7 the module alone is attached to no connection.
set -e
IPT=/usr/sbin/iptables
modprobe nf_conntrack_ftp
modprobe nf_nat_ftp

$IPT -P INPUT DROP
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$IPT -A INPUT -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
