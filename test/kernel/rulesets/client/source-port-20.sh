#!/bin/sh
# The stateless client: answers are recognised by port numbers alone.
iptables -P INPUT DROP
iptables -A INPUT -p tcp --sport 21 ! --syn -j ACCEPT
iptables -A INPUT -p tcp --sport 20 --dport 1024:65535 -j ACCEPT
