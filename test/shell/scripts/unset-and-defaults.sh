#!/bin/sh
# Style: unset, empty and defaulted variables; the difference between - and :-, + and :+, = and :=.

EMPTY=
FULL=21
unset GONE
p() { iptables -A INPUT -p tcp -m comment --comment "[$1][$2]" -j ACCEPT; }
p "${EMPTY-default}" "${EMPTY:-default}"
p "${FULL-default}" "${FULL:-default}"
p "${GONE-default}" "${GONE:-default}"
p "${EMPTY+set}" "${EMPTY:+set}"
p "${FULL+set}" "${FULL:+set}"
p "${GONE+set}" "${GONE:+set}"
p "${EMPTY=assigned}" "${EMPTY:=assigned}"
p "$EMPTY" "${GONE=now}"
p "$GONE" "${FULL:+${GONE:-none}$FULL}"
unset FULL
iptables -A INPUT -p tcp --dport "${FULL:-22}" -j ACCEPT
iptables -A INPUT ${FULL:+-p tcp --dport $FULL} -i eth0 -j DROP
p "${#EMPTY}" "${EMPTY#ass}"
p "${EMPTY%%n*}" "${EMPTY##*n}"
A='*' 
p "${A}" "a${A}b"
