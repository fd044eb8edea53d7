#!/bin/bash
set -e
trap 'iptables -P FORWARD DROP' ERR
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
false
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
