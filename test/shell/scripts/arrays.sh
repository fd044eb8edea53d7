#!/bin/bash
# Style: bash arrays, indexed and walked; options kept in an array.

ports=(21 22 80 443)
hosts=("192.0.2.10" "192.0.2.11" "192.0.2.12")
base=(-m conntrack --ctstate NEW)
ports+=(990)
hosts[3]=192.0.2.99
unset 'hosts[1]'

iptables -P INPUT DROP
iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
for port in "${ports[@]}"; do
    iptables -A INPUT -p tcp --dport "$port" "${base[@]}" -j ACCEPT
done
for i in "${!hosts[@]}"; do
    iptables -A INPUT -s "${hosts[$i]}" -m comment --comment "host number $i of ${#hosts[@]}" -j ACCEPT
done
iptables -A INPUT -p tcp --dport "${ports[0]}" -j LOG --log-prefix "ftp again "
iptables -A INPUT -p tcp -m multiport --dports "$(IFS=,; echo "${ports[*]}")" -j ACCEPT
last=${ports[-1]}
iptables -A INPUT -p udp --dport $last -j DROP
iptables -A OUTPUT -p tcp -m multiport --sports ${ports[1]},${ports[2]} -j ACCEPT
slice=("${ports[@]:1:2}")
iptables -A OUTPUT -p tcp -m multiport --dports "${slice[0]},${slice[1]}" -j ACCEPT
