#!/bin/bash
template() {
  cat <<EOF
*filter
:INPUT ${1:-ACCEPT} [0:0]
$(printf -- '-A INPUT -p tcp --dport %s -j ACCEPT\n' "${@:2}")
COMMIT
EOF
}
rules=$(template DROP 21 22)
iptables-restore <<< "$rules"
iptables-restore -n < <(template ACCEPT 990 | grep -v ':INPUT')
ip6tables-restore <<-E
	$(template DROP 21 | sed 's/tcp/udp/')
	E
