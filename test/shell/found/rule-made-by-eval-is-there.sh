#!/bin/bash
eval 'iptables -A OUTPUT -j DROP'
case eth1 in
    eth*)
        iptables -C OUTPUT -j DROP 2>/dev/null || iptables -A OUTPUT -j DROP
    ;&
esac
