#!/bin/bash
# Style: limits written as users write them: per second, minute, hour, day, bursts, hashlimit and recent in functions.

limit() { # limit CHAIN PROTO PORT RATE [BURST]
    local chain=$1 proto=$2 port=$3 rate=$4 burst=${5:-5}
    iptables -A "$chain" -p "$proto" --dport "$port" -m limit --limit "$rate" --limit-burst "$burst" -j ACCEPT
}
bruteforce() {
    iptables -A INPUT -p tcp --dport $1 -m conntrack --ctstate NEW -m recent --set --name "$2" --rsource
    iptables -A INPUT -p tcp --dport $1 -m conntrack --ctstate NEW -m recent --update --seconds ${3-60} --hitcount ${4-4} --name "$2" --rsource -j DROP
}

limit INPUT tcp 21 3/sec
limit INPUT tcp 80 100/minute 200
limit INPUT udp 53 10/hour 1
limit FORWARD tcp 25 5/day
bruteforce 21 FTP
bruteforce 22 SSH 120 3
iptables -A INPUT -p icmp -m icmp --icmp-type echo-request -m limit --limit 2/s -j ACCEPT
iptables -A INPUT -p tcp --dport 8080 -m hashlimit --hashlimit-name web --hashlimit-upto 20/sec --hashlimit-mode srcip -j ACCEPT
iptables -A INPUT -p tcp --syn -m connlimit --connlimit-above 20 --connlimit-mask 24 -j DROP
iptables -A INPUT -m limit -j LOG
