#!/bin/sh
# Style: $1 compared by if; stop is run by start first; messages in between.

FW=/sbin/iptables

flush_all () {
  $FW -F
  $FW -X
  $FW -t nat -F
  $FW -P INPUT ACCEPT
  $FW -P FORWARD ACCEPT
}

if [ "$1" = "stop" ]; then
  echo "Firewall stopped"
  flush_all
  exit 0
fi

if [ "$1" = "start" ] || [ "$1" = "restart" ]; then
  flush_all
  echo -n "Loading rules"
  $FW -P INPUT DROP; echo -n "."
  $FW -A INPUT -i lo -j ACCEPT; echo -n "."
  $FW -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT; echo -n "."
  $FW -A INPUT -p tcp --dport 21 --syn -j ACCEPT; echo "."
  $FW -A INPUT -p tcp --dport 50000:51000 --syn -j ACCEPT
fi
