#!/bin/sh
# What each network of servers is asked for; the last one has the FTP servers.
IPT=iptables
$IPT -F OUTPUT
$IPT -P OUTPUT DROP
$IPT -A OUTPUT -o lo -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
while read net ports; do
  $IPT -A OUTPUT -d $net -p tcp -m multiport --dports $ports -j ACCEPT
done <<END
10.3.0.0/16 80,443
10.2.0.0/16 21,22
END
