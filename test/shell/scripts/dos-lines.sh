#!/bin/sh
# Style: written on Windows: every line ends with CR LF.
# Only the lines that end in a comment or a semicolon are what the author meant.

iptables -A INPUT -i lo -j ACCEPT #
iptables -A INPUT -p tcp --dport 21 -j ACCEPT #
iptables -A INPUT -p tcp --dport 22 -j ACCEPT ;:
iptables -A INPUT -p tcp --dport 80 -j ACCEPT
iptables -P INPUT DROP
iptables -P FORWARD DROP #
