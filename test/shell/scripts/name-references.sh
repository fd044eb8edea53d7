#!/bin/bash
add_all() {
  local -n list=$1
  local chain=$2 item
  for item in "${list[@]}"; do
    iptables -A "$chain" -p tcp --dport "$item" -j ACCEPT
  done
  list+=(9999)
}
web=(80 443)
ftp=(20 21 "50000:50100")
add_all web INPUT
add_all ftp FORWARD
iptables -A OUTPUT -m comment --comment "${web[*]} ${#ftp[@]}" -j ACCEPT
join() { local IFS=,; echo "$*"; }
iptables -A INPUT -p tcp -m multiport --dports "$(join "${web[@]}")" -j LOG
printf -v rule -- '-A %s -p %s --dport %d -j %s' OUTPUT udp 53 ACCEPT
iptables $rule
printf -v spec '%03d' 7
iptables -A OUTPUT -m comment --comment "$spec" -j DROP
