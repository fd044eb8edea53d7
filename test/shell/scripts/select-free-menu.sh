#!/bin/bash
# Style: a profile chosen by a variable through a function table, coproc-free, with mapfile -d and read -d.

PROFILE=office
profiles=(home office cafe)

index_of() {
    local i
    for i in "${!profiles[@]}"; do
        [[ ${profiles[i]} = "$1" ]] && { echo "$i"; return; }
    done
    echo -1
}

case $(index_of "$PROFILE") in
    0) nets=192.168.0.0/16 strict=0 ;;
    1) nets="10.0.0.0/8 172.16.0.0/12" strict=1 ;;
    *) nets= strict=2 ;;
esac
IFS=: read -r -d '' first second <<< "21:22" || true
second=${second%$'\n'}
mapfile -t -d ' ' array < <(printf '%s ' $nets)
for net in "${array[@]}"; do
    iptables -A INPUT -s "$net" -p tcp -m multiport --dports "$first,$second" -j ACCEPT
done
((strict >= 1)) && iptables -A INPUT -j DROP
((strict >= 2)) && iptables -A OUTPUT -j DROP
iptables -A FORWARD -m comment --comment "profile ${PROFILE@Q} ${profiles[*]:1}" -j DROP
