#!/bin/bash
# Style: what scripts do around the rules: lock files, trap, umask, logger, colours, dates, checks for root.

set -o nounset
umask 077
LOCK=/var/lock/firewall.lock
RED=$'\033[31m'
trap 'rm -f "$LOCK"' EXIT INT TERM
touch "$LOCK"

say() { printf '%s%s\n' "$RED" "$*"; logger -t firewall -- "$*"; }

if [ "$(id -u)" -ne 0 ]; then
    say "must be root"
    exit 1
fi
command -v iptables >/dev/null 2>&1 || { say "no iptables"; exit 1; }
type iptables >/dev/null || exit 1
IPT=$(which iptables)

say "loading"
"$IPT" -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -p tcp --dport 21 -j ACCEPT
$IPT -P INPUT DROP
say "done"
sleep 1
wait
