#!/bin/sh
# What was meant to be the end is in the middle.
FW="iptables -A FORWARD"

iptables -F FORWARD
$FW -m state --state ESTABLISHED,RELATED -j ACCEPT
$FW -i lan0 -p tcp --dport 80 -j ACCEPT
$FW -j DROP
$FW -i lan0 -p tcp --dport 21 -j ACCEPT
