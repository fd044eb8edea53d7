#!/usr/bin/env bash
set -o errexit -o nounset -o pipefail
readonly NODES="10.1.0.1 10.1.0.2"
readonly -A SERVICES=(["tcp:6443"]="api" ["tcp:2379:2380"]="etcd" ["udp:8472"]="vxlan")
for svc in tcp:6443 tcp:2379:2380 udp:8472; do
  proto="${svc%%:*}"; ports="${svc#*:}"
  for n in $NODES; do
    iptables -w -A INPUT -s "$n" -p "$proto" -m "$proto" --dport "$ports" -m comment --comment "k8s: ${SERVICES[$svc]}" -j ACCEPT
  done
done
iptables -w 5 -t nat -N KUBE-SVC
weights=(3 2 1)
for i in "${!weights[@]}"; do
  n=${weights[i]}
  if (( n > 1 )); then
    iptables -t nat -A KUBE-SVC -m statistic --mode random --probability "0.$((10 / n))" -j MARK --set-mark "0x$((i+1))"
  else
    iptables -t nat -A KUBE-SVC -j MARK --set-mark 0x3
  fi
done
