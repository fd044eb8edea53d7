import assert from "node:assert/strict";
import { test } from "node:test";
import { readVsftpd } from "../../../server/src/daemons/vsftpd.ts";
import { inOneLine, problems, textAt } from "./facts.ts";

const read = (text: string) => readVsftpd({ path: "/etc/vsftpd.conf", text });
const server = (text: string) => inOneLine(read(text).servers[0]!);

const DEBIAN = `# Example config file /etc/vsftpd.conf
#
# Run standalone?
listen=NO
#
listen_ipv6=YES
anonymous_enable=NO
local_enable=YES
#write_enable=YES
dirmessage_enable=YES
use_localtime=YES
connect_from_port_20=YES
#xferlog_file=/var/log/vsftpd.log
secure_chroot_dir=/var/run/vsftpd/empty
pam_service_name=vsftpd
rsa_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem
ssl_enable=NO
`;

test("the file that Debian installs", () => {
  assert.equal(server(DEBIAN), "21 v4+6 passive 5001-65535 data 20 tls none own");
  assert.deepEqual(problems(read(DEBIAN)), []);
});

test("every fact knows its line and its value", () => {
  const text = "listen=YES\r\npasv_min_port= 30000 \r\n\tpasv_max_port=30100\r\n";
  const { passivePorts, families } = read(text.replace("listen=YES\r\n", "listen=YES\n")).servers[0]!;
  const plain = text.replace("listen=YES\r\n", "listen=YES\n");
  assert.deepEqual(
    passivePorts.places.map((place) => textAt(plain, place)),
    [
      ["pasv_min_port= 30000", "30000"],
      ["pasv_max_port=30100", "30100"],
    ],
  );
  assert.deepEqual(
    families!.places.map((place) => textAt(plain, place)),
    [["listen=YES", "YES"]],
  );
  assert.equal(passivePorts.note, undefined);
});

// Each was seen with vsftpd 3.0.3 of Debian 12 listening on 127.0.0.1.
const PASSIVE: readonly [settings: string, ports: string][] = [
  ["pasv_min_port=30000\npasv_max_port=30100", "30000-30100"],
  ["pasv_min_port=60000", "60000-65535"],
  ["pasv_max_port=5003", "5001-5003"],
  ["pasv_max_port=2000", "5001-65535"],
  ["pasv_min_port=0\npasv_max_port=1026", "1024-1026"],
  ["pasv_min_port=40000\npasv_max_port=30000", "40000-65535"],
  ["pasv_min_port=80\npasv_max_port=1100", "1024-1100"],
  ["pasv_min_port=80\npasv_max_port=100", "1024-65535"],
  ["pasv_min_port=70000\npasv_max_port=80000", "1024-65535"],
  ["pasv_min_port=-1\npasv_max_port=1100", "1024-1100"],
  ["pasv_min_port=abc\npasv_max_port=1100", "1024-1100"],
  ["pasv_min_port=1090x\npasv_max_port=1100", "1090-1100"],
  ["pasv_min_port=02104\npasv_max_port=1100", "1092-1100"],
  ["pasv_min_port=1090 # low\npasv_max_port=1092 # high", "1090-1092"],
  ["pasv_min_port=1090\r\npasv_max_port=1092\r", "1090-1092"],
  ["pasv_min_port=1090\npasv_min_port=1100\npasv_max_port=1100", "1100-1100"],
  ["pasv_enable=NO\npasv_min_port=30000", "off"],
];

for (const [settings, expected] of PASSIVE) {
  test(`passive ports: ${JSON.stringify(settings)}`, () => {
    assert.match(server(`listen=YES\n${settings}\n`), new RegExp(`passive ${expected} `));
  });
}

// Likewise.
const REFUSED: readonly [settings: string, oops: RegExp][] = [
  ["pasv_min_port = 30000", /unrecognised variable/],
  ["pasv_min_port =30000", /unrecognised variable/],
  ["listen= YES", /blanks beside the value/],
  ["listen=YES ", /blanks beside the value/],
  ["listen=YES\r", /carriage return/],
  ["listen=on", /neither YES nor NO/],
  ["listen=YES # really", /bad bool value/],
  [" # comment", /first column/],
  ["pasv_min_port=", /missing value/],
  ["pasv_min_port", /missing value/],
  ["PASV_MIN_PORT=30000", /small letters/],
  ["listen=YES\nlisten_ipv6=YES", /two copies/],
  ["\ufefflisten=YES", /byte order mark/],
];

for (const [settings, oops] of REFUSED) {
  test(`refused: ${JSON.stringify(settings)}`, () => {
    const found = read(`${settings}\n`).problems;
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.match(found[0]!.message, oops);
    assert.equal(found[0]!.refused, true);
  });
}

test("what vsftpd takes without complaint is no problem", () => {
  const text =
    "# comment\n   \n\t\n listen=yes\npasv_min_port= 30000 \npasv_max_port=30100\r\npasv_address=\n";
  assert.deepEqual(problems(read(text)), []);
});

test("what vsftpd ignores is said", () => {
  assert.deepEqual(problems(read("pasv_min_port=40000\npasv_max_port=30000\n")), [
    "vsftpd ignores pasv_max_port=30000: it is below the lowest port, 40000. Passive ports are 40000 to 65535.",
  ]);
  assert.deepEqual(problems(read("pasv_max_port=2000\n")), [
    "vsftpd ignores pasv_max_port=2000: it is below the lowest port, 5001. Passive ports are 5001 to 65535.",
  ]);
  assert.deepEqual(problems(read("pasv_min_port=70000\n")), [
    "vsftpd ignores pasv_min_port: 70000 is no port.",
  ]);
  assert.deepEqual(problems(read("pasv_min_port=port\n")), [
    "port is no number: vsftpd takes pasv_min_port to be 0.",
  ]);
  assert.deepEqual(problems(read("pasv_min_port=030000\n")), [
    "vsftpd reads a number with a leading 0 as octal: pasv_min_port is 12288.",
  ]);
});

test("a refused line still says what its author means", () => {
  assert.match(server("pasv_min_port = 30000\npasv_max_port = 30100\n"), /passive 30000-30100/);
});

test("active mode", () => {
  assert.match(server("listen=YES\n"), /data any/);
  assert.match(server("connect_from_port_20=YES\n"), /data 20/);
  assert.match(server("connect_from_port_20=YES\nftp_data_port=2020\n"), /data 2020/);
  assert.match(server("ftp_data_port=2020\n"), /data any/);
  assert.match(server("connect_from_port_20=YES\nftp_data_port=0\n"), /data any/);
  assert.match(server("listen_port=2121\nconnect_from_port_20=YES\n"), /^2121 .*data 20/);
  assert.match(server("port_enable=NO\nconnect_from_port_20=YES\n"), /data off/);
});

test("TLS", () => {
  assert.match(server("ssl_enable=NO\nimplicit_ssl=YES\n"), /tls none/);
  assert.match(server("ssl_enable=YES\nimplicit_ssl=YES\nlisten_port=990\n"), /^990 .*tls implicit/);
  assert.match(server("ssl_enable=YES\nanonymous_enable=NO\nlocal_enable=YES\n"), /tls required/);
  assert.match(
    server("ssl_enable=YES\nanonymous_enable=NO\nlocal_enable=YES\nforce_local_logins_ssl=NO\n"),
    /tls optional/,
  );
  // Anonymous logins are on unless switched off, and stay plain unless forced.
  assert.match(server("ssl_enable=YES\nlocal_enable=YES\n"), /tls optional/);
  assert.match(server("ssl_enable=YES\nlocal_enable=YES\nforce_anon_logins_ssl=YES\n"), /tls required/);
});

test("the announced address", () => {
  assert.match(server("listen=YES\npasv_address=192.0.2.7\n"), / 192\.0\.2\.7$/);
  assert.match(server("listen=YES\npasv_address=192.0.2.7 \r\n"), / 192\.0\.2\.7$/);
  assert.match(server("pasv_address=ftp.example.org\npasv_addr_resolve=YES\n"), / unknown$/);
  assert.deepEqual(problems(read("pasv_address=ftp.example.org\npasv_addr_resolve=YES\n")), []);
  assert.match(problems(read("pasv_address=ftp.example.org\n"))[0]!, /needs pasv_addr_resolve=YES/);
  assert.match(server("pasv_address=192.0.2.7\npasv_address=\n"), / own$/);
});

test("an IPv6 socket announces 0.0.0.0 in place of pasv_address", () => {
  const text = "listen=NO\nlisten_ipv6=YES\npasv_address=192.0.2.7\n";
  assert.match(server(text), / 0\.0\.0\.0$/);
  assert.match(problems(read(text))[0]!, /^With listen_ipv6=YES vsftpd drops pasv_address/);
});

test("listening", () => {
  assert.match(server(""), /^21 v\? /);
  assert.match(server("listen=YES\n"), /^21 v4 /);
  assert.match(server("listen_ipv6=YES\nlisten_address6=2001:db8::1\n"), /^21 v6 /);
  assert.match(server("listen=YES\nlisten_port=65557\n"), /^21 v4 /);
});
