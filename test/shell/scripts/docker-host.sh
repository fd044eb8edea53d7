#!/usr/bin/env bash
# Style: rules for a host with containers: DOCKER-USER made if it is missing, inserted in reverse, quiet errors.
set -o errexit
set -o pipefail

readonly CHAIN=DOCKER-USER
readonly EXT="eth0"
declare -ar ALLOWED=("80" "443" "21" "30000:30009")

main() {
    iptables -w 5 -N "${CHAIN}" 2> /dev/null || true
    iptables -w 5 -F "${CHAIN}"
    iptables -w 5 -C FORWARD -j "${CHAIN}" &> /dev/null || iptables -w 5 -I FORWARD -j "${CHAIN}"

    iptables -w 5 -A "${CHAIN}" -j RETURN
    iptables -w 5 -I "${CHAIN}" -i "${EXT}" -j DROP
    local i
    for (( i = ${#ALLOWED[@]} - 1; i >= 0; i-- )); do
        iptables -w 5 -I "${CHAIN}" -i "${EXT}" -p tcp -m conntrack --ctorigdstport "${ALLOWED[i]}" --ctdir ORIGINAL -j ACCEPT
    done
    iptables -w 5 -I "${CHAIN}" -i "${EXT}" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
}

if [[ "${BASH_SOURCE[0]}" == "$0" ]]; then
    main "$@"
fi
