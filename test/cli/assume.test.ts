import assert from "node:assert/strict";
import { test } from "node:test";
import { inFolder } from "./cli.ts";

const SCRIPT = `#!/bin/sh
. "$CONF/ports.sh"
iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -i "$WAN" -p tcp --dport $FTP -j ACCEPT
`;
const FILES = { "fw.sh": SCRIPT, "conf/ports.sh": "FTP=21\n" };

function stating(assume: unknown): string {
  return JSON.stringify({ assume });
}

test("assume in .ftp-firewall.json holds for check, fix, simulate and expand", () => {
  const settings = stating({ CONF: "conf", WAN: "eth0" });
  inFolder({ ...FILES, ".ftp-firewall.json": settings }, (folder) => {
    assert.match(folder.run(["check", "fw.sh"]).stdout, /^fw\.sh:5:1 warning helper-not-assigned/m);
    assert.match(
      folder.run(["expand", "fw.sh"]).stdout,
      /^-A INPUT -i eth0 -p tcp -m tcp --dport 21 -j ACCEPT$/m,
    );
    const simulated = () => {
      const args = ["simulate", "fw.sh", "--role", "server", "--client-interface", "eth0"];
      const { document } = folder.json<{ sessions: Record<string, { verdict: string }> }>(args);
      return document.sessions.passive4?.verdict;
    };
    assert.equal(simulated(), "blocked");
    assert.equal(folder.run(["fix", "fw.sh"]).status, 0);
    assert.equal(simulated(), "works");
    assert.equal(folder.run(["check", "fw.sh"]).status, 0);
  });
});

test("without it nothing is known of them", () => {
  inFolder(FILES, (folder) => {
    assert.doesNotMatch(folder.run(["check", "fw.sh"]).stdout, /helper-not-assigned/);
    assert.match(
      folder.run(["expand", "fw.sh"]).stdout,
      /^# unknown: fw\.sh:2 depends on what the file "\$CONF\/ports\.sh" does/m,
    );
  });
});

test("--config names the file that says it", () => {
  inFolder({ ...FILES, "other.json": stating({ CONF: "conf", WAN: "eth0" }) }, (folder) => {
    const { stdout } = folder.run(["check", "fw.sh", "--config", "other.json"]);
    assert.match(stdout, /helper-not-assigned/);
  });
});

test("files that are sourced by an assumed name are one host with the script", () => {
  const settings = stating({ CONF: "conf", WAN: "eth0" });
  const sourced = { ...FILES, "conf/ports.sh": "FTP=21\niptables -F\n" };
  inFolder({ ...sourced, ".ftp-firewall.json": settings }, (folder) => {
    const { document } = folder.json<{ files: { path: string; sessions: unknown[] }[] }>(["check", "."]);
    assert.deepEqual(
      document.files.map(({ path }) => path),
      ["fw.sh", "conf/ports.sh"],
    );
    assert.match(folder.run(["check", "."]).stdout, /helper-not-assigned/);
  });
});

test("what is no name or no text: exit status 2, and one line that says what to write", () => {
  for (const [assume, message] of [
    [{ $WAN: "eth0" }, /^ftp-firewall: \S*\.ftp-firewall\.json: assume names “\$WAN”, .* \(write WAN\)\n$/],
    [
      { PORT: 21 },
      /^ftp-firewall: \S*\.ftp-firewall\.json: assume has to be an object .*, not \{"PORT":21\}\n$/,
    ],
  ] as const) {
    inFolder({ ...FILES, ".ftp-firewall.json": stating(assume) }, (folder) => {
      for (const args of [["check"], ["fix"], ["expand"], ["simulate", "--role", "server"]]) {
        const { status, stderr } = folder.run([...args, "fw.sh"]);
        assert.equal(status, 2);
        assert.match(stderr, message);
      }
    });
  }
});
