#!/bin/bash
# Style: saves the rules to a file of its own making, writes another file by a here document and loads that.

RULES=/tmp/new.rules
cat > $RULES <<EOF
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT
EOF
for port in 22 80; do
    echo "-A INPUT -p tcp -m tcp --dport $port -j ACCEPT" >> $RULES
done
echo COMMIT >> $RULES

iptables-restore < $RULES
rm -f $RULES
iptables-save > /root/backup.v4
iptables -A INPUT -p tcp --dport 443 -j ACCEPT
ip6tables-save > /root/backup.v6
