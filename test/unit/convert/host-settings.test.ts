import assert from "node:assert/strict";
import { test } from "node:test";
import { type Host, Loader, type Snapshot } from "../../../server/src/convert/host.ts";
import { Service } from "../../../server/src/service.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";

function load(text: string, snapshot?: Snapshot): Host {
  return new Loader().load([{ path: "fw.sh", text, dialect: "shell", family: 4 }], snapshot);
}

/** `4: the command that switched it off`, for each IP version that is off at last. */
function off(text: string, snapshot?: Snapshot): string[] {
  const state = load(text, snapshot).ruleset.host?.forwardingOff ?? {};
  return ([4, 6] as const).flatMap((family) => {
    const origin = state[family];
    if (!origin) return [];
    const { start, end } = absoluteSpan(origin);
    return `${family}: ${text.slice(start, end)}`;
  });
}

const ON = "sysctl -w net.ipv4.ip_forward=1";
const OFF = "echo 0 > /proc/sys/net/ipv4/ip_forward";

for (const [script, ...expected] of [
  [ON],
  [OFF, `4: ${OFF}`],
  [`${ON}\n${OFF}`, `4: ${OFF}`],
  [`${OFF}\n${ON}`],
  [`${OFF}\necho "1" > /proc/sys/net/ipv4/ip_forward`],
  [`${OFF}\necho 1 | sudo tee /proc/sys/net/ipv4/ip_forward >/dev/null`],
  [`${OFF}\necho $FORWARD > /proc/sys/net/ipv4/ip_forward`],
  [`${OFF}\nif [ "$ROUTER" = yes ]; then ${ON}; fi`],
  [`if [ "$ROUTER" = no ]; then ${OFF}; fi`],
  [`${OFF}\nsysctl -p`],
  [`${OFF}\nsysctl -p on.conf`],
  ["sysctl -p off.conf", "4: sysctl -p off.conf"],
  ["/sbin/sysctl -q net.ipv4.ip_forward=0", "4: /sbin/sysctl -q net.ipv4.ip_forward=0"],
  ["sysctl -w net/ipv4/conf/all/forwarding=0", "4: sysctl -w net/ipv4/conf/all/forwarding=0"],
  ["sysctl -w net.ipv6.conf.all.forwarding=0", "6: sysctl -w net.ipv6.conf.all.forwarding=0"],
  ["sysctl -w net.ipv6.conf.default.forwarding=0"],
  [`${OFF}\nsysctl -w net.ipv4.conf.eth0.forwarding=1`],
  [`${OFF}\nsysctl -w net.ipv4.conf.eth0.forwarding=0`, `4: ${OFF}`],
  ["for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done"],
  ["P=/proc/sys/net/ipv4\necho 0 > $P/ip_forward", "4: echo 0 > $P/ip_forward"],
  [`case "$1" in start) ${ON};; stop) ${OFF};; esac`],
] as const)
  test(`${script.replaceAll("\n", "; ")}: ${expected[0] ?? "not certainly off"}`, () => {
    const snapshot: Snapshot = {
      read: (path) =>
        path === "on.conf" || path === "off.conf"
          ? { path, text: `# routing\nnet.ipv4.ip_forward = ${path === "on.conf" ? 1 : 0}\n` }
          : "missing",
    };
    assert.deepEqual(off(script, snapshot), expected);
  });

test("a gateway that does not forward has no control connection, of that IP version and in that role alone", () => {
  const { sessions } = new Service().simulate([{ path: "fw.sh", text: OFF, dialect: "shell", family: 4 }], {
    role: "gateway",
  });
  assert.deepEqual(
    sessions.map(({ mode, family, verdict }) => `${mode}${family} ${verdict.verdict}`),
    ["active4 no-control", "passive4 no-control", "active6 works", "passive6 works"],
  );
  assert.equal(sessions[0]?.verdict.reason, "forwarding of IPv4 is switched off: a gateway sends nothing on");
  const server = new Service().simulate([{ path: "fw.sh", text: OFF, dialect: "shell", family: 4 }], {
    role: "server",
  });
  assert.deepEqual(new Set(server.sessions.map(({ verdict }) => verdict.verdict)), new Set(["works"]));
});

for (const [script, ports] of [
  ["modprobe nf_conntrack_ftp ports=21,2121", [21, 2121]],
  ["modprobe ip_conntrack_ftp ports=2121", [2121]],
  ["modprobe nf_conntrack_ftp", undefined],
  ["modprobe nf_conntrack_ftp\nmodprobe nf_conntrack_ftp ports=2121", undefined],
  ["modprobe nf_conntrack_ftp ports=2121\nmodprobe -r nf_conntrack_ftp", undefined],
  ["modprobe nf_conntrack_ftp ports=2121\nrmmod nf_conntrack_ftp", undefined],
  ["modprobe nf_conntrack_ftp ports=$PORTS", undefined],
] as const)
  test(`${script.replaceAll("\n", "; ")}: automatic helpers on ${ports?.join() ?? "port 21"}`, () => {
    assert.deepEqual(load(script).ruleset.host?.helperPorts, ports);
  });

test("the helper's ports count where kernels assign it by themselves", () => {
  const rules =
    "iptables -P INPUT DROP\niptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT\niptables -A INPUT -p tcp --dport 2121 -j ACCEPT\n";
  const verdicts = (text: string) =>
    new Service()
      .simulate([{ path: "fw.sh", text, dialect: "shell", family: 4 }], {
        role: "server",
        helper: "automatic",
        controlPort: 2121,
        modes: ["passive"],
      })
      .sessions.filter(({ family }) => family === 4)
      .map(({ verdict }) => verdict.verdict);
  assert.deepEqual(verdicts(rules), ["blocked"]);
  assert.deepEqual(verdicts(`modprobe nf_conntrack_ftp ports=21,2121\n${rules}`), ["works"]);
});

const RULE = "iptables -A INPUT -p tcp --dport 21 -j ACCEPT";
const CLEAR = [
  "iptables -F",
  "iptables -t nat -F",
  "iptables -t mangle -F",
  "iptables -P INPUT DROP",
  "iptables -P FORWARD DROP",
  "iptables -P OUTPUT ACCEPT",
].join("\n");

for (const [script, ...expected] of [
  [`${RULE}\nservice iptables save`],
  [`${RULE}\n/etc/init.d/iptables save`],
  [`${RULE}\niptables-save > /etc/sysconfig/iptables`],
  [`${RULE}\nnetfilter-persistent save`],
  [`${RULE}\nservice iptables save\nservice iptables restart`],
  [`${RULE}\nservice iptables save\n${RULE}\nservice iptables restart`, "service iptables restart", "ip"],
  [`${RULE}\nservice iptables stop`, "service iptables stop", "ip"],
  [`${RULE}\nsystemctl restart ip6tables.service`, "systemctl restart ip6tables.service", "ip6"],
  [`${RULE}\nsystemctl restart nftables`, "systemctl restart nftables", "all"],
  [`${RULE}\nfirewall-cmd --reload`, "firewall-cmd --reload", "all"],
  [`${RULE}\nufw allow 21/tcp`, "ufw allow 21/tcp", "all"],
  [`${RULE}\nufw status`],
  [`${RULE}\nfirewall-cmd --list-all`],
  [`${RULE}\nsystemctl restart vsftpd`],
  [`service iptables stop\n${RULE}`],
  [`systemctl stop firewalld\nufw disable\n${RULE}`],
  [`service iptables restart\n${RULE}`, "service iptables restart", "ip"],
  [`service iptables restart\n${CLEAR}\n${RULE}`],
  [`service iptables restart\niptables -F\n${RULE}`, "service iptables restart", "ip"],
  [
    `/etc/init.d/iptables restart\niptables-restore <<EOF\n*filter\nCOMMIT\n*nat\nCOMMIT\n*mangle\nCOMMIT\nEOF`,
  ],
  [`systemctl restart nftables\nnft flush ruleset\n${RULE}`],
  [`systemctl restart nftables\n${CLEAR}\n${RULE}`, "systemctl restart nftables", "all"],
] as const)
  test(`${script.replaceAll("\n", "; ").slice(0, 90)}: ${expected[0] ?? "nothing is in doubt"}`, () => {
    const { unknowns } = load(script).ruleset;
    const found = new Set(unknowns.flatMap(({ fact, table }) => [fact, table?.family ?? "all"]));
    const [command, family] = expected;
    const wanted = command === undefined ? [] : [`what “${command}” loads or leaves`, family];
    assert.deepEqual([...found], wanted);
  });
