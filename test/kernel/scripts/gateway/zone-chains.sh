#!/bin/sh
# A chain for each direction, one for what is refused.
ipt() { iptables "$@"; }

ipt -F
ipt -X
for c in lan_wan wan_lan refuse; do
  ipt -N $c
done

ipt -A refuse -p tcp -j REJECT --reject-with tcp-reset
ipt -A refuse -j REJECT

ipt -A lan_wan -m state --state ESTABLISHED,RELATED -j ACCEPT
ipt -A lan_wan -p tcp --dport 21 -j ACCEPT
ipt -A lan_wan -p tcp --dport 80 -j ACCEPT
ipt -A lan_wan -j refuse

ipt -A wan_lan -m state --state ESTABLISHED,RELATED -j ACCEPT
ipt -A wan_lan -j refuse

ipt -A FORWARD -i lan0 -o wan0 -j lan_wan
ipt -A FORWARD -i wan0 -o lan0 -j wan_lan
ipt -A FORWARD -j refuse
