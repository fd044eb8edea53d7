#!/bin/bash
su -c 'iptables -A INPUT -p tcp --dport 21 -j ACCEPT'
su root -c 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT'
su - -c 'iptables -A INPUT -p tcp --dport 23 -j ACCEPT'
