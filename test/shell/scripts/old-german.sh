#!/bin/sh
# Stil: Skript von 2003, Kommentare auf Deutsch, Rueckwaertsstriche, echo vor jedem Schritt, alles gross.

IPTABLES=/sbin/iptables
INET=ppp0
LOKAL=`echo 192.168.0.0`/24
HOCH=1024:65535

echo -n "Regeln loeschen ... "
$IPTABLES -F && $IPTABLES -X && echo ok || echo fehler

echo "Grundregeln"
$IPTABLES -P INPUT DROP; $IPTABLES -P OUTPUT ACCEPT; $IPTABLES -P FORWARD DROP

# FTP-Server fuer alle, aktiv und passiv
$IPTABLES -A INPUT -i $INET -p TCP --sport $HOCH --dport 21 -m state --state NEW,ESTABLISHED -j ACCEPT
$IPTABLES -A OUTPUT -o $INET -p TCP --sport 20 --dport $HOCH -m state --state NEW,ESTABLISHED,RELATED -j ACCEPT
$IPTABLES -A INPUT -i $INET -p TCP --sport $HOCH --dport $HOCH -m state --state ESTABLISHED,RELATED -j ACCEPT

# Peer-to-Peer sperren
for i in 1214 4661 4662 6346
do
  $IPTABLES -A FORWARD -p TCP --dport $i -j REJECT
  $IPTABLES -A FORWARD -p UDP --dport $i -j REJECT
done
# Masquerading fuer das lokale Netz
[ -n "$LOKAL" ] && $IPTABLES -t nat -A POSTROUTING -s $LOKAL -o $INET -j MASQUERADE
