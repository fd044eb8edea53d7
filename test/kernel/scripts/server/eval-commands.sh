#!/bin/sh
TCP_OPEN_ftp=21
TCP_OPEN_ssh=22
iptables -P INPUT DROP
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
for svc in ftp ssh; do
  eval "port=\$TCP_OPEN_$svc"
  cmd="iptables -A INPUT -p tcp --dport $port -j ACCEPT"
  eval "$cmd"
done
