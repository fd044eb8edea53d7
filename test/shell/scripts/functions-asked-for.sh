#!/bin/bash
allow_lan() { :; }
declare -f allow_lan >/dev/null && iptables -A OUTPUT -j ACCEPT
declare -F nothing >/dev/null || iptables -A OUTPUT -j DROP
declare -F allow_lan >/dev/null && iptables -A OUTPUT -j LOG
type -t allow_lan | grep -q function && iptables -A FORWARD -j ACCEPT
[ "$(type -t allow_lan)" = function ] && iptables -A FORWARD -j LOG
