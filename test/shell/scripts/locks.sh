#!/bin/bash
exec 200>/var/lock/fw.lock
flock -n 200 || { echo "busy" >&2; exit 1; }
iptables -P FORWARD DROP
(
  flock -x 9
  iptables -A FORWARD -p tcp --dport 21 -j ACCEPT
) 9>/tmp/other.lock
flock /tmp/third.lock iptables -A FORWARD -p tcp --dport 22 -j ACCEPT
flock /tmp/third.lock -c 'iptables -A FORWARD -p tcp --dport 23 -j ACCEPT'
