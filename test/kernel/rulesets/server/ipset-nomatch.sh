#!/bin/sh
# The client is in the set of those that are not let in.
ipset -exist create clients4 hash:net
ipset -exist create clients6 hash:net family inet6
ipset -exist create services bitmap:port range 0-1023
ipset flush
ipset add clients4 10.1.0.0/16
ipset add clients4 10.1.0.0/28 nomatch
ipset add clients6 fd01::/64
for port in 21 22; do ipset add services $port; done

for tool in iptables ip6tables; do
  $tool -F
  $tool -t raw -F
  $tool -P INPUT DROP
  $tool -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp
  $tool -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
done
ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-solicitation -j ACCEPT
ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-advertisement -j ACCEPT
iptables -A INPUT -p tcp -m set --match-set clients4 src -m set --match-set services dst -j ACCEPT
ip6tables -A INPUT -p tcp -m set --match-set clients6 src -m set --match-set services dst -j ACCEPT
