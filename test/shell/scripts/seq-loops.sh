#!/bin/bash
# Style: loops over $(seq …), brace ranges, backticks with expr.

for port in $(seq 30000 30009); do
    iptables -A INPUT -p tcp --dport $port -j ACCEPT
done
for i in `seq 1 2 7`; do
    iptables -A INPUT -s 10.0.0.$i -j ACCEPT
done
for i in {1..4}; do
    iptables -A FORWARD -i eth$i -j ACCEPT
done
for p in {21,22,8{0,1}}; do
    iptables -A FORWARD -p tcp --dport $p -j ACCEPT
done
n=5
n=`expr $n + 1`
iptables -A OUTPUT -p tcp --dport 600$n -j ACCEPT
for i in $(seq -w 8 10); do
    iptables -A OUTPUT -m comment --comment "slot $i" -j ACCEPT
done
iptables -A OUTPUT -d 10.0.{1,2}.0/24 -j DROP
iptables -A OUTPUT -p tcp -m multiport --dports {20,21} -j DROP
