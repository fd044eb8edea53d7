#!/bin/sh
# Empties the chains of table filter; policies stay, and so do other tables.
iptables -F
