import assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readlinkSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BROKEN_NFT, BROKEN_SCRIPT, BROKEN_V4, BROKEN_V6, inFolder, WORKING_NFT } from "./cli.ts";

const HELPER_SECTION = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
COMMIT
`;

/** What is printed behind what was done. */
const TRIALS = {
  "rules.v4":
    "Try it safely: `iptables-restore --test rules.v4` checks it, `iptables-apply rules.v4` loads it and goes back unless you confirm.\n",
  "a.nft": "Try it safely: `nft -c -f a.nft` checks it without loading it.\n",
  "fw.sh":
    "Try it safely: after `iptables-save > before.v4; (sleep 60; iptables-restore < before.v4) &` the old rules come back a minute later, unless `kill $!` keeps the new ones.\n",
};

test("repairs a file; a second run changes nothing", () => {
  for (const [name, text] of [
    ["rules.v4", BROKEN_V4],
    ["a.nft", BROKEN_NFT],
    ["fw.sh", BROKEN_SCRIPT],
  ] as const) {
    inFolder({ [name]: text }, (folder) => {
      const first = folder.run(["fix", name]);
      assert.deepEqual([first.status, first.stderr], [0, ""], name);
      assert.equal(
        first.stdout,
        `${name}: one change\n  Track FTP with the conntrack helper\n${TRIALS[name]}`,
      );
      const fixed = folder.read(name);
      assert.match(fixed, /ftp/);
      assert.equal(folder.run(["check", name]).status, 0, name);
      assert.deepEqual(folder.run(["fix", name]), { status: 0, stdout: "nothing to repair\n", stderr: "" });
      assert.equal(folder.read(name), fixed);
    });
  }
});

test("several files are one host and are all repaired", () => {
  inFolder({ "rules.v4": BROKEN_V4, "rules.v6": BROKEN_V6 }, (folder) => {
    assert.equal(folder.run(["fix", "rules.v4", "rules.v6"]).status, 0);
    assert.equal(folder.read("rules.v4"), HELPER_SECTION + BROKEN_V4);
    assert.equal(folder.read("rules.v6"), HELPER_SECTION + BROKEN_V6);
  });
});

test("how to try it: for each program that loads what was changed, by the file that it loads", () => {
  const main = 'include "my parts/*.nft"\n';
  const files = {
    "rules.v4": BROKEN_V4,
    "rules.v6": BROKEN_V6,
    "my main.nft": main,
    "my parts/in.nft": BROKEN_NFT,
  };
  inFolder(files, (folder) => {
    const trials = (args: readonly string[]) =>
      folder
        .run(["fix", ...args])
        .stdout.split("\n")
        .filter((line) => line.startsWith("Try it"));
    assert.deepEqual(trials(["rules.v4", "rules.v6", "--dry-run"]), []);
    assert.deepEqual(
      trials(["rules.v4", "rules.v6"]).map((line) => line.match(/`ip6?tables-apply [^`]*`/)?.[0]),
      ["`iptables-apply rules.v4`", "`ip6tables-apply rules.v6`"],
    );
    assert.deepEqual(trials(["rules.v4", "rules.v6"]), []);
    assert.match(trials(["my main.nft", "my parts/in.nft"]).join(), /`nft -c -f 'my main\.nft'`/);
  });
  const script = "#!/bin/sh\nip6tables -F\nnft add table inet x\n";
  inFolder({ "fw.sh": `${BROKEN_SCRIPT}${script}` }, (folder) => {
    assert.match(
      folder.run(["fix", "fw.sh"]).stdout,
      /`nft list ruleset > before\.nft; iptables-save > before\.v4; ip6tables-save > before\.v6; \(sleep 60; nft flush ruleset; nft -f before\.nft; iptables-restore < before\.v4; ip6tables-restore < before\.v6\) &`/,
    );
  });
});

test("--with ports: opens the range, 50000-51000 unless told, and names the daemon's lines", () => {
  inFolder({ "a.nft": BROKEN_NFT, "b.nft": BROKEN_NFT }, (folder) => {
    const usual = folder.run(["fix", "a.nft", "--with", "ports"]);
    assert.equal(usual.status, 0);
    assert.match(usual.stdout, /pasv_min_port=50000/);
    assert.match(folder.read("a.nft"), /50000-51000/);
    assert.equal(folder.run(["fix", "b.nft", "--with", "ports", "--passive-ports", "40000-40100"]).status, 0);
    assert.match(folder.read("b.nft"), /40000-40100/);
    assert.equal(folder.run(["fix", "b.nft", "--with", "hope"]).status, 2);
  });
});

test("--dry-run: a unified diff, and nothing is written", () => {
  inFolder({ "rules.v4": BROKEN_V4 }, (folder) => {
    const { status, stdout, stderr } = folder.run(["fix", "--dry-run", "rules.v4"]);
    assert.equal(status, 0);
    const added = HELPER_SECTION.replace(/^/gm, "+").slice(0, -1);
    const context = BROKEN_V4.split("\n")
      .slice(0, 4)
      .map((line) => ` ${line}\n`)
      .join("");
    assert.equal(stdout, `--- rules.v4\n+++ rules.v4\n@@ -1,4 +1,9 @@\n${added}${context}`);
    assert.equal(
      stderr,
      "ftp-firewall: rules.v4: one change\nftp-firewall:   Track FTP with the conntrack helper\n",
    );
    assert.equal(folder.read("rules.v4"), BROKEN_V4);
  });
});

test("--stdout: the fixed text of one file, from standard input too", () => {
  inFolder({ "rules.v4": BROKEN_V4 }, (folder) => {
    assert.equal(folder.run(["fix", "--stdout", "rules.v4"]).stdout, HELPER_SECTION + BROKEN_V4);
    assert.equal(
      folder.run(["fix", "--stdout", "-"], { input: BROKEN_V4 }).stdout,
      HELPER_SECTION + BROKEN_V4,
    );
    assert.equal(folder.read("rules.v4"), BROKEN_V4);
    for (const args of [
      ["--stdout", "rules.v4", "rules.v4x"],
      ["-"],
      ["--stdout", "--dry-run", "rules.v4"],
    ]) {
      const { status, stdout, stderr } = folder.run(["fix", ...args], { input: BROKEN_V4 });
      assert.deepEqual([status, stdout, stderr.split("\n").length], [2, "", 2]);
    }
  });
});

test("--role: only what was asked for, as a list or repeated", () => {
  const client = `table ip f {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established accept
  }
  chain output {
    type filter hook output priority 0; policy drop;
    ct state established,related accept
    tcp dport 21 accept
  }
}
`;
  inFolder({ "a.nft": client }, (folder) => {
    assert.equal(folder.run(["fix", "a.nft", "--role", "server"]).stdout, "nothing to repair\n");
    assert.equal(folder.read("a.nft"), client);
    assert.equal(folder.run(["fix", "a.nft", "--role", "server,nobody"]).status, 2);
    folder.run(["fix", "a.nft", "--role", "server", "--role", "client"]);
    assert.notEqual(folder.read("a.nft"), client);
  });
});

test("what cannot be repaired is named with its reason, and the exit status is 1", () => {
  const notrack = `*raw
-A PREROUTING -p tcp -m tcp --dport 21 -j CT --notrack
-A OUTPUT -p tcp -m tcp --sport 21 -j CT --notrack
COMMIT
${BROKEN_V4}`;
  inFolder({ "rules.v4": notrack }, (folder) => {
    const { status, stdout } = folder.run(["fix", "rules.v4"]);
    assert.equal(status, 1);
    assert.match(stdout, /^rules\.v4:10:1 passive-data-blocked: not repaired: .*notrack/);
    assert.equal(folder.read("rules.v4"), notrack);
    assert.equal(folder.run(["fix", "rules.v4", "--with", "ports"]).status, 0);
  });
});

test("a file that cannot be parsed is left untouched", () => {
  const cut = BROKEN_NFT.slice(0, BROKEN_NFT.lastIndexOf("}"));
  inFolder({ "cut.nft": cut, "rules.v4": BROKEN_V4 }, (folder) => {
    const alone = folder.run(["fix", "cut.nft"]);
    assert.equal(alone.status, 2);
    assert.match(alone.stderr, /^ftp-firewall: cut\.nft: left as it is[^\n]*\n$/);
    assert.equal(folder.read("cut.nft"), cut);
    assert.equal(folder.run(["fix", "--stdout", "cut.nft"]).stdout, cut);
    assert.equal(folder.run(["fix", "--dry-run", "cut.nft"]).stdout, "");
  });
});

test("bytes outside the edits stay: byte-order mark, DOS line ends, what is no UTF-8", () => {
  const latin1 = Buffer.from([
    0x23, 0x20, 0xfc, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x98, 0x80, 0x0d, 0x0a,
  ]);
  const body = Buffer.from(
    BROKEN_NFT.replaceAll("\n", "\r\n").replace("accept\r\n  }", "accept # \ud83d\ude00\r\n  }"),
  );
  const original = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), latin1, body, latin1]);
  inFolder({ "a.nft": original }, (folder) => {
    folder.run(["fix", "a.nft"]);
    const fixed = folder.bytes("a.nft");
    assert.notDeepEqual(fixed, original);
    assert.deepEqual(withoutInsertion(fixed, original), original);
    assert.ok(fixed.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])));
    const lines = fixed.toString("latin1").split("\n");
    assert.ok(lines.slice(0, -1).every((line) => line.endsWith("\r")));
    assert.deepEqual(folder.run(["fix", "a.nft"]).status, 0);
    assert.deepEqual(folder.bytes("a.nft"), fixed);
  });
});

test("a byte-order mark stays the first thing in a file that gets a section at its top", () => {
  inFolder({ "rules.v4": `\ufeff${BROKEN_V4}` }, (folder) => {
    assert.equal(folder.run(["fix", "rules.v4", "--stdout"]).stdout.lastIndexOf("\ufeff"), 0);
  });
});

test("mode and symbolic link stay, and no temporary file is left behind", () => {
  inFolder({ "real/rules.v4": BROKEN_V4 }, (folder) => {
    chmodSync(join(folder.path, "real/rules.v4"), 0o640);
    symlinkSync("real/rules.v4", join(folder.path, "rules.v4"));
    assert.equal(folder.run(["fix", "rules.v4"]).status, 0);
    assert.equal(readlinkSync(join(folder.path, "rules.v4")), "real/rules.v4");
    assert.ok(lstatSync(join(folder.path, "rules.v4")).isSymbolicLink());
    assert.equal(statSync(join(folder.path, "real/rules.v4")).mode & 0o777, 0o640);
    assert.equal(folder.read("real/rules.v4"), HELPER_SECTION + BROKEN_V4);
    assert.deepEqual(readdirSync(join(folder.path, "real")), ["rules.v4"]);
  });
});

test("nothing to repair: the file is not even written", () => {
  inFolder({ "a.nft": WORKING_NFT }, (folder) => {
    const { ino } = statSync(join(folder.path, "a.nft"));
    assert.equal(folder.run(["fix", "a.nft"]).status, 0);
    assert.equal(statSync(join(folder.path, "a.nft")).ino, ino);
  });
});

/** The file without the one run of bytes that was inserted. */
function withoutInsertion(fixed: Buffer, original: Buffer): Buffer {
  let same = 0;
  while (same < original.length && fixed[same] === original[same]) same++;
  const inserted = fixed.length - original.length;
  return Buffer.concat([fixed.subarray(0, same), fixed.subarray(same + inserted)]);
}
