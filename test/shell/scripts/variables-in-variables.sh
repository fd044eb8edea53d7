#!/bin/sh
# Style: the whole rule in variables: tool with options, matches, targets; words split on purpose.

IPT="sudo iptables"
NEW="-m state --state NEW"
OK="-j ACCEPT"
NO="-j REJECT --reject-with tcp-reset"
FTP="-p tcp --dport 21"
IN="$IPT -A INPUT"

$IN -i lo $OK
$IN $FTP $NEW $OK
$IN -p tcp --dport 113 $NO
EMPTY=
$IN $EMPTY -p udp --dport 53 $OK $EMPTY
SPACES="  -p   tcp
   --dport 8021 "
$IN $SPACES $OK
$IPT -A OUTPUT ${FTP} ${NEW} ${OK}
A=1; B=$A$A; C="${B}0"
$IN -p tcp --dport $C$A $OK
$IPT -P INPUT DROP
