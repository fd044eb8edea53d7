#!/bin/bash
# Style: associative arrays; keys asked one by one, since their order is nobody's business.

declare -A port_of
port_of[ftp]=21
port_of[ssh]=22
port_of["web"]=80
declare -A zone=([lan]=eth1 [wan]=eth0 [dmz]=eth2)

for service in ftp ssh web; do
    iptables -A INPUT -i "${zone[lan]}" -p tcp --dport "${port_of[$service]}" -j ACCEPT
done
iptables -A INPUT -i ${zone[wan]} -p tcp --dport ${port_of[ftp]} -j ACCEPT
if [[ -n ${port_of[mail]} ]]; then
    iptables -A INPUT -p tcp --dport "${port_of[mail]}" -j ACCEPT
fi
if [ "${#zone[@]}" -eq 3 ]; then
    iptables -A FORWARD -i "${zone[lan]}" -o "${zone[dmz]}" -j ACCEPT
fi
unset 'port_of[ssh]'
for service in ftp ssh; do
    iptables -A OUTPUT -p tcp --sport "${port_of[$service]:-2222}" -j ACCEPT
done
iptables -P INPUT DROP
