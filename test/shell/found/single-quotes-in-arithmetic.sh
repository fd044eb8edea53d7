#!/bin/bash
(( '2' >= 2 )) && iptables -A FORWARD -p tcp --dport 50000 -j DROP
(( "2" >= 2 )) && iptables -A FORWARD -p tcp --dport 50001 -j DROP
