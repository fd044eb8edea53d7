#!/bin/bash
sudo sh -c "iptables -A INPUT -p tcp --dport 21 -j ACCEPT"
sudo bash <<'EOF'
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
EOF
sudo bash -c 'iptables-restore -n <<X
*filter
-A INPUT -p tcp --dport 23 -j DROP
COMMIT
X'
echo "*filter
-A INPUT -p tcp --dport 24 -j DROP
COMMIT" | sudo iptables-restore -n
sudo -E env FOO=1 iptables -A INPUT -p tcp --dport 25 -j DROP
/usr/bin/env bash -c 'iptables -A INPUT -p tcp --dport 26 -j DROP'
timeout 10 iptables -A INPUT -p tcp --dport 27 -j DROP
setsid iptables -A INPUT -p tcp --dport 28 -j DROP
nice -n 5 sh -c 'iptables -A INPUT -p tcp --dport 29 -j DROP'
