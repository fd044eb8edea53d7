#!/bin/sh
set -eu
VPN_IF=tun0 VPN_NET=10.8.0.0/24
EXT_IF=eth0
CLIENTS="alice=10.8.0.10 bob=10.8.0.11"
iptables -t nat -C POSTROUTING -s "$VPN_NET" -o "$EXT_IF" -j MASQUERADE 2>/dev/null || \
  iptables -t nat -A POSTROUTING -s "$VPN_NET" -o "$EXT_IF" -j MASQUERADE
for c in $CLIENTS; do
  name=${c%%=*} addr=${c#*=}
  iptables -N "vpn_$name" 2>/dev/null || iptables -F "vpn_$name"
  iptables -A FORWARD -i "$VPN_IF" -s "$addr" -j "vpn_$name"
  case $name in alice) iptables -A "vpn_$name" -p tcp --dport 21 -j ACCEPT ;; esac
  iptables -A "vpn_$name" -j DROP
done
iptables -t mangle -A FORWARD -i $VPN_IF -p tcp -m tcp --tcp-flags SYN,RST SYN -m tcpmss --mss 1361:65535 -j TCPMSS --set-mss 1360
n=0; while [ $n -lt 3 ]; do n=$((n+1)); iptables -A OUTPUT -o tun$n -j ACCEPT; done
until [ $n -le 0 ]; do n=`expr $n - 1` || true; done
iptables -A OUTPUT -m mark --mark $n -j DROP
