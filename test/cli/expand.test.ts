import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKEN_V4, BROKEN_V6, inFolder } from "./cli.ts";

interface Place {
  readonly path: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

interface ExpandDocument {
  readonly version: number;
  readonly listings: readonly {
    readonly tool: string;
    readonly lines: readonly {
      readonly text: string;
      readonly at?: Place;
      readonly via?: readonly {
        readonly kind: string;
        readonly name: string;
        readonly value?: string;
        readonly at: Place;
      }[];
      readonly doubt?: string;
    }[];
  }[];
  readonly unknown: readonly { readonly fact: string; readonly at: Place }[];
  readonly notes: readonly string[];
}

/** Everything that a place can have around it. */
const SCRIPT = `#!/bin/sh
iptables -P INPUT DROP
for port in 21 22; do
  iptables -A INPUT -p tcp --dport $port -j ACCEPT
done
allow() {
  iptables -A INPUT -p udp --dport "$1" -j ACCEPT
}
allow 53
iptables -A INPUT -i "$WAN" -j DROP
`;

const START_STOP = `#!/bin/sh
case "$1" in
  start) iptables -P INPUT DROP ;;
  stop) iptables -P INPUT ACCEPT ;;
esac
`;

test("text: each rule with its place and values; without the comments what iptables-save prints", () => {
  inFolder({ "fw.sh": SCRIPT }, (folder) => {
    const { status, stdout, stderr } = folder.run(["expand", "fw.sh"]);
    assert.deepEqual([status, stderr], [0, ""]);
    const shown = stdout.slice(stdout.indexOf("# fw.sh:4"));
    assert.deepEqual(shown.split("\n"), [
      "# fw.sh:4 (port=21)",
      "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
      "# fw.sh:4 (port=22)",
      "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "# fw.sh:7, called from fw.sh:9 (allow 53)",
      "-A INPUT -p udp -m udp --dport 53 -j ACCEPT",
      "# fw.sh:10",
      '# maybe: -A INPUT -i "$WAN" -j DROP — it depends on the environment variable WAN',
      "COMMIT",
      "",
    ]);
    const printed = stdout.split("\n").filter((line) => !/^\s*#/.test(line));
    assert.deepEqual(printed.slice(0, 4), [
      "*filter",
      ":INPUT DROP [0:0]",
      ":FORWARD ACCEPT [0:0]",
      ":OUTPUT ACCEPT [0:0]",
    ]);
  });
});

test("JSON: each line with its place, what leads there, and what is in doubt", () => {
  inFolder({ "fw.sh": SCRIPT }, (folder) => {
    const { document } = folder.json<ExpandDocument>(["expand", "fw.sh"]);
    const [listing] = document.listings;
    assert.equal(listing?.tool, "iptables-save");
    const rules = listing.lines.filter(({ text }) => text.startsWith("-A"));
    assert.deepEqual(
      rules.map(({ at, via = [], doubt }) => [
        at?.range.start.line,
        ...via.map(({ kind, name, value, at: from }) => [kind, name, value, from.range.start.line].join(" ")),
        ...(doubt === undefined ? [] : [doubt]),
      ]),
      [
        [3, "loop port 21 2"],
        [3, "loop port 22 2"],
        [6, "function allow 53 8"],
        [9, "the environment variable WAN"],
      ],
    );
    assert.deepEqual([listing.lines.at(-1), document.unknown, document.notes], [{ text: "COMMIT" }, [], []]);
  });
});

test("several files are one host: each IP version has its listing", () => {
  inFolder({ "rules.v4": BROKEN_V4, "rules.v6": BROKEN_V6 }, (folder) => {
    const { stdout } = folder.run(["expand", "rules.v4", "rules.v6"]);
    assert.deepEqual(
      stdout.split("\n").filter((line) => /tables-save$|--dport 21/.test(line)),
      [
        "# iptables-save",
        "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
        "# ip6tables-save",
        "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
      ],
    );
  });
});

test("a script's unknowns and notes are comments with their place", () => {
  inFolder({ "fw.sh": `${START_STOP}. ./settings.sh\n` }, (folder) => {
    const { status, stdout, stderr } = folder.run(["expand", "fw.sh"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^# The script is taken to be run with the argument "start"/);
    assert.match(stdout, /^# unknown: fw\.sh:6 depends on what the file \.\/settings\.sh does$/m);
  });
});

test("JSON has the unknowns and the notes, with places", () => {
  inFolder({ "fw.sh": `${START_STOP}. ./settings.sh\n` }, (folder) => {
    const { status, document } = folder.json<ExpandDocument>(["expand", "fw.sh"]);
    assert.deepEqual([status, document.version], [0, 1]);
    assert.deepEqual(
      document.unknown.map(({ fact, at }) => [fact, at.path, at.range.start]),
      [["what the file ./settings.sh does", "fw.sh", { line: 5, character: 0 }]],
    );
    assert.match(document.notes.join(), /"start"/);
  });
});

test("what the tools would refuse is said on standard error, and the rest is printed", () => {
  inFolder({ "fw.sh": "iptables -A INPUT --dport 21 -j ACCEPT\n" }, (folder) => {
    const { status, stdout, stderr } = folder.run(["expand", "fw.sh"]);
    assert.equal(status, 0);
    assert.match(stderr, /^ftp-firewall: fw\.sh:1:\d+: the real tools would refuse this: .*-p tcp.*\n$/);
    assert.match(stdout, /^# Nothing is certain to be left/);
  });
});

for (const [what, args, complaint] of [
  ["no file", [], /missing required argument/],
  ["a file that is not there", ["none.nft"], /none\.nft: cannot read it: /],
  ["a folder", ["."], /it is a folder/],
  ["another format", ["rules.v4", "--format", "xml"], /Allowed choices are text, json/],
  ["a file of another kind", ["notes.txt"], /none of the files that this tool reads/],
] as [string, string[], RegExp][]) {
  test(`${what} is a usage error in one line`, () => {
    inFolder({ "rules.v4": BROKEN_V4, "notes.txt": "Remember the milk.\n" }, (folder) => {
      const { status, stdout, stderr } = folder.run(["expand", ...args]);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, complaint);
      assert.match(stderr, /^[^\n]*\n$/);
    });
  });
}

test("standard input has the name and the dialect that are given", () => {
  inFolder({}, (folder) => {
    const input = ". ./settings.sh\n";
    const named = folder.run(["expand", "-", "--stdin-filename", "boot.sh"], { input });
    assert.match(named.stdout, /^# unknown: boot\.sh:1 /);
    const told = folder.run(["expand", "-", "--dialect", "shell"], { input });
    assert.match(told.stdout, /^# unknown: -:1 /);
  });
});
