#!/bin/bash
# Style: the action is dispatched inside main, by a lower-cased argument and a function named after it.

PROG=${0##*/}

do_start() {
    iptables -N IN_FTP
    iptables -A IN_FTP -p tcp -m tcp --dport 21 -j ACCEPT
    iptables -A INPUT -j IN_FTP
    do_common start
}

do_stop() {
    iptables -D INPUT -j IN_FTP
    iptables -F IN_FTP
    iptables -X IN_FTP
}

do_common() {
    iptables -A INPUT -m comment --comment "$1 by firewall" -j RETURN
}

main() {
    local action=$1
    case "$action" in
        start|stop) "do_$action" ;;
        restart) do_stop; do_start ;;
        *) echo "Usage: $PROG start|stop|restart"; return 2 ;;
    esac
}

main "$@"
