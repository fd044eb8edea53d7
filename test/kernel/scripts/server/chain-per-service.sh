#!/bin/bash
# Every service has a chain of its own.
IPT="iptables -w"

new_chain() {
  $IPT -N "$1" 2>/dev/null || $IPT -F "$1"
}

new_chain svc_ssh
$IPT -A svc_ssh -s 10.1.0.0/24 -j ACCEPT
$IPT -A svc_ssh -j DROP

new_chain svc_ftp
$IPT -A svc_ftp -s 192.0.2.0/24 -j DROP
$IPT -A svc_ftp -j ACCEPT

$IPT -F INPUT
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
$IPT -A INPUT -p tcp --dport 22 -j svc_ssh
$IPT -A INPUT -p tcp --dport 21 -j svc_ftp
$IPT -P INPUT DROP
