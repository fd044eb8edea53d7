#!/bin/bash
# Style: every kind of condition: [ ] with -a and -o, [[ ]] with patterns and regular expressions, files, numbers.

A=yes
B=
N=21
P=/etc/firewall.conf

[ "$A" = yes ] && iptables -A INPUT -p tcp --dport 1 -j ACCEPT
[ "$A" = "yes" -a -z "$B" ] && iptables -A INPUT -p tcp --dport 2 -j ACCEPT
[ "$A" = no -o $N -ge 21 ] && iptables -A INPUT -p tcp --dport 3 -j ACCEPT
[ ! "$A" = yes ] && iptables -A INPUT -p tcp --dport 4 -j ACCEPT
[ "x$B" = x ] && iptables -A INPUT -p tcp --dport 5 -j ACCEPT
[ $B ] || iptables -A INPUT -p tcp --dport 6 -j ACCEPT
test $N -lt 1024 && test $N -ne 22 && iptables -A INPUT -p tcp --dport 7 -j ACCEPT
if [[ $A == y* && ! -n $B ]]; then iptables -A INPUT -p tcp --dport 8 -j ACCEPT; fi
if [[ $P =~ ^/etc/([a-z]+)\.conf$ ]]; then
    iptables -A INPUT -m comment --comment "${BASH_REMATCH[1]}" -j ACCEPT
fi
[[ $N -eq 20 || ( $N -gt 20 && $A < zebra ) ]] && iptables -A INPUT -p tcp --dport 9 -j ACCEPT
if [[ -z ${NOT_SET+x} ]]; then iptables -A INPUT -p tcp --dport 10 -j ACCEPT; fi
if (( N == 21 )) && ! (( N > 21 )); then iptables -A INPUT -p tcp --dport 11 -j ACCEPT; fi
if ! [ "$A" != yes ]; then iptables -A INPUT -p tcp --dport 12 -j ACCEPT; fi
[ "$A" == "yes" ] && iptables -A INPUT -p tcp --dport 13 -j ACCEPT
[[ "$A" == "y*" ]] || iptables -A INPUT -p tcp --dport 14 -j ACCEPT
if [ -n "$B" ]; then
    iptables -A INPUT -p tcp --dport 15 -j DROP
elif [ "$N" -eq "021" ]; then
    iptables -A INPUT -p tcp --dport 16 -j ACCEPT
fi
