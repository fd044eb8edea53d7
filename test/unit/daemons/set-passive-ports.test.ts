import assert from "node:assert/strict";
import { test } from "node:test";
import { describePins, pinsFor } from "../../../server/src/daemons/passive-range.ts";
import { readServerConfigs } from "../../../server/src/daemons/read-server-config.ts";
import { setPassivePorts } from "../../../server/src/daemons/set-passive-ports.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const RANGE = { low: 50000, high: 50100 };
const VSFTPD = "/etc/vsftpd.conf";
const PROFTPD = "/etc/proftpd/proftpd.conf";
const PURE = "/etc/pure-ftpd.conf";
const OPTION = "/etc/pure-ftpd/conf/PassivePortRange";

/** What the edits make of a text; once more changes nothing. */
function pinned(path: string, text: string): string {
  const edits = setPassivePorts({ path, text }, RANGE);
  assert.ok(edits, "declined");
  const after = applyEdits(text, edits);
  assert.deepEqual(setPassivePorts({ path, text: after }, RANGE), []);
  return after;
}

const CASES: readonly [name: string, path: string, before: string, after: string][] = [
  [
    "vsftpd: the numbers alone",
    VSFTPD,
    "listen=YES\r\npasv_min_port= 30000 # low\r\n pasv_max_port=30100\r\nssl_enable=NO\r\n",
    "listen=YES\r\npasv_min_port= 50000 # low\r\n pasv_max_port=50100\r\nssl_enable=NO\r\n",
  ],
  [
    "vsftpd: of two lines the one that counts",
    VSFTPD,
    "pasv_min_port=1\npasv_max_port=2\npasv_min_port=3\n",
    "pasv_min_port=1\npasv_max_port=50100\npasv_min_port=50000\n",
  ],
  [
    "vsftpd: behind the commented-out lines",
    VSFTPD,
    "listen=YES\n#pasv_min_port=40000\n#pasv_max_port=40100\nssl_enable=NO\n",
    "listen=YES\n#pasv_min_port=40000\npasv_min_port=50000\n#pasv_max_port=40100\npasv_max_port=50100\nssl_enable=NO\n",
  ],
  [
    "vsftpd: beside the other limit",
    VSFTPD,
    "listen=YES\npasv_max_port=40100\nssl_enable=NO\n",
    "listen=YES\npasv_min_port=50000\npasv_max_port=50100\nssl_enable=NO\n",
  ],
  [
    "vsftpd: behind what is about passive mode",
    VSFTPD,
    "listen=YES\npasv_enable=YES\nconnect_from_port_20=YES\nssl_enable=NO\n",
    "listen=YES\npasv_enable=YES\npasv_min_port=50000\npasv_max_port=50100\nconnect_from_port_20=YES\nssl_enable=NO\n",
  ],
  [
    "vsftpd: at the end, without a final newline",
    VSFTPD,
    "anonymous_enable=NO\r\nlocal_enable=YES",
    "anonymous_enable=NO\r\nlocal_enable=YES\r\npasv_min_port=50000\r\npasv_max_port=50100",
  ],
  ["vsftpd: an empty file", VSFTPD, "", "pasv_min_port=50000\npasv_max_port=50100\n"],
  [
    "vsftpd: lines that it refuses are mended",
    VSFTPD,
    "pasv_min_port = 30000\npasv_max_port\n",
    "pasv_min_port=50000\npasv_max_port=50100\n",
  ],
  [
    "ProFTPD: the numbers alone",
    PROFTPD,
    "Port 21\n  PassivePorts\t30000   30100  # opened\n",
    "Port 21\n  PassivePorts\t50000   50100  # opened\n",
  ],
  [
    "ProFTPD: every range there is",
    PROFTPD,
    "<Global>\n  PassivePorts 30000 30100\n</Global>\n<VirtualHost a>\n  passiveports 1 2\n</VirtualHost>\n",
    "<Global>\n  PassivePorts 50000 50100\n</Global>\n<VirtualHost a>\n  passiveports 50000 50100\n</VirtualHost>\n",
  ],
  [
    "ProFTPD: a range that it refuses",
    PROFTPD,
    "PassivePorts 30000-30100\nPort 21\n",
    "PassivePorts 50000 50100\nPort 21\n",
  ],
  [
    "ProFTPD: behind the commented-out line",
    PROFTPD,
    "Port 21\n\n# In some cases\n# PassivePorts 49152 65534\n\nUmask 022\n",
    "Port 21\n\n# In some cases\n# PassivePorts 49152 65534\nPassivePorts 50000 50100\n\nUmask 022\n",
  ],
  [
    "ProFTPD: never inside a block",
    PROFTPD,
    "<Anonymous ~ftp>\n# PassivePorts 1 2\n  User ftp\n</Anonymous>",
    "<Anonymous ~ftp>\n# PassivePorts 1 2\n  User ftp\n</Anonymous>\nPassivePorts 50000 50100",
  ],
  [
    "ProFTPD: a virtual host needs <Global>",
    PROFTPD,
    "Port 21\n<VirtualHost 192.0.2.1>\n  Port 2121\n</VirtualHost>\n",
    "Port 21\n<Global>\n  PassivePorts 50000 50100\n</Global>\n<VirtualHost 192.0.2.1>\n  Port 2121\n</VirtualHost>\n",
  ],
  [
    "ProFTPD: an existing <Global>",
    PROFTPD,
    "<Global>\n\tUmask 022\n</Global>\n<VirtualHost 192.0.2.1>\n</VirtualHost>\n",
    "<Global>\n\tPassivePorts 50000 50100\n\tUmask 022\n</Global>\n<VirtualHost 192.0.2.1>\n</VirtualHost>\n",
  ],
  [
    "Pure-FTPd: the numbers alone",
    PURE,
    "PassivePortRange     30000 30100\nTLS 1\n",
    "PassivePortRange     50000 50100\nTLS 1\n",
  ],
  [
    "Pure-FTPd: behind the commented-out line, aligned like it",
    PURE,
    "Bind ,21\n# PassivePortRange             30000 50000\nTLS 1\n",
    "Bind ,21\n# PassivePortRange             30000 50000\nPassivePortRange             50000 50100\nTLS 1\n",
  ],
  [
    "Pure-FTPd: a range that it refuses",
    PURE,
    "PassivePortRange 30000:30100\n",
    "PassivePortRange 50000 50100\n",
  ],
  ["Pure-FTPd: at the end", PURE, "TLS 1\n", "TLS 1\nPassivePortRange 50000 50100\n"],
  ["Debian's folder: the numbers alone", OPTION, "# ports\n30000 30100", "# ports\n50000 50100"],
  ["Debian's folder: an empty file", OPTION, "", "50000 50100\n"],
  ["Debian's folder: a range that it refuses", OPTION, "30000:30100\n", "50000 50100\n"],
];

for (const [name, path, before, after] of CASES) {
  test(name, () => {
    assert.equal(pinned(path, before), after);
    for (const { passivePorts } of readServerConfigs([{ path, text: after }])[0]!.servers)
      assert.deepEqual(passivePorts.value.bounds, [50000, 50101]);
  });
}

test("what cannot be pinned is declined", () => {
  const decline = (path: string, text: string, low = 50000, high = 50100) =>
    assert.equal(setPassivePorts({ path, text }, { low, high }), undefined);
  decline("/etc/hosts", "");
  decline("/etc/pure-ftpd/conf/Bind", ",21\n");
  decline(PROFTPD, "", 50000, 50000);
  decline(PROFTPD, "<Global>\n");
  decline(VSFTPD, "", 1000, 2000);
  decline(PURE, "", 50100, 50000);
  decline(PURE, "", 50000, 70000);
});

test("the lines that pin the common servers", () => {
  assert.equal(
    describePins(RANGE),
    "vsftpd pasv_min_port=50000 pasv_max_port=50100; ProFTPD PassivePorts 50000 50100; Pure-FTPd PassivePortRange 50000 50100",
  );
  const single = pinsFor({ low: 50000, high: 50000 });
  assert.deepEqual(
    single.map((pin) => pin.file),
    ["vsftpd.conf", "pure-ftpd.conf", "/etc/pure-ftpd/conf/PassivePortRange"],
  );
  assert.deepEqual(pinsFor({ low: 20, high: 21 }), []);
});
