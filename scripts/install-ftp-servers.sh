#!/bin/sh
# Unpacks the FTP servers that npm run test:kernel:servers tries: Debian or Ubuntu, as root. Their packages exclude each
# other, so they are not installed: they are unpacked into a folder, /opt/ftp-firewall-servers unless $FTP_SERVERS says
# another, with the libraries that the system does not have. The clients (curl, lftp) are installed.
# Does nothing, quickly, where everything is there.
set -eu

folder=${FTP_SERVERS:-/opt/ftp-firewall-servers}
servers="vsftpd pure-ftpd proftpd-core proftpd-mod-crypto python3-pyftpdlib"
clients="curl lftp"

if [ -f "$folder/versions" ] && command -v curl >/dev/null && command -v lftp >/dev/null; then exit 0; fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  echo "install-ftp-servers: needs a Debian system, and root" >&2
  exit 1
fi

"$(dirname "$0")/install-kernel-lab.sh"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $clients >/dev/null 2>&1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for server in $servers; do
  # The server itself is among what would be installed, unless it is installed already.
  needed=$(apt-get install -s --no-install-recommends "$server" | sed -n 's/^Inst \([^ ]*\).*/\1/p')
  # shellcheck disable=SC2086
  apt-get download -qq "$server" $needed 2>/dev/null
done

rm -rf "$folder"
mkdir -p "$folder"
for package in *.deb; do
  dpkg-deb -x "$package" "$folder"
  dpkg-deb -W --showformat '${Package} ${Version}\n' "$package" >>"$work/versions"
done
mv "$work/versions" "$folder/versions"
