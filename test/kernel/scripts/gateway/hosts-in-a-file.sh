#!/bin/sh
cat > /tmp/hosts.$$ <<EOF
10.1.0.2 21
10.1.0.3 22
EOF
iptables -P FORWARD DROP
iptables -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
while read host port; do
	iptables -A FORWARD -s $host -p tcp --dport $port -j ACCEPT
done < /tmp/hosts.$$
rm /tmp/hosts.$$
