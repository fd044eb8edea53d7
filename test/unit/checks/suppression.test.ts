import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settings, SourceFile } from "../../../server/src/service.ts";
import { DEFAULT_SETTINGS, Service } from "../../../server/src/service.ts";
import type { Dialect } from "../../../server/src/syntax/dialect.ts";
import { readDirective } from "../../../server/src/syntax/directive.ts";

const service = new Service();

function source(text: string, path = "a.nft", dialect: Dialect = "nft"): SourceFile {
  return { path, text, dialect, family: 4 };
}

function nft(rule: string, head = ""): string {
  return `${head}table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
${rule}
  }
}
`;
}

const BROKEN = "    tcp dport 21 accept";

function codes(text: string, settings: Partial<Settings> = {}): string[] {
  return service
    .analyse([source(text)], { settings: { ...DEFAULT_SETTINGS, ...settings } })
    .diagnostics.map(({ code }) => code);
}

/** The codes of a directive, and what of it is not understood. */
function read(comment: string): [name: string, codes: string[], trouble?: string] | undefined {
  const directive = readDirective(comment, { start: 0, end: comment.length });
  if (!directive) return undefined;
  const { name, codes: named, trouble } = directive;
  for (const { code, span } of [name, ...named]) assert.equal(comment.slice(span.start, span.end), code);
  const all = named.map(({ code }) => code);
  return trouble ? [name.code, all, comment.slice(trouble.span.start, trouble.span.end)] : [name.code, all];
}

test("every way to write the reason, or none", () => {
  for (const end of ["", " ", " — why", "— why", " – why", " - why", " -- why", "-- why", ": why", " : why"])
    assert.deepEqual(read(`# ftp-firewall: ignore a-b${end}`), ["ignore", ["a-b"]], end);
  assert.deepEqual(read("#ftp-firewall:ignore a-b"), ["ignore", ["a-b"]]);
  assert.deepEqual(read("##\tftp-firewall:  ignore-file\ta-b , c,d-e-f — a, b"), [
    "ignore-file",
    ["a-b", "c", "d-e-f"],
  ]);
  assert.deepEqual(read("# ftp-firewall: assume NAME=a — b, c"), ["assume", []]);
});

test("what is not understood is told where it stands", () => {
  assert.deepEqual(read("# ftp-firewall: assume NAME=a b, c"), ["assume", [], "b, c"]);
  assert.deepEqual(read("# ftp-firewall: ignore a-b c-d"), ["ignore", ["a-b"], "c-d"]);
  assert.deepEqual(read("# ftp-firewall: ignore a-b, — why"), ["ignore", ["a-b"]]);
  assert.deepEqual(read("# ftp-firewall: Ignore a-b"), ["Ignore", [], "Ignore"]);
  assert.deepEqual(read("# ftp-firewall: ignore"), ["ignore", [], "# ftp-firewall: ignore"]);
  assert.deepEqual(read("# ftp-firewall: "), ["", [], "# ftp-firewall:"]);
});

test("other comments are none of ours", () => {
  for (const comment of ["# ignore a-b", "# FTP-Firewall: ignore a", "# see ftp-firewall: ignore a", "#"])
    assert.equal(read(comment), undefined, comment);
});

test("what is ignored is kept apart, and fix leaves it alone", () => {
  const text = nft(`    # ftp-firewall: ignore helper-not-assigned\n${BROKEN}`);
  const { diagnostics, ignored } = service.analyse([source(text)]);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    ignored.map(({ code }) => code),
    ["helper-not-assigned"],
  );
  for (const strategy of ["helper", "ports"] as const) {
    const { files, remaining } = service.fixAll([source(text)], { strategy });
    assert.equal(files[0]!.text, text);
    assert.deepEqual(remaining, []);
  }
});

test("fix mends what is not ignored, and nothing else", () => {
  const save = (comment: string, icmp: string) => `*filter
:INPUT DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${icmp}${comment}-A INPUT -p tcp --dport 21 -j ACCEPT
COMMIT
`;
  const comment = "# ftp-firewall: ignore helper-not-assigned — IPv4 is being turned off\n";
  const v4 = source(save(comment, ""), "rules.v4", "iptables-save");
  const v6 = { ...source(save("", "-A INPUT -p ipv6-icmp -j ACCEPT\n"), "rules.v6", "iptables-save") };
  const { files, analysis, remaining } = service.fixAll([v4, { ...v6, family: 6 }]);
  assert.equal(files[0]!.text, v4.text);
  assert.match(files[1]!.text, /--helper ftp/);
  assert.deepEqual([analysis.diagnostics, remaining], [[], []]);
});

test("the whole file, wherever the comment stands, and no other file", () => {
  const comment = "# ftp-firewall: ignore-file helper-not-assigned\n";
  assert.deepEqual(codes(nft(BROKEN, comment)), []);
  assert.deepEqual(codes(nft(BROKEN) + comment), []);
  const main = source(`${comment}include "ftp.nft"\n`, "main.nft");
  const snapshot = { read: () => ({ path: "ftp.nft", text: nft(BROKEN) }) };
  const { diagnostics } = service.analyse([main], { snapshot });
  assert.deepEqual(
    diagnostics.map(({ code, place }) => [place.path, code]),
    [
      ["ftp.nft", "helper-not-assigned"],
      ["main.nft", "unused-suppression"],
    ],
  );
});

test("a finding in an included file is ignored by the comment at its place", () => {
  const text = nft(`${BROKEN} # ftp-firewall: ignore helper-not-assigned`);
  const snapshot = { read: () => ({ path: "ftp.nft", text }) };
  const { diagnostics, ignored } = service.analyse([source('include "ftp.nft"\n', "main.nft")], { snapshot });
  assert.deepEqual([diagnostics, ignored.length], [[], 1]);
});

test("the configuration of an FTP server has comments, too", () => {
  const rules = source(nft("    tcp dport { 21, 50000-51000 } accept"));
  const lines = "listen_ipv6=YES\npasv_min_port=50000\npasv_max_port=51000\n";
  const wrong = "max_clients =5\n";
  const found = (text: string) =>
    service
      .analyse([rules], { serverFiles: [{ path: "vsftpd.conf", text }] })
      .diagnostics.map(({ code }) => code);
  assert.deepEqual(found(lines + wrong), ["server-configuration"]);
  const comment = "# ftp-firewall: ignore server-configuration — the new version\n";
  assert.deepEqual(found(lines + comment + wrong), []);
  assert.deepEqual(found(comment + lines + wrong), ["unused-suppression", "server-configuration"]);
});

test("a load error is ignored by its code only; what ends there is still refused by fix", () => {
  const wrong = "    tcp dport 22 acept";
  assert.deepEqual(codes(nft(wrong)), ["syntax-error"]);
  assert.deepEqual(codes(nft(`    # ftp-firewall: ignore syntax-error\n${wrong}`)), []);
  const { analysis } = service.fixAll([source(nft(`    # ftp-firewall: ignore syntax-error\n${wrong}`))]);
  assert.ok(analysis.host.problems.some(({ code }) => code === "syntax-error"));
});

test("of no use is only what could have been of use", () => {
  const text = nft("    # ftp-firewall: ignore active-data-blocked, undefined-set\n    tcp dport 22 accept");
  assert.deepEqual(codes(text), ["unused-suppression"]);
  assert.deepEqual(codes(text, { checks: { "active-data-blocked": "off" } }), ["unused-suppression"]);
  const off = { "active-data-blocked": "off", "undefined-set": "off" } as const;
  assert.deepEqual(codes(text, { checks: off }), []);
  assert.deepEqual(codes(text, { checks: { "unused-suppression": "off" } }), []);
});

test("where problems were cut off, an ignored one may be among the others", () => {
  const many = Array.from({ length: 80 }, (_, i) => `    tcp dport ${i + 1} acept`).join("\n");
  const text = nft(`${many}\n    # ftp-firewall: ignore syntax-error\n    tcp dport 99 acept`);
  const found = codes(text);
  assert.ok(found.includes("too-many-problems"));
  assert.ok(!found.includes("unused-suppression"));
});

test("what is wrong with comments can be ignored as well", () => {
  const newer = "# ftp-firewall: ignore-file check-of-tomorrow\n";
  assert.deepEqual(codes(newer), ["unknown-check"]);
  assert.deepEqual(codes(`# ftp-firewall: ignore-file unknown-check\n${newer}`), []);
  const unused = "# ftp-firewall: ignore-file undefined-set, unused-suppression\n";
  assert.deepEqual(codes(unused), []);
});

test("two comments for one finding are both of use", () => {
  const comment = "    # ftp-firewall: ignore helper-not-assigned\n";
  assert.deepEqual(codes(nft(comment + BROKEN, comment.replace("ignore", "ignore-file"))), []);
});

test("ten thousand lines with as many comments are no work", () => {
  const line = "    # ftp-firewall: ignore helper-not-assigned\n    tcp dport 22 accept\n";
  const file = source(nft(`${line.repeat(5000)}${BROKEN}`));
  const plain = source(nft(`${line.replace("ftp-firewall:", "").repeat(5000)}${BROKEN}`), "b.nft");
  const time = (one: SourceFile) => {
    service.analyse([one]);
    const begin = performance.now();
    service.analyse([one]);
    return performance.now() - begin;
  };
  const [without, with_] = [time(plain), time(file)];
  // Far more than it takes, far less than comparing each with each would.
  assert.ok(with_ < without + 1500, `${with_.toFixed(0)} ms with comments, ${without.toFixed(0)} ms without`);
});
