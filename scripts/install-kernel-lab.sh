#!/bin/sh
# Installs what the tests in the kernel need (npm run test:kernel, npm run test:shell): Debian or Ubuntu, as root.
# Does nothing, quickly, where everything is there.
set -eu

wanted="bash conntrack dash iproute2 ipset iptables nftables openssl procps python3 vsftpd"

missing=""
for package in $wanted; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "install-kernel-lab: not a Debian system; please install:$missing" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "install-kernel-lab: run as root to install:$missing" >&2
  exit 1
fi

# The packages' own daemons must not start: the tests run theirs in namespaces of their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
install() {
  # shellcheck disable=SC2086 # a list of words
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
install 2>/dev/null || { apt-get update -qq && install; }
