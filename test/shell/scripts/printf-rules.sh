#!/bin/bash
# Style: text made by printf and echo -e: into variables, into files, into iptables-restore.

printf -v range '%d:%d' 50000 50100
iptables -A INPUT -p tcp --dport $range -j ACCEPT
addr=$(printf '10.%d.%d.%d' 1 2 3)
iptables -A INPUT -s $addr -j ACCEPT
name=$(printf 'chain-%03d' 7)
iptables -N $name
iptables -A $name -j RETURN
for a in $(printf '192.0.2.%s ' 1 2 3); do
    iptables -A $name -s $a -j ACCEPT
done
hex=$(printf '0x%x' 255)
iptables -t mangle -A PREROUTING -j MARK --set-mark $hex
both=$(echo -n "tcp"; echo "_x")
iptables -A OUTPUT -m comment --comment "$both" -j ACCEPT
lines=$(echo -e "21\n22\n80")
for p in $lines; do iptables -A OUTPUT -p tcp --dport $p -j ACCEPT; done
text="$(printf '%s-' a b)$(printf '%5s|%-5s|' r l)"
iptables -A OUTPUT -m comment --comment "$text" -j ACCEPT

{
    printf '*filter\n'
    printf -- '-A FORWARD -s %s -j ACCEPT\n' 10.1.0.0/16 10.2.0.0/16
    printf 'COMMIT\n'
} | iptables-restore --noflush
