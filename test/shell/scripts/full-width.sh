#!/bin/bash
# Style: a full-width ＃ taken for a comment by a machine translation; quotes that are no quotes.

iptables -F
＃ 清空规则, which is a command that does not exist
iptables -A INPUT -i lo -j ACCEPT
＃iptables -A INPUT -p tcp --dport 23 -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT ＃ 允许 FTP
iptables -A INPUT -p tcp --dport 22 -j ACCEPT # 允许 SSH
iptables -A INPUT -m comment --comment "数据连接" -p tcp --dport 50000:50100 -j ACCEPT
iptables -A INPUT -m comment --comment “quoted” -j ACCEPT
iptables -P INPUT DROP
