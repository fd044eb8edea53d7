#!/bin/sh
# The module is loaded and attached to nothing: that takes a rule.
set -e
modprobe nf_conntrack_ftp
iptables -P INPUT DROP
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -m conntrack --ctstate NEW -j ACCEPT
