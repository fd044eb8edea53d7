#!/bin/sh
FW=iptables
case "$1" in
  start)
    $0 stop
    $FW -P INPUT DROP
    $FW -A INPUT -p tcp --dport 21 -j ACCEPT
    ;;
  stop) $FW -F; $FW -P INPUT ACCEPT; $FW -A OUTPUT -j LOG ;;
  restart) "$0" stop; "$0" start ;;
esac
