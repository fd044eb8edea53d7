#!/bin/bash
# Outside: asks the user (who is not there, so the answer is empty).

echo -n "Open FTP as well? "
read answer
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
if [ "$answer" = y ]; then
    iptables -A INPUT -p tcp --dport 21 -j ACCEPT # maybe
fi
case $answer in
    [nN]*|"") iptables -A INPUT -p tcp --dport 21 -j REJECT ;; # maybe
esac
iptables -P INPUT DROP
