#!/bin/bash
ip=192.168.13.77; bits=20
IFS=. read -r o1 o2 o3 o4 <<<"$ip"
n=$(( (o1<<24)|(o2<<16)|(o3<<8)|o4 ))
m=$(( 0xFFFFFFFF << (32-bits) & 0xFFFFFFFF ))
net=$(( n & m )) bc=$(( n | (~m & 0xFFFFFFFF) ))
dotted() { printf '%d.%d.%d.%d' $(( $1>>24 & 255 )) $(( $1>>16 & 255 )) $(( $1>>8 & 255 )) $(( $1 & 255 )); }
iptables -A INPUT -s "$(dotted $net)/$bits" -j ACCEPT
iptables -A INPUT -d "$(dotted $bc)" -j DROP
hex=$(printf '%x' $n); iptables -A INPUT -m mark --mark 0x$hex -j DROP
iptables -A INPUT -m mark --mark $((16#ff)) -j DROP
printf -v back '%d' 0x1F; iptables -A INPUT -m mark --mark $back -j DROP
mask2cidr() { local x=0 IFS=.; for o in $1; do while ((o)); do ((x += o & 1, o >>= 1)); done; done; echo $x; }
iptables -A FORWARD -s 10.0.0.0/$(mask2cidr 255.255.240.0) -j ACCEPT
