#!/bin/sh
# The same without the helper, and the address with the port in one set.
ipset -exist create clients4 hash:net
ipset -exist create clients6 hash:net family inet6
ipset -exist create services hash:ip,port
ipset flush
ipset add clients4 10.1.0.0/16
ipset add clients4 10.1.0.64/26 nomatch
ipset add clients6 fd01::/64
ipset add services 10.1.0.0/26,tcp:21

for tool in iptables ip6tables; do
  $tool -F
  $tool -P INPUT DROP
  $tool -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
done
ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-solicitation -j ACCEPT
ip6tables -A INPUT -p icmpv6 --icmpv6-type neighbour-advertisement -j ACCEPT
iptables -A INPUT -p tcp -m set --match-set services src,dst -j ACCEPT
ip6tables -A INPUT -p tcp --dport 21 -m set --match-set clients6 src -j ACCEPT
