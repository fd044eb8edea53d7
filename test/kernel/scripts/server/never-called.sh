#!/bin/sh
# The function that knows about the passive ports is there, and nobody calls it.
IPT=/sbin/iptables

open_ssh() {
    $IPT -A INPUT -p tcp --dport 22 -j ACCEPT
}

open_ftp() {
    $IPT -A INPUT -p tcp --dport 21 -j ACCEPT
}

open_ftp_passive() {
    $IPT -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
    $IPT -A INPUT -p tcp --dport 50000:51000 -j ACCEPT
}

$IPT -F
$IPT -P INPUT DROP
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
open_ssh
open_ftp
exit 0

# old things, to be cleaned up
open_ftp_passive
