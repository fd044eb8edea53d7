#!/bin/bash
# Style: everything on as few lines as possible, as in rc.local.
for c in INPUT FORWARD; do iptables -P $c DROP; iptables -F $c; done; iptables -A INPUT -i lo -j ACCEPT
for p in 21 22; do for s in 10.0.0.0/8 192.0.2.0/24; do iptables -A INPUT -s $s -p tcp --dport $p -j ACCEPT; done; done
if [ 1 -eq 1 ]; then iptables -A INPUT -p udp --dport 53 -j ACCEPT; else iptables -A INPUT -p udp --dport 54 -j ACCEPT; fi
f() { iptables -A FORWARD -p $1 -j ACCEPT; }; f tcp; f udp; g() for x; do f $x; done; g icmp esp
case a in b) iptables -P OUTPUT DROP;; a) iptables -P OUTPUT ACCEPT; iptables -A OUTPUT -j LOG;; esac
{ iptables -A OUTPUT -p tcp -j ACCEPT; } && (iptables -A OUTPUT -p udp -j ACCEPT) || iptables -A OUTPUT -p icmp -j ACCEPT
x=1; while [ $x -lt 3 ]; do iptables -A OUTPUT -m mark --mark $x -j ACCEPT; x=$(($x+1)); done; unset x; true & wait
echo 22 23|while read a b;do iptables -A FORWARD -p tcp --sport $a --dport $b -j DROP;done;[ -z "" ]&&iptables -A FORWARD -j LOG
