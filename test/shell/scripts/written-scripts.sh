#!/bin/sh
{
  echo "iptables -A INPUT -p tcp --dport 21 -j ACCEPT"
  echo "iptables -A INPUT -p tcp --dport 22 -j ACCEPT"
} > /tmp/fw.sh
sh /tmp/fw.sh
chmod +x /tmp/fw.sh
cat > /tmp/fw2.sh <<'EOF'
#!/bin/sh
iptables -A OUTPUT -p tcp --dport "$1" -j ACCEPT
EOF
chmod 755 /tmp/fw2.sh
/tmp/fw2.sh 8021
. /tmp/fw.sh
awk '{print "iptables -A INPUT -s " $1 " -j DROP"}' <<EOF | sh
192.0.2.1 x
192.0.2.2 y
EOF
