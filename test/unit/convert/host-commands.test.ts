import assert from "node:assert/strict";
import { test } from "node:test";
import { Loader, type Snapshot } from "../../../server/src/convert/host.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";

/** What a script tells the kernel, each with the text that says it, `?` where that depends on something. */
function told(script: string, snapshot?: Snapshot): string[] {
  const host = new Loader().load([{ path: "fw.sh", text: script, dialect: "shell", family: 4 }], snapshot);
  return host.hostCommands.map((one) => {
    const file = [...host.files, ...host.included].find(({ source }) => source.path === one.origin.file)!;
    const { start, end } = absoluteSpan(one.origin);
    const what = one.kind === "loads-module" ? one.module : `${one.by} ${one.removable ?? "in a variable"}`;
    const maybe = one.presence === "certain" ? "" : " ?";
    return `${what}${maybe}: ${file.source.text.slice(start, end)}`;
  });
}

for (const [script, ...expected] of [
  ["modprobe nf_conntrack_ftp", "nf_conntrack_ftp: modprobe nf_conntrack_ftp"],
  ["/sbin/modprobe -q nf-nat-ftp", "nf_nat_ftp: /sbin/modprobe -q nf-nat-ftp"],
  ["sudo -n modprobe -C /etc/m.conf ip_nat_ftp", "ip_nat_ftp: sudo -n modprobe -C /etc/m.conf ip_nat_ftp"],
  ["command modprobe ip_conntrack_ftp", "ip_conntrack_ftp: command modprobe ip_conntrack_ftp"],
  ["$MODPROBE ip_conntrack_ftp", "ip_conntrack_ftp: $MODPROBE ip_conntrack_ftp"],
  ["M=/sbin/modprobe; $M ip_conntrack_ftp", "ip_conntrack_ftp: $M ip_conntrack_ftp"],
  ["modprobe -a a b", "a: modprobe -a a b", "b: modprobe -a a b"],
  ["insmod /lib/net/ip_nat_ftp.o", "ip_nat_ftp: insmod /lib/net/ip_nat_ftp.o"],
  ["insmod ./nf_nat_ftp.ko.xz", "nf_nat_ftp: insmod ./nf_nat_ftp.ko.xz"],
  [
    "for m in ip_conntrack ip_conntrack_ftp; do modprobe $m; done",
    "ip_conntrack: modprobe $m",
    "ip_conntrack_ftp: modprobe $m",
  ],
  ['load() { modprobe "$1"; }; load nf_nat_ftp', 'nf_nat_ftp: modprobe "$1"'],
  ['run() { echo "$@"; "$@"; }; run modprobe nf_nat_ftp', "nf_nat_ftp: run modprobe nf_nat_ftp"],
  ["[ $X ] && modprobe nf_nat_ftp", "nf_nat_ftp ?: modprobe nf_nat_ftp"],
  [
    "modprobe nf_conntrack nf_conntrack_helper=1",
    "nf_conntrack: modprobe nf_conntrack nf_conntrack_helper=1",
    "module-parameter words: nf_conntrack_helper=1",
  ],
  [
    "sysctl -w net.netfilter.nf_conntrack_helper=1",
    "sysctl command: sysctl -w net.netfilter.nf_conntrack_helper=1",
  ],
  [
    "sysctl -eq net/netfilter/nf_conntrack_helper=1",
    "sysctl command: sysctl -eq net/netfilter/nf_conntrack_helper=1",
  ],
  [
    'sysctl -w net.ipv4.ip_forward=1 "net.netfilter.nf_conntrack_helper=1"',
    'sysctl words: "net.netfilter.nf_conntrack_helper=1"',
  ],
  [
    "for s in a=1 net.netfilter.nf_conntrack_helper=1; do sysctl -w $s; done",
    "sysctl in a variable: sysctl -w $s",
  ],
  [
    "echo 1 > /proc/sys/net/netfilter/nf_conntrack_helper",
    "sysctl command: echo 1 > /proc/sys/net/netfilter/nf_conntrack_helper",
  ],
  [
    "printf '1\\n' >/proc/sys/net/netfilter/nf_conntrack_helper",
    "sysctl command: printf '1\\n' >/proc/sys/net/netfilter/nf_conntrack_helper",
  ],
  [
    "P=/proc/sys/net; echo 1 > $P/netfilter/nf_conntrack_helper",
    "sysctl command: echo 1 > $P/netfilter/nf_conntrack_helper",
  ],
  [
    "echo 1 | sudo tee /proc/sys/net/netfilter/nf_conntrack_helper >/dev/null",
    "sysctl command: sudo tee /proc/sys/net/netfilter/nf_conntrack_helper >/dev/null",
  ],
  [
    "echo net.netfilter.nf_conntrack_helper = 1 >> /etc/sysctl.d/ftp.conf",
    "sysctl command: echo net.netfilter.nf_conntrack_helper = 1 >> /etc/sysctl.d/ftp.conf",
  ],
  [
    "echo 'options nf_conntrack nf_conntrack_helper=1' > /etc/modprobe.d/ftp.conf",
    "module-parameter command: echo 'options nf_conntrack nf_conntrack_helper=1' > /etc/modprobe.d/ftp.conf",
  ],
] as const) {
  test(`${script} -> ${expected.join(" + ")}`, () => assert.deepEqual(told(script), expected));
}

for (const script of [
  "modprobe -r nf_conntrack_ftp",
  "modprobe --show-depends nf_conntrack_ftp",
  "modprobe $MODULE",
  "depmod -a",
  "lsmod | grep nf_conntrack_ftp",
  "# modprobe nf_conntrack_ftp",
  "echo modprobe nf_conntrack_ftp",
  "modprobe() { :; }; modprobe nf_conntrack_ftp",
  "false && modprobe nf_conntrack_ftp",
  "sysctl -p",
  "sysctl -p net.netfilter.nf_conntrack_helper=1",
  "sysctl net.netfilter.nf_conntrack_helper",
  "sysctl -w net.netfilter.nf_conntrack_helper=0",
  "sysctl -w net.netfilter.nf_conntrack_helper=$X",
  "sysctl -w net.netfilter.nf_conntrack_acct=1",
  "echo 0 > /proc/sys/net/netfilter/nf_conntrack_helper",
  "echo $X > /proc/sys/net/netfilter/nf_conntrack_helper",
  "echo 1 > $X/netfilter/nf_conntrack_helper",
  "echo 1 > /proc/sys/net/ipv4/ip_forward",
  "cat /proc/sys/net/netfilter/nf_conntrack_helper",
  "some-program | tee /proc/sys/net/netfilter/nf_conntrack_helper",
  "echo net.netfilter.nf_conntrack_helper=1 > /tmp/notes",
]) {
  test(`${script} -> nothing`, () => assert.deepEqual(told(script), []));
}

test("what a sourced script says stands in that script", () => {
  const snapshot: Snapshot = {
    read: (path) => (path === "modules.sh" ? { path, text: "\nmodprobe nf_nat_ftp\n" } : "missing"),
  };
  assert.deepEqual(told("M=modprobe\n. modules.sh\n$M nf_conntrack_ftp", snapshot), [
    "nf_nat_ftp: modprobe nf_nat_ftp",
    "nf_conntrack_ftp: $M nf_conntrack_ftp",
  ]);
});
