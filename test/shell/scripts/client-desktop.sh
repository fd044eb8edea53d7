#!/bin/sh
# Style: a desktop that lets out only what it needs; FTP client active and passive; a list of allowed services.
#
# my firewall, don't touch!!!

IPT=/sbin/iptables
modprobe ip_conntrack
modprobe ip_conntrack_ftp

$IPT -F; $IPT -X; $IPT -Z
for chain in INPUT OUTPUT FORWARD; do $IPT -P $chain DROP; done

# localhost
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A OUTPUT -o lo -j ACCEPT

# answers
$IPT -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
$IPT -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT

# what goes out
out_tcp="20 21 22 80 443 587 993"
out_udp="53 67 123"
for p in $out_tcp; do
  case $p in
    # ftp needs a bit more
    20) continue;;
    21) $IPT -A OUTPUT -p tcp --sport 1024: --dport 21 -m state --state NEW -j ACCEPT;;
    *)  $IPT -A OUTPUT -p tcp --dport $p -m state --state NEW -j ACCEPT;;
  esac
done
for p in $out_udp
  do $IPT -A OUTPUT -p udp --dport $p -m state --state NEW -j ACCEPT
done
$IPT -A OUTPUT -p icmp -j ACCEPT
$IPT -A INPUT -p tcp --dport 113 -j REJECT --reject-with tcp-reset
$IPT -A OUTPUT -m owner --uid-owner 0 -p tcp --dport 9418 -j ACCEPT
$IPT -A OUTPUT -j LOG --log-prefix 'OUT denied '
