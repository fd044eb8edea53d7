#!/bin/bash
# Style: idempotent; every rule is asked for with -C before it is appended, every chain made unless it exists.

ensure() {
    iptables -C "$@" 2>/dev/null || iptables -A "$@"
}

ensure_first() {
    iptables -C "$@" 2>/dev/null || iptables -I "$@"
}

ensure_chain() {
    iptables -nL "$1" >/dev/null 2>&1 || iptables -N "$1"
}

ensure_chain FTP
ensure_chain FTP          # twice does no harm
ensure FTP -p tcp --dport 21 -j ACCEPT
ensure FTP -p tcp --dport 40000:40100 -j ACCEPT
ensure INPUT -i lo -j ACCEPT
ensure INPUT -j FTP
ensure INPUT -i lo -j ACCEPT
ensure_first INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
ensure_first INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
if ! iptables -C INPUT -p tcp --dport 22 -j ACCEPT 2>/dev/null; then
    iptables -I INPUT 2 -p tcp --dport 22 -j ACCEPT
fi
iptables -C OUTPUT -j ACCEPT 2>/dev/null && iptables -D OUTPUT -j ACCEPT
iptables -P INPUT DROP
