#!/bin/sh
# Style: files with the shell's process id in their names, written, read line by line, restored and removed.
HOSTS=/tmp/fw-hosts.$$
RULES="/tmp/fw-rules.$$"
cat > "$HOSTS" <<EOF
10.0.0.1 21
10.0.0.2 22
EOF
put() { echo "$*" >> "$RULES"; }
load() { iptables-restore -n < "$1" && rm -f "$1"; }
put "*filter"
put ":INPUT DROP [0:0]"
while read -r host port; do
  put "-A INPUT -s $host -p tcp --dport $port -j ACCEPT"
done < "$HOSTS"
[ -s "$HOSTS" ] && put "-A INPUT -p icmp -j ACCEPT"
put COMMIT
load "$RULES"
for h in $(cut -d' ' -f1 /tmp/fw-hosts.$$); do iptables -A FORWARD -s "$h" -j DROP; done
rm -f "$HOSTS"
[ -e "$HOSTS" ] || ip6tables -P FORWARD DROP
