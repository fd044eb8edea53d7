#!/bin/bash
# Style: rules put together in temporary files of mktemp, filtered, and then restored.
set -e
TMP=$(mktemp /tmp/fw.XXXXXX) || exit 1
SIX=`mktemp`
DIR=$(mktemp -d)
trap 'rm -rf "$TMP" "$SIX" "$DIR"' EXIT
[ -n "$TMP" ] || exit 1
start() { echo "*filter" > "$1"; }
rule() { echo "$*" >> "$TMP"; }
start "$TMP"
rule ":INPUT DROP [0:0]"
rule -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
for p in 21 22; do rule -A INPUT -p tcp --dport $p -j ACCEPT; done
rule COMMIT
cat > "$SIX" <<EOF
*filter
:INPUT ACCEPT
-A INPUT -p tcp --dport 23 -j DROP
COMMIT
EOF
sed -e '/^#/d' "$TMP" > "$DIR/rules"
iptables-restore < "$DIR/rules"
ip6tables-restore < "$SIX"
