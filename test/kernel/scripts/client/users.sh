#!/bin/sh
# What each user may do; root may use FTP.
IPT=iptables
$IPT -F OUTPUT
$IPT -P OUTPUT DROP
$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
while read uid ports; do
  $IPT -A OUTPUT -m owner --uid-owner $uid -p tcp -m multiport --dports $ports -j ACCEPT
done <<END
1000 80,443
0 21,22
END
