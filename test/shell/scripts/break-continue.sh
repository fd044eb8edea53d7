#!/bin/bash
# Style: break and continue with levels, endless loops with a way out, until, loops over no words.

n=0
while true; do
    n=$((n + 1))
    [ $n -eq 2 ] && continue
    [ $n -gt 4 ] && break
    iptables -A INPUT -p tcp --dport 60$n -j ACCEPT
done

for a in 1 2 3; do
    for b in 1 2 3; do
        if [ $b -eq 3 ]; then continue 2; fi
        if [ $a -eq 3 ]; then break 2; fi
        iptables -A FORWARD -i eth$a -o eth$b -j ACCEPT
    done
    iptables -A FORWARD -i eth$a -j DROP
done

for nothing in; do
    iptables -P INPUT DROP
done
none=""
for x in $none; do iptables -A OUTPUT -p tcp --dport 1 -j DROP; done
for x in "$none"; do iptables -A OUTPUT -m comment --comment "once [$x]" -j ACCEPT; done

k=3
while :; do
    case $k in
        0) break ;;
        2) k=1; iptables -A OUTPUT -p udp --dport 2 -j ACCEPT; continue ;;
    esac
    iptables -A OUTPUT -p udp --dport 10$k -j ACCEPT
    let k=k-1
done
iptables -A OUTPUT -m comment --comment "a=$a b=$b k=$k n=$n" -j ACCEPT
