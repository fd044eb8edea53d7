#!/bin/sh
# Style: sh is dash here, whose echo knows \n by itself and whose [ ] knows no ==; bash's things fail in it.

text="*filter\n-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT\nCOMMIT"
echo "$text" | iptables-restore -n

if [ yes == yes ] 2>/dev/null; then
	iptables -A INPUT -p tcp --dport 1 -j ACCEPT
else
	iptables -A INPUT -p tcp --dport 2 -j ACCEPT
fi

for i in {1..3}; do
	iptables -A OUTPUT -m comment --comment "$i" -j ACCEPT
done

if [[ yes = yes ]] 2>/dev/null; then
	iptables -A INPUT -p tcp --dport 3 -j ACCEPT
fi
x=5
x=$((x + 1))
iptables -A INPUT -p tcp --dport $x -j ACCEPT
echo 'a\tb' | grep -q 'a\\tb' || iptables -A INPUT -p tcp --dport 7 -j ACCEPT
