#!/bin/bash
# Style: case within case, patterns with alternatives and classes, ;& and ;;&.

for role in server gateway-office client none; do
    case "$role" in
        server)
            chain=INPUT
            for service in ftp ssh smtp; do
                case $service in
                    ftp)
                        port=21
                        ;;
                    s[sS]h) port=22 ;;
                    *) continue ;;
                esac
                iptables -A $chain -p tcp --dport $port -j ACCEPT
            done
            ;;
        gateway-*)
            site=${role#gateway-}
            iptables -A FORWARD -m comment --comment "site $site" -j ACCEPT
            ;;
        (client|desktop) iptables -A OUTPUT -j ACCEPT ;;
    esac
done

level=2
case $level in
    2) iptables -A INPUT -m comment --comment "level two" -j LOG ;&
    1) iptables -A INPUT -m comment --comment "level one" -j LOG ;;
    0) iptables -A INPUT -m comment --comment "level null" -j LOG ;;
esac

name=eth0
case $name in
    eth*) iptables -A FORWARD -i $name -j ACCEPT ;;&
    *0) iptables -A FORWARD -o $name -j ACCEPT ;;&
    wlan*) iptables -A FORWARD -i $name -j DROP ;;
    ????) iptables -A FORWARD -i $name -j LOG ;;
esac
