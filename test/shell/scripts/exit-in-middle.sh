#!/bin/bash
# Style: return and exit where one does not expect them: in a subshell, in a pipe, in a sourced file, in a function.

. ./early.inc
iptables -A INPUT -m comment --comment "early returned $?" -j ACCEPT

(exit 3)
iptables -A INPUT -m comment --comment "subshell ended with $?" -j ACCEPT

echo x | while read x; do exit 4; done
iptables -A INPUT -m comment --comment "pipe ended with $?" -j ACCEPT

f() { iptables -A OUTPUT -p tcp --dport 1 -j ACCEPT; return 5; iptables -A OUTPUT -p tcp --dport 2 -j ACCEPT; }
f
iptables -A INPUT -m comment --comment "function ended with $?" -j ACCEPT
v=$(f; exit 6)
iptables -A INPUT -m comment --comment "substitution ended with $?" -j ACCEPT
! true
iptables -A INPUT -m comment --comment "negation gives $?" -j ACCEPT
g() { f || exit 0; }
g
iptables -A INPUT -p tcp --dport 3 -j DROP
