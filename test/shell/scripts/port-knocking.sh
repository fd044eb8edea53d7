#!/bin/bash
KNOCKS="7000 8000 9000"
TARGET=21
iptables -N KNOCK
prev= n=0
for k in $KNOCKS; do
  n=$((n+1))
  iptables -N GATE$n
  if [ -n "$prev" ]; then
    iptables -A GATE$n -m recent --name AUTH$prev --remove
  fi
  iptables -A GATE$n -p tcp --dport $k -m recent --name AUTH$n --set -j DROP
  prev=$n
done
iptables -N PASSED
iptables -A PASSED -m recent --name AUTH$n --remove
iptables -A PASSED -p tcp --dport $TARGET -j ACCEPT
for ((i = n; i > 0; i--)); do
  t=PASSED; (( i < n )) && t=GATE$((i+1))
  iptables -A KNOCK -m recent --rcheck --seconds 30 --name AUTH$i -j $t
done
iptables -A KNOCK -j GATE1
iptables -A INPUT -j KNOCK
