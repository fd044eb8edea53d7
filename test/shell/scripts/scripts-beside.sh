#!/bin/sh
DIR=$(dirname "$0")
PORT=21
$DIR/child.sh 22
"$DIR"/child.sh 23 || exit 1
sh $DIR/child.sh 24
bash "$DIR/other" 25
iptables -A INPUT -m comment --comment "${CHANGED:-same}" -j ACCEPT
