#!/usr/bin/env bash
# Functions, main, and a check who runs it.
set -u

log() { printf '%s\n' "$*"; }
die() { echo "$*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || die "run as root"

policies() {
  iptables -P INPUT DROP
  iptables -P OUTPUT DROP
}

outgoing() {
  local p
  for p in "$@"; do
    iptables -A OUTPUT -p tcp --dport "$p" -m conntrack --ctstate NEW -j ACCEPT
  done
}

main() {
  iptables -F
  policies
  iptables -A INPUT -i lo -j ACCEPT
  iptables -A OUTPUT -o lo -j ACCEPT
  iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  iptables -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  outgoing 21 22 80 443
  log "firewall is up"
}

main "$@"
