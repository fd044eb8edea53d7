#!/bin/bash
ports=""
for p in 21 22 80; do ports="${ports:+$ports,}$p"; done
iptables -A INPUT -p tcp -m multiport --dports "$ports" -j ACCEPT
list=(a b c)
joined=$(IFS=,; echo "${list[*]}")
iptables -A INPUT -m comment --comment "$joined" -j ACCEPT
s=$(printf '%s,' 10.0.0.1 10.0.0.2); s=${s%,}
iptables -A INPUT -s $s -j DROP
IFS=$'\n' lines=($(printf 'x y\nz w\n'))
iptables -A INPUT -m comment --comment "${lines[1]}|${#lines[@]}" -j ACCEPT
IFS=$' \t\n'
echo "21 22,23;24" | tr ' ,;' '\n' | while read p; do iptables -A OUTPUT -p tcp --dport $p -j ACCEPT; done
paste -sd, - <<< $'1\n2' > /tmp/p
x=$(seq -s, 5000 5003)
iptables -A INPUT -p udp -m multiport --dports $x -j ACCEPT
y=$(echo a b c | sed 's/ /,/g')
iptables -A INPUT -m comment --comment "$y" -j RETURN
z=$(echo "$ports" | awk -F, '{print NF}')
iptables -A INPUT -m mark --mark $z -j RETURN
w=$(echo "$ports" | awk -F, '{print $1":"$3}')
iptables -A INPUT -p tcp --dport $w -j RETURN
