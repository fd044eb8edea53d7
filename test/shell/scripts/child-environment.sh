#!/bin/bash
PORT=21
export NET=10.0.0.0/8
sh -c 'iptables -A INPUT -s ${NET:-192.0.2.0/24} -p tcp --dport ${PORT:-22} -j ACCEPT'
f() { iptables -A INPUT -j LOG; }
bash -c 'f' 2>/dev/null
export -f f
bash -c 'f'
PORT=99 sh -c 'iptables -A INPUT -p tcp --dport ${PORT:-22} -j DROP'
