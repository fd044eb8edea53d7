iptables -A INPUT -p tcp --dport ${PORT:-99} -m mark --mark ${LOCAL:-7} -j ACCEPT
