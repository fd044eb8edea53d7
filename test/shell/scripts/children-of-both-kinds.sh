#!/bin/bash
cat > /tmp/a.sh <<'E'
#!/bin/sh
x="a\tb"
[ "$(echo "$x")" = "a\tb" ] && iptables -A INPUT -j DROP || iptables -A INPUT -j ACCEPT
[ -n "$BASH_VERSION" ] && iptables -A INPUT -j LOG
f() { local y=1; iptables -A OUTPUT -m mark --mark $y -j ACCEPT; }
f
[[ a == a ]] 2>/dev/null && iptables -A OUTPUT -j DROP
true
E
sh /tmp/a.sh
bash /tmp/a.sh
