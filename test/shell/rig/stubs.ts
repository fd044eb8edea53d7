import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a script sees in place of programs that reach the machine itself: they succeed and do nothing. */
const HARMLESS = [
  "modprobe",
  "insmod",
  "rmmod",
  "depmod",
  "sysctl",
  "service",
  "systemctl",
  "invoke-rc.d",
  "update-rc.d",
  "chkconfig",
  "netfilter-persistent",
  "reboot",
  "logger",
  "sleep",
  "mail",
];

/** Where each of them is looked for, by its name and by full paths (`/sbin` and `/bin` lead to these). */
const FOLDERS = ["usr/sbin", "usr/bin"];

const NOTHING = "#!/bin/sh\nexit 0\n";

/** `sudo [-n] [-E] command…` */
const SUDO = '#!/bin/sh\nwhile case "$1" in -*) true ;; *) false ;; esac; do shift; done\nexec "$@"\n';

/** What scripts learn of the host: always the same, so that a listing can be stated. */
const HOST: Readonly<Record<string, string>> = {
  hostname: 'case "$1" in -I) echo "192.0.2.10 " ;; -i) echo 192.0.2.10 ;; *) echo gateway ;; esac',
  curl: "echo 198.51.100.7",
  dig: "echo 198.51.100.53",
  ip: "echo '2: eth0: <UP> mtu 1500'\necho '    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0'",
  lsmod: "echo 'nf_conntrack 1 0'",
};

/** The programs whose runs can be recorded. */
export const RECORDED = [
  "iptables",
  "ip6tables",
  "iptables-nft",
  "ip6tables-nft",
  "iptables-restore",
  "ip6tables-restore",
  "iptables-save",
  "ip6tables-save",
  "nft",
] as const;

/**
 * Writes to /run/recorded, each part ended by NUL: the name, the exit status, what was read from standard input
 * ("" for programs that read none), the number of arguments and these. Then what the real program did is handed on.
 */
const RECORDER = `#!/bin/sh
name=\${0##*/}
# By their own names these are links that lead back here.
case $name in nft) real=/recorded/nft ;; *) real="/recorded/xtables-nft-multi \${name%-nft}" ;; esac
input=
reads=false
case $name in *-restore) reads=true ;; esac
if [ $name = nft ]; then for word; do [ "$word" != - ] || reads=true; done; fi
if $reads && [ ! -t 0 ]; then
  copy=/run/input.$$
  cat >$copy
  $real "$@" <$copy
  status=$?
  input=$(cat $copy)
else
  $real "$@"
  status=$?
fi
printf '%s\\0' "$name" $status "$input" $# "$@" >>/run/recorded
exit $status
`;

/** Makes the layer of files that lies over the machine's own. */
export function writeStubs(folder: string, recording: boolean): void {
  for (const name of HARMLESS) for (const place of FOLDERS) write(join(folder, place, name), NOTHING);
  write(join(folder, "usr/bin/sudo"), SUDO);
  for (const [name, body] of Object.entries(HOST)) {
    for (const place of FOLDERS) write(join(folder, place, name), `#!/bin/sh\n${body}\n`);
  }
  if (!recording) return;
  mkdirSync(join(folder, "recorded"));
  for (const name of RECORDED) write(join(folder, "usr/sbin", name), RECORDER);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
}
