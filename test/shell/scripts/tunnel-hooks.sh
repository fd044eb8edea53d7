#!/bin/bash
WG=wg0; WAN=eth0
PostUp="iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT; iptables -t nat -A POSTROUTING -o $WAN -j MASQUERADE"
eval "${PostUp//%i/$WG}"
sh -c "$(echo "$PostUp" | sed "s/%i/wg1/g")"
IFS=';' read -ra cmds <<< "$PostUp"
for c in "${cmds[@]}"; do
  $(: echo) ${c/\%i/wg2}
done
