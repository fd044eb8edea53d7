#!/bin/bash
PORT=21
bash <<'EOF'
PORT=22
iptables -A INPUT -p tcp --dport $PORT -j ACCEPT
EOF
bash <<EOF
iptables -A INPUT -p tcp --dport $PORT -j ACCEPT
for p in 80 443; do iptables -A INPUT -p tcp --dport \$p -j ACCEPT; done
EOF
sh -s -- 990 <<'EOF'
iptables -A INPUT -p tcp --dport $1 -j ACCEPT
EOF
echo 'iptables -A INPUT -p udp --dport 53 -j ACCEPT' | sh
sh -c 'iptables -A INPUT -s $1 -d $2 -j DROP' fw 192.0.2.1 192.0.2.2
bash -c "iptables -A INPUT -p tcp --dport $((PORT + 1000)) -j ACCEPT"
