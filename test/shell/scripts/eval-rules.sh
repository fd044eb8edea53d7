#!/bin/bash
# Style: rules built as text and run by eval, with quotes within quotes.

CMD="iptables -A INPUT"
RULE='-p tcp --dport 21 -m comment --comment "public ftp" -j ACCEPT'
eval $CMD $RULE
eval "$CMD -i lo -j ACCEPT"

for n in 1 2 3; do
    eval "net_$n=10.0.$n.0/24"
done
for n in 1 2 3; do
    eval net=\$net_$n
    iptables -A FORWARD -s $net -j ACCEPT
done

opts="-p udp --dport 53"
eval 'iptables -A INPUT $opts -j ACCEPT'
eval "for p in 80 443; do iptables -A INPUT -p tcp --dport \$p -j ACCEPT; done"
name=opts
iptables -A OUTPUT ${!name} -j ACCEPT
