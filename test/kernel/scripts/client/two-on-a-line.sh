#!/bin/sh
# Long options, two commands on one line, continued lines.
iptables --flush; iptables --delete-chain
iptables --policy INPUT DROP; iptables --policy OUTPUT DROP
iptables --append INPUT --match state --state ESTABLISHED,RELATED --jump ACCEPT
iptables --append OUTPUT --match state \
         --state ESTABLISHED,RELATED --jump ACCEPT
iptables --append OUTPUT --protocol tcp \
         --destination-port 21 \
         --match state --state NEW \
         --jump ACCEPT
