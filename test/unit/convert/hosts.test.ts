import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot, SourceFile } from "../../../server/src/service.ts";
import { Service } from "../../../server/src/service.ts";

const service = new Service();

function nft(path: string, text: string): SourceFile {
  return { path, text, dialect: "nft", family: 4 };
}

function save(path: string, text: string): SourceFile {
  return { path, text, dialect: "iptables-save", family: 4 };
}

function shell(path: string, text: string): SourceFile {
  return { path, text, dialect: "shell", family: 4 };
}

function snapshotOf(...files: readonly SourceFile[]): Snapshot {
  return { read: (path) => files.find((file) => file.path === path) ?? "missing" };
}

function rules(files: readonly SourceFile[], snapshot?: Snapshot): number {
  const { ruleset } = service.load(files, snapshot);
  const chains = [...ruleset.tables.values()].flatMap((table) => [...table.chains.values()]);
  return chains.reduce((sum, chain) => sum + chain.rules.length, 0);
}

const PART = nft("part.nft", "table inet f {\n  chain c {\n    tcp dport 21 accept\n  }\n}\n");
const MAIN = nft("main.nft", 'include "part.nft"\n');

test("a given file that another given one includes is loaded once, there", () => {
  const snapshot = snapshotOf(PART, MAIN);
  for (const files of [
    [MAIN, PART],
    [PART, MAIN],
  ]) {
    assert.equal(rules(files, snapshot), 1);
    const { files: own, included } = service.load(files, snapshot);
    assert.deepEqual(
      [own, included].map((some) => some.map(({ source }) => source.path)),
      [["main.nft"], ["part.nft"]],
    );
    assert.deepEqual(own[0]!.includes, ["part.nft"]);
  }
  assert.equal(rules([MAIN, PART], snapshotOf()), 1, "what cannot be read is not included");
});

test("of files that include each other the first is the host's own", () => {
  const a = nft("a.nft", `include "b.nft"\n${PART.text}`);
  const b = nft("b.nft", 'include "a.nft"\n');
  const own = (files: readonly SourceFile[]) =>
    service.load(files, snapshotOf(a, b)).files.map(({ source }) => source.path);
  assert.deepEqual(own([a, b]), ["a.nft"]);
  assert.deepEqual(own([b, a]), ["b.nft"]);
});

test("what a script sources and loads is included, each in its own dialect", () => {
  const script = shell("main.sh", "#!/bin/sh\n. ./vars.sh\niptables-restore <rules.v4\nnft -f main.nft\n");
  const vars = shell("./vars.sh", "IPT=iptables\n$IPT -P INPUT DROP\n");
  const rules4 = save("rules.v4", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n");
  const { included } = service.load([script], snapshotOf(vars, rules4, MAIN, PART));
  assert.deepEqual(
    included.map(({ source, syntax, operations }) => [source.path, syntax.dialect, operations.length > 0]),
    [
      ["./vars.sh", "shell", true],
      ["rules.v4", "iptables-save", true],
      ["main.nft", "nft", false],
      ["part.nft", "nft", true],
    ],
  );
});

test("an nftables file may name what an earlier file has made, by nft or by iptables", () => {
  const made = save("rules.v4", "*filter\n:INPUT DROP [0:0]\n:ftp - [0:0]\nCOMMIT\n");
  const jump = nft("a.nft", "table ip filter {\n  chain c {\n    jump ftp\n  }\n}\n");
  assert.deepEqual(service.load([made, jump]).problems, []);
  assert.equal(service.load([jump]).problems[0]?.code, "undefined-chain");
  const sets = nft("b.nft", "table ip t {\n  set s { type ipv4_addr; }\n}\n");
  const uses = nft("c.nft", "table ip t {\n  chain c {\n    ip saddr @s accept\n  }\n}\n");
  assert.deepEqual(service.load([sets, uses]).problems, []);
  assert.equal(service.load([uses]).problems[0]?.code, "undefined-set");
});

test("a set that a later file's rules fill is not known in full", () => {
  const sets = nft("a.nft", "table ip t {\n  set s { type ipv4_addr; }\n}\n");
  const fills = nft("b.nft", "table ip t {\n  chain c {\n    add @s { ip saddr }\n  }\n}\n");
  const content = (files: readonly SourceFile[]) =>
    service.load(files).ruleset.tables.get("nftables ip t")?.sets.get("s")?.content;
  assert.equal(content([sets]), "complete");
  assert.deepEqual(content([sets, fills]), { unknown: "what rules have put into @s" });
});

/** "the erasing file: what its statement erases of which files". */
function erased(...files: readonly SourceFile[]): string[] {
  const found = service.load(files).problems.filter(({ code }) => code === "rules-of-other-file-erased");
  for (const { severity, refused } of found) assert.deepEqual([severity, refused], ["info", false]);
  return found.map(({ origin, message }) => `${origin.file}: ${message.replace(/ loaded before\..*/, "")}`);
}

const V4 = save("rules.v4", "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 21 -j ACCEPT\nCOMMIT\n");
const V6: SourceFile = { ...V4, path: "rules.v6", family: 6 };
const FLUSHING = nft("nftables.conf", `flush ruleset\n${PART.text}`);

test("what flush ruleset erases of earlier files is said where it stands, and nothing in the other order", () => {
  const all = "nftables.conf: This erases all tables, iptables' as well, and with that the rules that";
  assert.deepEqual(erased(V4, FLUSHING), [`${all} rules.v4`]);
  assert.deepEqual(erased(V4, V6, FLUSHING), [`${all} rules.v4 and rules.v6`]);
  assert.deepEqual(erased(FLUSHING, V4), []);
  assert.deepEqual(erased(FLUSHING), []);
  assert.deepEqual(erased(save("empty.v4", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"), FLUSHING), []);
  const six = nft("six.nft", "flush ruleset ip6\n");
  assert.deepEqual(erased(V4, six), []);
  assert.deepEqual(erased(V4, V6, six), [
    "six.nft: This erases all tables of family ip6, and with that the rules that rules.v6",
  ]);
});

test("a policy that drops is something to erase, where the statement erases policies", () => {
  const closed = save("closed.v4", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n");
  assert.equal(erased(closed, FLUSHING).length, 1);
  assert.deepEqual(erased(closed, shell("a.sh", "iptables -F\n")), []);
});

test("iptables-restore replaces the tables it names; -F empties those of one table or one chain", () => {
  const other = save("other.v4", V4.text);
  const replaced =
    "other.v4: Loading this replaces all of table filter, and with that the rules that rules.v4";
  assert.deepEqual(erased(V4, other), [replaced]);
  assert.deepEqual(erased(V4, V6), []);
  assert.deepEqual(erased(V4, save("nat.v4", "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n")), []);
  assert.deepEqual(erased(V4, shell("a.sh", "iptables -t nat -F\nip6tables -F\niptables -F OUTPUT\n")), []);
  assert.deepEqual(erased(V4, shell("a.sh", "iptables -F\niptables -F INPUT\n")), [
    "a.sh: This empties all chains of table filter, and with that the rules that rules.v4",
  ]);
  const loop = 'for t in filter nat; do\n  iptables -t "$t" -F\ndone\n';
  assert.equal(erased(V4, shell("a.sh", loop)).length, 1, "once for each statement");
  assert.deepEqual(
    erased(V4, shell("a.sh", 'if [ "$1" = x ]; then iptables -F; fi\n')),
    [],
    "perhaps not run",
  );
});

test("a file may erase what it has loaded itself, by what it includes, too", () => {
  const restore = shell("a.sh", "iptables-restore <rules.v4\niptables -F\nnft flush ruleset\n");
  const { problems } = service.load([restore], snapshotOf(V4));
  assert.deepEqual(problems, []);
});

test("of a file in an editor its name is said, not its URI", () => {
  const v4 = { ...V4, path: "file:///etc/iptables/my%20rules.v4" };
  assert.match(erased(v4, FLUSHING)[0]!, /the rules that my rules\.v4$/);
});
