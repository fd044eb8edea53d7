import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeSettings, readConfigText, readSettings } from "../../server/src/settings.ts";
import { mainFiles } from "../../server/src/twins.ts";

test("hosts: a list of hosts, each a list of files, is kept as it is written", () => {
  const hosts = [["nftables.conf", "iptables/rules.v4"], ["b.nft"]];
  assert.deepEqual(readSettings({ hosts }), { settings: { hosts }, problems: [] });
  assert.deepEqual(readConfigText('{ "hosts": [] }'), { settings: { hosts: [] }, problems: [] });
});

test("hosts: everything else is a problem that shows how it is written", () => {
  for (const hosts of [true, "a.nft", {}, ["a.nft"], [[]], [["a.nft", 4]], [[""]], [["a.nft"], "b.nft"]]) {
    const { settings, problems } = readSettings({ hosts }, "ftpFirewall.");
    assert.deepEqual(settings, {});
    assert.equal(problems.length, 1);
    assert.match(
      problems[0]!,
      /^ftpFirewall\.hosts has to be a list of hosts, .* \[\["nftables\.conf", "iptables\/rules\.v4"\]\], not /,
    );
  }
});

test("hosts are no part of an analysis's settings", () => {
  assert.equal("hosts" in mergeSettings({ hosts: [["a.nft"]] }, { fixStrategy: "ports" }), false);
});

test("checks: levels of checks that exist are kept, also of those that the tools' errors and comments have", () => {
  const checks = { "active-data-blocked": "off", "undefined-chain": "info", "unused-suppression": "error" };
  assert.deepEqual(readSettings({ checks }), { settings: { checks }, problems: [] });
});

test("checks: a code that does not exist is a problem that says what is near; the others are kept", () => {
  const checks = { "passive-blocked": "off", xyz: "off", constructor: "off", "syntax-error": "warning" };
  assert.deepEqual(readSettings({ checks }, "ftpFirewall."), {
    settings: { checks: { "syntax-error": "warning" } },
    problems: [
      "ftpFirewall.checks names “passive-blocked”, which is no check (did you mean passive-data-blocked?)",
      "ftpFirewall.checks names “xyz”, which is no check",
      "ftpFirewall.checks names “constructor”, which is no check",
    ],
  });
});

test("assume: what variables and arguments hold", () => {
  const assume = { WAN: "eth0", _x1: "", "1": "start" };
  assert.deepEqual(readSettings({ assume }), { settings: { assume }, problems: [] });
  assert.deepEqual(mergeSettings({ assume: { A: "1", B: "2" } }, { assume: { B: "3" } }).assume, {
    A: "1",
    B: "3",
  });
});

test("assume: a name that is none is a problem that says what to write; the others are kept", () => {
  const assume = { $WAN: "eth0", "${LAN}": "eth1", "A-B": "", "0": "fw", "": "", OK: "yes" };
  const why = "which is neither a variable's name nor an argument's number";
  assert.deepEqual(readSettings({ assume }, "ftpFirewall."), {
    settings: { assume: { OK: "yes" } },
    problems: [
      `ftpFirewall.assume names “0”, ${why} (1 is the script's first argument)`,
      `ftpFirewall.assume names “$WAN”, ${why} (write WAN)`,
      `ftpFirewall.assume names “\${LAN}”, ${why} (write LAN)`,
      `ftpFirewall.assume names “A-B”, ${why} (1 is the script's first argument)`,
      `ftpFirewall.assume names “”, ${why} (1 is the script's first argument)`,
    ],
  });
});

test("assume: a value that is no text is a problem that shows how it is written", () => {
  for (const assume of [true, "WAN=eth0", ["WAN"], { PORT: 21 }, { WAN: null }, { WAN: ["eth0"] }]) {
    const { settings, problems } = readSettings({ assume });
    assert.deepEqual(settings, {});
    assert.match(problems.join(), /^assume has to be an object .* each value a text, .*"eth0" }, not /);
  }
});

test("the file that is loaded at boot lies beside an included file or above it", () => {
  const above = ["nftables.conf", "../nftables.conf", "../../nftables.conf"];
  assert.deepEqual(mainFiles("/etc/nftables.d/ftp.nft"), above);
  assert.deepEqual(mainFiles("/etc/nftables/ftp.nft"), [...above, "../sysconfig/nftables.conf"]);
  assert.deepEqual(mainFiles("ftp.nft"), above);
});
