#!/bin/sh
# Backticks, eval and lists that are split by commas.
ipt="iptables"
out_tcp="21,22,80"
OLD_IFS="$IFS"
IFS=','
for port in $out_tcp; do
  IFS="$OLD_IFS"
  eval `echo $ipt -A OUTPUT -p tcp --dport $port -j ACCEPT`
done
IFS="$OLD_IFS"
eval "$ipt -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT"
$ipt -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
$ipt -P INPUT DROP
$ipt -P OUTPUT DROP
