#!/bin/sh
# Style: loads an nft file that lies beside it, which includes another one, then adds a rule at an index.

set -e
cd /srv/firewall
nft -f ./main.nft
nft insert rule inet fw input iifname "lo" accept
nft add rule inet fw input index 1 tcp dport 2121 accept
nft add rule inet fw input position 0 tcp dport 1 accept 2>/dev/null || true
nft flush chain inet fw old
nft delete chain inet fw old
cat <<EOT | nft -f -
add rule inet fw input udp dport 53 accept
EOT
echo 'add rule inet fw input counter drop' | nft -f -
