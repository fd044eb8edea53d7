#!/bin/sh
# Nothing comes in and nothing goes out unless it is written here.
I=iptables
ME=10.2.0.2

$I -F
$I -P INPUT DROP
$I -P OUTPUT DROP
$I -P FORWARD DROP

$I -A INPUT -i lo -j ACCEPT
$I -A OUTPUT -o lo -j ACCEPT

# FTP
$I -A INPUT -d $ME -p TCP --dport 21 --sport 1024:65535 -m state --state NEW,ESTABLISHED -j ACCEPT
$I -A OUTPUT -s $ME -p TCP --sport 21 --dport 1024:65535 -m state --state ESTABLISHED -j ACCEPT

# SSH
$I -A INPUT -d $ME -p TCP --dport 22 -m state --state NEW,ESTABLISHED -j ACCEPT
$I -A OUTPUT -s $ME -p TCP --sport 22 -m state --state ESTABLISHED -j ACCEPT
