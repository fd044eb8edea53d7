#!/bin/bash
# Style: quoting horrors: quotes within words, escapes, $'…', adjacent pieces, empty words.

P=21
T='it'"'"'s'
iptables -A INPUT -p tcp --dport "$P"0 -j ACCEPT
iptables -A INPUT -p tcp --dport '2'1 -j ACCEPT
iptables -A INPUT -m comment --comment "$T here" -j ACCEPT
iptables -A INPUT -m comment --comment \$P\ is\ $P -j ACCEPT
iptables -A INPUT -m comment --comment "a \"quoted\" word, a \$dollar and a back\\slash" -j ACCEPT
iptables -A INPUT -m comment --comment $'tab-free \x41\102C' -j ACCEPT
iptables -A INPUT -m comment --comment "#no comment" -j ACCEPT # but this is
iptables -A INPUT -m comment --comment a#b -j ACCEPT
iptables -A INPUT -j LOG --log-prefix "semi;colon & pipe | "
"iptables" -A 'INPUT' -i "lo" -j A"CC"EPT
ipt""ables -A INPUT -i e\th1 -j ACCEPT
\iptables -A INPUT -i eth2 -j ACCEPT
iptables -A OUTPUT -m comment --comment "two
lines" -j ACCEPT
iptables -A OUTPUT -m comment --comment 'single $P `date` \n' -j ACCEPT
X="-p tcp --dport 22"
iptables -A OUTPUT $X -j ACCEPT
iptables -A OUTPUT "$X" -j ACCEPT
iptables -A OUTPUT -m comment --comment "" -j DROP
iptables -A OUTPUT -p tcp --dport 2\
2 -j DROP
