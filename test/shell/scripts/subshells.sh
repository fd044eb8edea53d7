#!/bin/bash
# Style: subshells that keep their variables to themselves, groups that do not; pipes into while.

PORT=21
( PORT=22; iptables -A INPUT -p tcp --dport $PORT -j ACCEPT )
iptables -A INPUT -p tcp --dport $PORT -j ACCEPT
{ PORT=23; iptables -A INPUT -p tcp --dport $PORT -j DROP; }
iptables -A OUTPUT -p tcp --dport $PORT -j DROP

# the count is lost with the pipe's subshell, as the author learned
count=0
printf '%s\n' 80 443 | while read p; do
    count=$((count + 1))
    iptables -A INPUT -p tcp --dport $p -j ACCEPT
done
iptables -A INPUT -m comment --comment "counted $count" -j RETURN

total=0
while read p; do
    total=$((total + 1))
done < <(printf '%s\n' a b c)
iptables -A INPUT -m comment --comment "total $total" -j RETURN

(
    iptables -A FORWARD -i eth0 -j ACCEPT
    exit 1
    iptables -A FORWARD -i eth1 -j ACCEPT
) || iptables -A FORWARD -i eth2 -j ACCEPT

value=$(echo "  some   words ")
iptables -A FORWARD -m comment --comment "$value" -j DROP
result=$(iptables -A FORWARD -i eth3 -j DROP; echo done)
iptables -A FORWARD -m comment --comment "$result" -j DROP
