import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKEN_NFT, BROKEN_V4, BROKEN_V6, type Folder, inFolder } from "./cli.ts";

interface Entry {
  readonly path: string;
  readonly loadOrder?: readonly string[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number } };
    readonly fixes: readonly { readonly edits: readonly { readonly path: string }[] }[];
  }[];
  readonly sessions: readonly { readonly mode: string; readonly family: string; readonly verdict: string }[];
}

interface Document {
  readonly files: readonly Entry[];
}

interface Simulated {
  readonly loadOrder?: readonly string[];
  readonly sessions: Readonly<Record<string, { readonly verdict: string }>>;
}

const HOST_V4 = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -p tcp --dport 22 -j ACCEPT
COMMIT
`;

/** What nearly every nftables.conf begins with. */
const FLUSHING = `flush ruleset\n${BROKEN_NFT}`;

const MAIN = 'flush ruleset\ntable inet filter {\n  include "nftables.d/input.nft"\n}\n';
const INPUT = `chain input {
  type filter hook input priority 0; policy drop;
  ct state established,related accept
  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  tcp dport 21 accept
}
`;

function listing(...hosts: readonly (readonly string[])[]): string {
  return JSON.stringify({ hosts });
}

function files(folder: Folder, ...paths: readonly string[]): readonly Entry[] {
  return folder.json<Document>(["check", ...paths]).document.files;
}

function codes(entry: Entry | undefined): string[] {
  return entry!.diagnostics.map((one) => one.code);
}

test("hosts: what the settings list is one host, whichever of its files is given, each once", () => {
  const config = listing(["iptables/rules.v4", "nftables.conf"]);
  const all = { ".ftp-firewall.json": config, "iptables/rules.v4": HOST_V4, "nftables.conf": BROKEN_NFT };
  inFolder(all, (folder) => {
    for (const given of [["nftables.conf"], ["iptables/rules.v4"], ["."], ["nftables.conf", "iptables"]]) {
      const found = files(folder, ...given);
      assert.deepEqual(
        found.map(({ path }) => path),
        ["iptables/rules.v4", "nftables.conf"],
      );
      for (const { loadOrder } of found) assert.deepEqual(loadOrder, ["iptables/rules.v4", "nftables.conf"]);
    }
    // Over IPv4 iptables drops what nftables accepts: there is no control connection to judge.
    assert.match(files(folder, "nftables.conf")[1]!.diagnostics[0]!.message, /hangs \(IPv6\)/);
    assert.match(
      folder.run(["check", "nftables.conf"]).stdout,
      /^Loaded in this order: iptables\/rules\.v4, nftables\.conf\.\n/,
    );
  });
});

test("hosts: the order counts; what flush ruleset erases of an earlier file is said there", () => {
  const all = { "rules.v4": HOST_V4, "nftables.conf": FLUSHING };
  inFolder({ ...all, ".ftp-firewall.json": listing(["rules.v4", "nftables.conf"]) }, (folder) => {
    const [rules, nft] = files(folder, "rules.v4");
    assert.deepEqual(codes(rules), []);
    assert.deepEqual(codes(nft), ["rules-of-other-file-erased", "helper-not-assigned"]);
    const [erased, ftp] = nft!.diagnostics;
    assert.match(ftp!.message, /hangs \(IPv4 and IPv6\)/);
    assert.equal(erased!.severity, "info");
    assert.equal(erased!.range.start.line, 0);
    assert.match(erased!.message, /the rules that rules\.v4 loaded before/);
  });
  inFolder({ ...all, ".ftp-firewall.json": listing(["nftables.conf", "rules.v4"]) }, (folder) => {
    const [nft, rules] = files(folder, "rules.v4");
    assert.deepEqual(codes(rules), []);
    assert.match(nft!.diagnostics[0]!.message, /hangs \(IPv6\)/);
  });
});

test("hosts: a list of one file keeps it apart from its twin", () => {
  const all = { "rules.v4": BROKEN_V4, "rules.v6": BROKEN_V6 };
  inFolder({ ...all, ".ftp-firewall.json": listing(["rules.v4"]) }, (folder) => {
    for (const { loadOrder } of files(folder, ".")) assert.equal(loadOrder, undefined);
  });
});

test("hosts: paths count from the folder of the settings file, and --config's too", () => {
  const all = { "site/etc/rules.v4": HOST_V4, "site/etc/nft/a.nft": BROKEN_NFT };
  const config = listing(["etc/rules.v4", "etc/nft/a.nft"]);
  inFolder({ ...all, "site/.ftp-firewall.json": config }, (folder) => {
    const found = folder.json<Document>(["check", "a.nft"], { cwd: "site/etc/nft" }).document.files;
    assert.equal(found.length, 2);
    assert.ok(found[0]!.path.endsWith("/site/etc/rules.v4"));
  });
  inFolder({ ...all, "site/team.json": config }, (folder) => {
    const found = files(folder, "site/etc/nft/a.nft", "--config", "site/team.json");
    assert.deepEqual(
      found.map(({ path }) => path),
      ["site/etc/rules.v4", "site/etc/nft/a.nft"],
    );
  });
});

test("hosts: a listed file that is not there, is outside or is no ruleset is named; the rest is judged", () => {
  const config = listing(["none.v4", "../secret.nft", "readme.txt", "a.nft"]);
  const all = { "secret.nft": BROKEN_NFT, "w/a.nft": BROKEN_NFT, "w/readme.txt": "no ruleset\n" };
  inFolder({ ...all, "w/.ftp-firewall.json": config }, (folder) => {
    const { status, stdout, stderr } = folder.run(["check", "a.nft", "--format", "json"], { cwd: "w" });
    assert.equal(status, 2);
    const document: Document = JSON.parse(stdout);
    assert.deepEqual(codes(document.files[0]), ["helper-not-assigned"]);
    const lines = stderr.trimEnd().split("\n");
    assert.equal(lines.length, 3);
    assert.match(lines[0]!, /none\.v4, which \.ftp-firewall\.json lists: cannot read it: no such file/);
    assert.match(lines[1]!, /secret\.nft, which \.ftp-firewall\.json lists: it lies outside the folder/);
    assert.match(lines[2]!, /readme\.txt, which \.ftp-firewall\.json lists: it looks like none/);
  });
});

test("hosts: what is no list of lists of files is refused with an example", () => {
  for (const wrong of ['"a.nft"', '["a.nft"]', "[[]]", '[[""]]', "[[1]]"]) {
    inFolder({ "a.nft": BROKEN_NFT, ".ftp-firewall.json": `{"hosts": ${wrong}}` }, (folder) => {
      const { status, stderr } = folder.run(["check", "a.nft"]);
      assert.equal(status, 2);
      assert.match(stderr, /hosts has to be a list of hosts, each .* such as \[\["nftables\.conf"/);
    });
  }
});

test("a file that another given one includes is a part of it, and no host of its own", () => {
  const script = "#!/bin/sh\nnft -f base.nft\niptables-restore <rules.v4\n";
  const all = { "firewall.sh": script, "base.nft": BROKEN_NFT, "rules.v4": HOST_V4, "rules.v6": BROKEN_V6 };
  inFolder(all, (folder) => {
    const found = files(folder, "base.nft", "firewall.sh");
    assert.deepEqual(
      found.map(({ path }) => path),
      ["firewall.sh", "base.nft"],
    );
    // The script loads rules.v4 as well, which does not let FTP in over IPv4.
    const [{ sessions }] = found.slice(1) as [Entry];
    assert.deepEqual([...new Set(sessions.map(({ family }) => family))], ["ipv6"]);
  });
  inFolder({ "nftables.conf": MAIN, "nftables.d/input.nft": INPUT }, (folder) => {
    const [main, part, ...others] = files(folder, ".");
    assert.deepEqual(others, []);
    assert.deepEqual([codes(main), codes(part)], [[], ["helper-not-assigned"]]);
    assert.deepEqual(part!.sessions, main!.sessions);
    const [helper, ports] = part!.diagnostics[0]!.fixes;
    assert.equal(helper!.edits[0]!.path, "nftables.conf");
    assert.equal(ports!.edits[0]!.path, "nftables.d/input.nft");
  });
});

test("files that include each other are one host; one that two include is in both, with one entry", () => {
  const loop = { "a.nft": `include "b.nft"\n${BROKEN_NFT}`, "b.nft": 'include "a.nft"\n' };
  inFolder(loop, (folder) => assert.equal(files(folder, "b.nft", "a.nft").length, 2));
  const common = 'include "common.nft"\n';
  const two = { "one.nft": common, "two.nft": common, "common.nft": BROKEN_NFT };
  inFolder(two, (folder) => {
    const found = files(folder, ".");
    assert.deepEqual(
      found.map(({ path, diagnostics }) => [path, diagnostics.length]),
      [
        ["one.nft", 0],
        ["common.nft", 1],
        ["two.nft", 0],
      ],
    );
  });
});

test("a part given alone is judged with the main file where distributions have it, whatever the current folder is", () => {
  for (const [main, part, included] of [
    ["nftables.conf", "input.nft", "input.nft"],
    ["nftables.conf", "nftables.d/input.nft", "nftables.d/input.nft"],
    ["nftables.conf", "nftables.d/chains/input.nft", "nftables.d/chains/input.nft"],
    ["etc/sysconfig/nftables.conf", "etc/nftables/input.nft", "../nftables/input.nft"],
  ] as const) {
    const text = MAIN.replace("nftables.d/input.nft", included);
    inFolder({ [main]: text, [part]: INPUT }, (folder) => {
      const found = files(folder, part);
      assert.deepEqual(
        found.map(({ path }) => path),
        [main, part],
      );
      assert.deepEqual(codes(found[1]), ["helper-not-assigned"]);
      assert.deepEqual(found[1]!.loadOrder, [main, part]);
    });
  }
  inFolder({ "nftables.conf": MAIN, "nftables.d/input.nft": INPUT }, (folder) => {
    const { stdout } = folder.run(["check", "input.nft"], { cwd: "nftables.d" });
    assert.match(stdout, /^Loaded in this order: .*nftables\.conf \(with input\.nft\)/);
    assert.match(stdout, /input\.nft:\d+:\d+ warning helper-not-assigned/);
    folder.write("nftables.d/other.nft", BROKEN_NFT);
    assert.equal(files(folder, "nftables.d/other.nft").length, 1, "not included");
  });
  const config = listing(["rules.v4", "nftables.conf"]);
  const all = { "nftables.conf": MAIN, "nftables.d/input.nft": INPUT, "rules.v4": HOST_V4 };
  inFolder({ ...all, ".ftp-firewall.json": config }, (folder) => {
    assert.deepEqual(
      files(folder, "nftables.d/input.nft").map(({ path }) => path),
      ["rules.v4", "nftables.conf", "nftables.d/input.nft"],
    );
  });
});

test("simulate: several files in the given order, which it states; an included one is not loaded twice", () => {
  const all = { "rules.v4": HOST_V4, "nftables.conf": MAIN, "nftables.d/input.nft": INPUT };
  inFolder(all, (folder) => {
    const simulate = (...paths: readonly string[]) =>
      folder.json<Simulated>(["simulate", ...paths, "--role", "server"]).document;
    const after = simulate("rules.v4", "nftables.conf");
    assert.deepEqual(after.loadOrder, ["rules.v4", "nftables.conf", "nftables.d/input.nft"]);
    assert.equal(after.sessions.active4!.verdict, "works");
    const before = simulate("nftables.d/input.nft", "nftables.conf", "./rules.v4");
    assert.deepEqual(before.loadOrder, ["nftables.conf", "nftables.d/input.nft", "./rules.v4"]);
    assert.equal(before.sessions.active4!.verdict, "no-control");
    assert.equal(before.sessions.active6!.verdict, "works");
    assert.equal(simulate("rules.v4").loadOrder, undefined);
    const { stdout } = folder.run(["simulate", "rules.v4", "nftables.conf", "--role", "server"]);
    assert.match(
      stdout,
      /^Loaded in this order: rules\.v4, nftables\.conf \(with nftables\.d\/input\.nft\)\.\n\n/,
    );
  });
});

test("fix: an included file is changed if it was given, and else named", () => {
  const all = { "nftables.conf": MAIN, "nftables.d/input.nft": INPUT };
  inFolder(all, (folder) => {
    const alone = folder.run(["fix", "nftables.conf", "--with", "ports"]);
    assert.equal(alone.status, 1);
    assert.match(alone.stdout, /a rule would have to go into nftables\.d\/input\.nft, which was not given/);
    assert.equal(folder.read("nftables.d/input.nft"), INPUT);
    folder.run(["fix", "nftables.conf", "./nftables.d/input.nft", "--with", "ports"]);
    assert.match(
      folder.read("nftables.d/input.nft"),
      /\n {2}tcp dport 21 accept\n {2}tcp dport 50000-51000 accept\n/,
    );
    assert.equal(folder.read("nftables.conf"), MAIN);
  });
  inFolder(all, (folder) => {
    assert.equal(folder.run(["fix", "nftables.conf"]).status, 0);
    assert.match(folder.read("nftables.conf"), /\n {2}ct helper ftp-std \{[\s\S]*\n {2}include/);
    assert.deepEqual(files(folder, "nftables.conf").flatMap(codes), []);
  });
});

test("a pattern stands for the folder's files in nft's order, without hidden ones; without any it is nothing", () => {
  const all = {
    "nftables.conf": 'flush ruleset\ninclude "nftables.d/*.nft"\ninclude "none-?.nft"\n',
    "nftables.d/b.nft": BROKEN_NFT,
    "nftables.d/Z.nft": "table ip z {\n}\n",
    "nftables.d/.hidden.nft": "table ip hidden {\n}\n",
    "nftables.d/readme.txt": "no ruleset\n",
    "nftables.d/folder.nft/a.nft": "table ip folder {\n}\n",
  };
  inFolder(all, (folder) => {
    const order = ["nftables.conf", "nftables.d/Z.nft", "nftables.d/b.nft"];
    assert.deepEqual(files(folder, "nftables.conf")[0]!.loadOrder, order);
    const [, part] = files(folder, "nftables.d/b.nft");
    assert.equal(part!.path, "nftables.d/b.nft");
    assert.deepEqual(codes(part), ["helper-not-assigned"]);
  });
});

test("paths below /etc are looked for in a copy of /etc, whole or without its name", () => {
  const main = 'include "/etc/nftables.d/*.nft"\ninclude "/etc/more.nft"\n';
  for (const etc of ["host/etc/", "host/"]) {
    const all = { "nftables.conf": main, "nftables.d/a.nft": BROKEN_NFT, "more.nft": "table ip more {\n}\n" };
    const copied = Object.fromEntries(Object.entries(all).map(([name, text]) => [etc + name, text]));
    inFolder(copied, (folder) => {
      const order = ["nftables.conf", "nftables.d/a.nft", "more.nft"].map((name) => etc + name);
      assert.deepEqual(files(folder, `${etc}nftables.conf`)[0]!.loadOrder, order);
    });
  }
});

test("files whose patterns match themselves are refused, as nft does, and soon", () => {
  const all = Object.fromEntries(["a", "b", "c", "d"].map((name) => [`${name}.nft`, 'include "./*.nft"\n']));
  inFolder(all, (folder) => {
    const found = files(folder, "a.nft").flatMap(codes);
    assert.deepEqual([...new Set(found)], ["include-loop"]);
  });
});
