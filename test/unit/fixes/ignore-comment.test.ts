import assert from "node:assert/strict";
import { test } from "node:test";
import type { Analysis, Diagnostic, SourceFile, TitledEdit } from "../../../server/src/service.ts";
import { Service } from "../../../server/src/service.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { readFixtures } from "../../fixtures/read.ts";

const service = new Service();

function after(files: readonly SourceFile[], { edits }: TitledEdit): SourceFile[] {
  return files.map((file) => ({
    ...file,
    text: applyEdits(
      file.text,
      edits.filter(({ path }) => path === file.path),
    ),
  }));
}

function shown({ diagnostics }: Analysis): string[] {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function without(all: readonly string[], one: Diagnostic): string[] {
  const at = all.indexOf(`${one.code}: ${one.message}`);
  return all.filter((_, i) => i !== at);
}

/** The only finding's offers, each with the text that it makes. */
function offers(file: SourceFile): Record<string, string> {
  const analysis = service.analyse([file]);
  const [finding, ...others] = analysis.diagnostics;
  assert.ok(finding);
  assert.deepEqual(others, []);
  return Object.fromEntries(
    service.ignoring(analysis, finding).map((one) => {
      const changed = after([file], one);
      assert.deepEqual(shown(service.analyse(changed)), [], one.title);
      return [one.title, changed[0]!.text];
    }),
  );
}

const HERE = "Ignore helper-not-assigned here, with a reason";
const IN_FILE = "Ignore helper-not-assigned in this file, with a reason";
const COMMENT = "# ftp-firewall: ignore helper-not-assigned — say why";

test("every finding of every fixture can be ignored: it goes, and no other does", () => {
  let count = 0;
  for (const fixture of readFixtures()) {
    const { path, text, dialect, family, serverFiles } = fixture;
    const files = [{ path, text, dialect, family }];
    const analysis = service.analyse(files, { serverFiles });
    for (const diagnostic of analysis.diagnostics) {
      const edits = service.ignoring(analysis, diagnostic);
      assert.equal(edits.length, /^un(known|used)-/.test(diagnostic.code) ? 0 : 2, fixture.name);
      for (const edit of edits) {
        const changed = service.analyse(after(files, edit), { serverFiles });
        const inFile = edit.title.includes("in this file");
        const expected = inFile
          ? shown(analysis).filter((one) => !one.startsWith(`${diagnostic.code}: `))
          : without(shown(analysis), diagnostic);
        assert.deepEqual(shown(changed), expected, `${fixture.name}: ${edit.title}`);
        const gone = analysis.diagnostics.length - expected.length;
        assert.equal(changed.ignored.length, analysis.ignored.length + gone);
        count++;
      }
    }
  }
  assert.ok(count > 30, `${count} comments`);
});

test("what mends a comment takes its problem away, and no other finding comes", () => {
  let count = 0;
  for (const fixture of readFixtures()) {
    const { path, text, dialect, family, serverFiles } = fixture;
    const files = [{ path, text, dialect, family }];
    const analysis = service.analyse(files, { serverFiles });
    for (const diagnostic of analysis.diagnostics.filter(({ correction }) => correction)) {
      const [fix, ...others] = service.fixesFor(analysis, diagnostic).fixes;
      assert.deepEqual([fix?.kind, others], ["comment", []]);
      const left = shown(service.analyse(after(files, fix!), { serverFiles }));
      assert.ok(
        !left.includes(`${diagnostic.code}: ${diagnostic.message}`),
        `${fixture.name}: ${fix!.title}`,
      );
      const before = shown(analysis);
      const fresh = left.filter((one) => !before.includes(one) && !one.startsWith("unused-suppression"));
      assert.deepEqual(fresh, [], fixture.name);
      count++;
    }
  }
  assert.ok(count > 6, `${count} corrections`);
});

const SAVE = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT
COMMIT
`;

test("iptables-save: above the rule; for the file behind the line that tells what kind of file it is", () => {
  const made = offers({ path: "rules.v4", text: SAVE, dialect: "iptables-save", family: 4 });
  assert.deepEqual(made, {
    [HERE]: SAVE.replace("-A INPUT -p tcp", `${COMMENT}\n-A INPUT -p tcp`),
    [IN_FILE]: SAVE.replace("*filter\n", `*filter\n${COMMENT.replace("ignore", "ignore-file")}\n`),
  });
});

test("nft: indented as the rule, with the file's line ends", () => {
  const text = `\ufefftable inet filter {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
        tcp dport 21 accept
    }
}
`.replace(/\n/g, "\r\n");
  const made = offers({ path: "a.nft", text, dialect: "nft", family: 4 });
  assert.deepEqual(made, {
    [HERE]: text.replace("        tcp dport 21", `        ${COMMENT}\r\n        tcp dport 21`),
    [IN_FILE]: text.replace("table", `${COMMENT.replace("ignore", "ignore-file")}\r\ntable`),
  });
});

/** A script whose last command lets FTP in. */
function script(last: string): SourceFile {
  const text = `#!/bin/sh
iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
${last}`;
  return { path: "fw.sh", text, dialect: "shell", family: 4 };
}

test("shell: above the first line of a command; for the file behind #!", () => {
  const command = "  iptables -A INPUT -p tcp \\\n    --dport 21 \\\n    -j ACCEPT\n";
  const file = script(`if true; then \\\n${command}fi\n`);
  assert.deepEqual(offers(file), {
    [HERE]: file.text.replace("if true", `${COMMENT}\nif true`),
    [IN_FILE]: file.text.replace("#!/bin/sh\n", `#!/bin/sh\n${COMMENT.replace("ignore", "ignore-file")}\n`),
  });
});

test("shell: behind the command, where a line above would be inside of quotes", () => {
  const file = script('echo "open\n21"; iptables -A INPUT -p tcp --dport 21 -j ACCEPT\n');
  assert.equal(offers(file)[HERE], file.text.replace(/\n$/, ` ${COMMENT}\n`));
});

test("shell: in a here-document that iptables-restore reads the # comes first", () => {
  for (const [operator, indent, tabs] of [
    ["<<", "", ""],
    ["<<", " ", ""],
    ["<<-", "\t", "\t"],
    ["<<-", "\t ", "\t"],
  ] as const) {
    const rules = SAVE.replace("-A INPUT -p tcp", `${indent}-A INPUT -p tcp`);
    const text = `#!/bin/sh\niptables-restore ${operator}RULES\n${rules}RULES\n`;
    const made = offers({ path: "fw.sh", text, dialect: "shell", family: 4 });
    const rule = `${indent}-A INPUT -p tcp`;
    assert.equal(made[HERE], text.replace(rule, `${tabs}${COMMENT}\n${rule}`));
  }
});

test("a comment is taken away with its line, or with the blanks before it; a code with its comma", () => {
  const removed = (text: string) => {
    const file: SourceFile = { path: "a.nft", text, dialect: "nft", family: 4 };
    const analysis = service.analyse([file]);
    const [useless] = analysis.diagnostics;
    assert.equal(useless?.code, "unused-suppression");
    return after([file], service.fixesFor(analysis, useless).fixes[0]!)[0]!.text;
  };
  const table = "table inet t {\n}\n";
  assert.equal(removed(`# ftp-firewall: ignore undefined-set\r\n${table}`), table);
  assert.equal(removed(`${table}\t# ftp-firewall: ignore-file undefined-set — why`), table);
  assert.equal(removed("table inet t {\n} \t# ftp-firewall: ignore undefined-set \n"), table);
  const partly = (codes: string) =>
    `table inet t {\n\tchain c {\n\t\tjump d # ftp-firewall: ignore ${codes} — why\n\t}\n}\n`;
  assert.equal(removed(partly("undefined-set, undefined-chain")), partly("undefined-chain"));
  assert.equal(removed(partly("undefined-chain, undefined-set")), partly("undefined-chain"));
});

test("shell: with DOS line ends positions are still those of the text", () => {
  const file = script("iptables -A INPUT -p tcp --dport 21 -j ACCEPT # ftp\n");
  // Only the comment's line ends as on DOS: elsewhere the carriage return would be a part of the rule.
  const text = file.text.replace("# ftp\n", "# ftp\r\n");
  const analysis = service.analyse([{ ...file, text }]);
  const finding = analysis.diagnostics.find(({ code }) => code === "helper-not-assigned")!;
  const [here] = service.ignoring(analysis, finding);
  const [changed] = after([{ ...file, text }], here!);
  assert.equal(changed!.text, text.replace(/(iptables -A INPUT -p)/, `${COMMENT}\n$1`));
  assert.deepEqual(
    service.analyse([changed!]).diagnostics.map(({ code }) => code),
    ["syntax-error"],
  );
});

test("shell: in a substitution of several lines", () => {
  const file = script('said="$(\n  iptables -A INPUT -p tcp --dport 21 -j ACCEPT 2>&1\n)"\n');
  assert.equal(offers(file)[HERE], file.text.replace("  iptables", `  ${COMMENT}\n  iptables`));
});
