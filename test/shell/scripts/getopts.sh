#!/bin/bash
# Style: options read by getopts from arguments that the script itself sets; shift; "$@" walked.

usage() { echo "usage: $0 [-i IFACE] [-p PORT]... [-v] NET..." >&2; exit 64; }

set -- -i eth1 -p 21 -p 990 -v 10.1.0.0/16 10.2.0.0/16

IFACE=eth0
PORTS=""
VERBOSE=0
while getopts "i:p:vh" opt; do
    case $opt in
        i) IFACE=$OPTARG ;;
        p) PORTS="$PORTS $OPTARG" ;;
        v) VERBOSE=$((VERBOSE + 1)) ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -ge 1 ] || usage

iptables -A INPUT -i lo -j ACCEPT
for net in "$@"; do
    for port in $PORTS; do
        iptables -A INPUT -i "$IFACE" -s "$net" -p tcp --dport "$port" -j ACCEPT
    done
done
if [ "$VERBOSE" -gt 0 ]; then
    iptables -A INPUT -i "$IFACE" -j LOG --log-prefix "rest of $# nets: "
fi
iptables -P INPUT DROP
