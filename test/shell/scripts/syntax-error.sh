#!/bin/bash
# Style: broken in the middle: bash reads command by command and gives up where it cannot go on.

iptables -F
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT

# a translated comment that is none
＃ 打开端口 (opens the passive ports)
iptables -A INPUT -p tcp --dport 50000:50100 -j ACCEPT
iptables -P INPUT DROP
