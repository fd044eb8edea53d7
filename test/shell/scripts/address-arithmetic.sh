#!/bin/bash
ip2int() {
  local a b c d
  IFS=. read -r a b c d <<< "$1"
  echo $(( (a << 24) + (b << 16) + (c << 8) + d ))
}
int2ip() {
  local ui32=$1; shift
  local ip n
  for n in 1 2 3 4; do
    ip=$((ui32 & 0xff))${ip:+.}$ip
    ui32=$((ui32 >> 8))
  done
  echo $ip
}
netmask() {
  local mask=$((0xffffffff << (32 - $1))); shift
  int2ip $mask
}
network() {
  local addr=$(ip2int $1); shift
  local mask=$((0xffffffff << (32 -$1))); shift
  int2ip $((addr & mask))
}
for host in 192.168.77.19/24 10.20.30.40/12; do
  net=$(network ${host%/*} ${host#*/})
  mask=$(netmask ${host#*/})
  iptables -A INPUT -s $net/$mask -p tcp --dport 21 -j ACCEPT
done
first=$(ip2int 10.0.0.250)
for ((i = 0; i < 10; i++)); do
  iptables -A FORWARD -d $(int2ip $((first + i))) -j ACCEPT
done
