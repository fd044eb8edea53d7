#!/bin/bash
# Style: what is local and what is not; readonly, export, declare -g, dynamic scope, $? kept in a variable.

port=21
readonly ADMIN=192.0.2.5
export IFACE=eth0
declare -i number=20
number+=1

change() {
    local port=22
    iface_inside=eth9
    show "inside"
}

show() {
    iptables -A INPUT -i ${iface_inside:-$IFACE} -p tcp --dport $port -m comment --comment "$1" -j ACCEPT
}

globally() {
    declare -g found=yes
    declare hidden=yes
    local a=1 b=$port c
    c=$a$b
    iptables -A OUTPUT -p tcp --dport $c -j DROP
}

show "before"
change
show "after"
unset iface_inside
show "again"
globally
iptables -A OUTPUT -m comment --comment "found=$found hidden=${hidden-no}" -j ACCEPT
iptables -A INPUT -s $ADMIN -p tcp --dport $number -j ACCEPT
iptables -C INPUT -s 10.0.0.1 -j DROP 2>/dev/null
rc=$?
if [ $rc -ne 0 ]; then
    iptables -A INPUT -s 10.0.0.1 -j DROP
fi
