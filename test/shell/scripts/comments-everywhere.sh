#!/bin/sh
# Style: comments in odd places, blank lines, semicolons, lines that look like commands and are none.

# iptables -A INPUT -p tcp --dport 1 -j ACCEPT
  # iptables -A INPUT -p tcp --dport 2 -j ACCEPT
iptables -A INPUT -p tcp --dport 3 -j ACCEPT # iptables -A INPUT -p tcp --dport 4 -j ACCEPT
iptables -A INPUT -p tcp --dport 5 -j ACCEPT #no blank behind the mark
: iptables -A INPUT -p tcp --dport 6 -j ACCEPT
echo iptables -A INPUT -p tcp --dport 7 -j ACCEPT
echo "
iptables -A INPUT -p tcp --dport 8 -j ACCEPT
"
: <<'DISABLED'
iptables -A INPUT -p tcp --dport 9 -j ACCEPT
# it's switched off since 2012
DISABLED
if false; then
	iptables -A INPUT -p tcp --dport 10 -j ACCEPT
fi
for p in 11 12 ; # the two
do # begin
	iptables -A INPUT -p tcp --dport $p -j ACCEPT ; # one
done # end
case x in # a case
	# nothing here
	x) # the x
		iptables -A INPUT -p tcp --dport 13 -j ACCEPT # before ;;
		;;
esac

f() # a function
{
	# whose first line is a comment
	iptables -A INPUT -p tcp --dport 14 -j ACCEPT
}
f # call it
cat > /dev/null << EOT # here
iptables -A INPUT -p tcp --dport 15 -j ACCEPT
EOT
iptables -A INPUT -p tcp \
	--dport 16 -j ACCEPT # \
iptables -A INPUT -p tcp --dport 17 -j ACCEPT
