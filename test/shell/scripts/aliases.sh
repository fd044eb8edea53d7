#!/bin/bash
# Style: aliases, which scripts do not expand unless they are told to; command, exec, env and time before a command.

alias ipt=iptables
ipt -A INPUT -p tcp --dport 1 -j ACCEPT 2>/dev/null

shopt -s expand_aliases
alias allow='iptables -A INPUT -j ACCEPT -p tcp --dport'
alias ip4='iptables '
allow 21
allow 22
ip4 -A INPUT -i lo -j ACCEPT

iptables() {
    command iptables -w "$@"
}
iptables -A OUTPUT -p tcp --sport 21 -j ACCEPT
command iptables -A OUTPUT -p tcp --sport 20 -j ACCEPT
unset -f iptables
iptables -A OUTPUT -p tcp --sport 22 -j ACCEPT
env iptables -A OUTPUT -p udp --sport 53 -j ACCEPT
builtin echo done
LC_ALL=C iptables -A OUTPUT -p udp --sport 67 -j ACCEPT
exec iptables -P INPUT DROP
iptables -P OUTPUT DROP
