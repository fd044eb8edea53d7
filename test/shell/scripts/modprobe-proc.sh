#!/bin/sh
# Style: modprobe, writes to /proc, sysctl, sudo and full paths before the rules of a gateway.

PATH=/sbin:/usr/sbin:/bin:/usr/bin

/sbin/modprobe ip_tables
/sbin/modprobe ip_conntrack_ftp
modprobe nf_nat_ftp ports=21,2121 && modprobe nf_conntrack_ftp ports=21,2121
echo 1 > /proc/sys/net/ipv4/ip_forward
echo "1" > /proc/sys/net/ipv4/tcp_syncookies
for f in /proc/sys/net/ipv4/conf/*/rp_filter; do
    echo 1 > $f
done
sysctl -w net.ipv4.conf.all.accept_redirects=0 >/dev/null
sysctl -q net.netfilter.nf_conntrack_helper=0

sudo /sbin/iptables -F
sudo iptables -t nat -F
sudo -n iptables -P FORWARD DROP
/usr/sbin/iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 203.0.113.1
/sbin/iptables -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
/sbin/iptables -A FORWARD -i eth1 -o eth0 -j ACCEPT
/sbin/iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
[ -d /etc/iptables ] || mkdir -p /etc/iptables
/sbin/iptables-save > /etc/iptables/rules.v4
service iptables save
