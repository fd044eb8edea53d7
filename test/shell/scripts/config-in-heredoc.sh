#!/bin/bash
# Style: the configuration is text in a variable, parsed by the script itself with read, case and parameter trimming.

CONFIG="
# zone  interface  default
zone lan eth1 accept
zone wan eth0 drop

# open  zone service[,service]
open wan ftp,ssh
open lan any
"

declare -A IF
port() { case $1 in ftp) echo 21;; ssh) echo 22;; *) return 1;; esac; }

while read -r verb zone arg rest; do
    case $verb in
        ""|\#*) continue ;;
        zone)
            IF[$zone]=$arg
            iptables -N "in-$zone"
            iptables -A INPUT -i "$arg" -j "in-$zone"
            [ "$rest" = drop ] && LAST="$LAST $zone"
            ;;
        open)
            while [ -n "$arg" ]; do
                service=${arg%%,*}
                if [ "$service" = "$arg" ]; then arg=; else arg=${arg#*,}; fi
                if p=$(port $service); then
                    iptables -A "in-$zone" -p tcp --dport $p -j ACCEPT
                else
                    iptables -A "in-$zone" -j ACCEPT
                fi
            done
            ;;
    esac
done <<< "$CONFIG"
for zone in $LAST; do iptables -A "in-$zone" -j DROP; done
iptables -A FORWARD -i "${IF[lan]}" -o "${IF[wan]}" -j ACCEPT
