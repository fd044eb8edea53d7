import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "vscode-languageserver";
import { LANGUAGES, RUBBISH, RULESETS } from "./bad-inputs.ts";
import { type Editor, withEditor } from "./editor.ts";

for (const [what, make] of Object.entries(RUBBISH)) {
  test(`${what}: the server answers and goes on, in each dialect`, async () => {
    await withEditor({}, async (editor) => {
      for (const { languageId, name } of LANGUAGES) {
        const uri = `file:///rubbish/${languageId}/${name}`;
        await editor.open(uri, languageId, make());
        assertInside(editor.text(uri), await editor.diagnostics(uri));
        const start = { line: 0, character: 0 };
        const end = { line: 9, character: 9 };
        await editor.codeActions(uri, { start, end });
        await editor.hover(uri, "dport");
      }
      await assertStillWorks(editor);
      assert.deepEqual(editor.log, []);
    });
  });
}

test("a file cut anywhere in a rule never stops the server, and its diagnostics stay inside the text", async () => {
  await withEditor({}, async (editor) => {
    for (const { languageId, name } of LANGUAGES) {
      const text = RULESETS[languageId]!;
      const uri = `file:///cut/${name}`;
      await editor.open(uri, languageId, "");
      for (let length = 3; length < text.length; length += 7) {
        await editor.change(uri, { text: text.slice(0, length) });
        assertInside(editor.text(uri), await editor.diagnostics(uri));
      }
    }
    assert.deepEqual(editor.log, []);
  });
});

test("the end of a rule is cut off: an error on that line", async () => {
  await withEditor({}, async (editor) => {
    const cut = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport";
    await editor.open("file:///cut/rules.v4", "iptables", cut);
    const found = await editor.diagnostics("file:///cut/rules.v4");
    assert.ok(found.some(({ severity, range }) => severity === 1 && range.start.line === 2));
  });
});

test("CRLF line ends: the warning has the same place, and the fix keeps them", async () => {
  await withEditor({}, async (editor) => {
    // To the shell the carriage returns are a part of the rules (see the syntax error that scripts get).
    for (const { languageId, name } of LANGUAGES.filter((one) => one.languageId !== "shellscript")) {
      const uri = `file:///crlf/${name}`;
      const plain = `file:///lf/${name}`;
      await editor.open(plain, languageId, RULESETS[languageId]!);
      await editor.open(uri, languageId, RULESETS[languageId]!.replaceAll("\n", "\r\n"));
      const expected = ftpWarning(await editor.diagnostics(plain));
      const actual = ftpWarning(await editor.diagnostics(uri));
      assert.deepEqual(actual.range, expected.range, name);
      const [fix] = await editor.codeActions(uri, actual.range, ["quickfix"]);
      assert.ok(fix?.edit, `${name}: no fix`);
      await editor.apply(fix.edit);
      assert.doesNotMatch(editor.text(uri), /[^\r]\n/, name);
      const left = await editor.diagnostics(uri);
      assert.ok(!left.some((one) => one.code === actual.code), name);
    }
  });
});

test("a byte-order mark moves no column and no edit", async () => {
  await withEditor({}, async (editor) => {
    for (const { languageId, name } of LANGUAGES) {
      const uri = `file:///bom/${name}`;
      await editor.open(uri, languageId, `\ufeff${RULESETS[languageId]}`);
      const warning = ftpWarning(await editor.diagnostics(uri));
      assert.match(editor.textIn(uri, warning.range), /dport 21\b/, name);
      const [fix] = await editor.codeActions(uri, warning.range, ["quickfix"]);
      if (fix?.edit) await editor.apply(fix.edit);
      assert.ok(editor.text(uri).startsWith("\ufeff"), name);
      assert.equal(editor.text(uri).lastIndexOf("\ufeff"), 0, name);
    }
  });
});

test("columns count UTF-16 units: text before the place, in and beyond the basic plane, moves it right", async () => {
  const lines = {
    nft: 'table inet f {\n  chain c {\n    iifname "öß😀" tcp dport 99999 accept\n  }\n}\n',
    iptables:
      '*filter\n:INPUT DROP [0:0]\n-A INPUT -m comment --comment "Grüße 😀" -p tcp --dport 99999 -j ACCEPT\nCOMMIT\n',
    shellscript: '#!/bin/sh\necho "Grüße 😀"; iptables -A INPUT -p tcp --dport 99999 -j ACCEPT\n',
  };
  await withEditor({}, async (editor) => {
    for (const { languageId, name } of LANGUAGES) {
      const uri = `file:///utf16/${name}`;
      await editor.open(uri, languageId, lines[languageId]);
      const found = await editor.diagnostics(uri);
      assert.deepEqual(
        found.map(({ range }) => editor.textIn(uri, range)),
        ["99999"],
        name,
      );
    }
  });
});

test("a template full of placeholders: one hint, not a flood", async () => {
  const templates = {
    nft: "table inet f {\n{% for p in ports %}\n  chain c { tcp dport {{ p }} accept; }\n{% endfor %}\n}\n",
    iptables:
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -s @LAN@ -p tcp --dport {{ port }} -j ACCEPT\n{{ more }}\nCOMMIT\n",
  };
  await withEditor({}, async (editor) => {
    for (const languageId of ["nft", "iptables"] as const) {
      const uri = `file:///templates/${languageId === "nft" ? "t.nft" : "rules.v4"}`;
      await editor.open(uri, languageId, templates[languageId]);
      const found = await editor.diagnostics(uri);
      assert.deepEqual(
        found.map(({ severity }) => severity),
        [4],
        `${languageId}: ${JSON.stringify(found)}`,
      );
    }
  });
});

test("requests that make no sense are answered with nothing", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///odd/rules.v4";
    await editor.open(uri, "iptables", RULESETS.iptables!);
    await editor.diagnostics(uri);
    const ask = (method: string, params: object) => editor.connection.sendRequest(method, params);
    const start = { line: 0, character: 0 };
    const range = { start, end: start };
    const context = { diagnostics: [] };
    const other = { uri: "file:///odd/never-opened.nft" };
    assert.equal(await ask("textDocument/hover", { textDocument: other, position: start }), null);
    assert.deepEqual(await ask("textDocument/codeAction", { textDocument: other, range, context }), []);
    for (const line of [-1, 1e9]) {
      const position = { line, character: line };
      await ask("textDocument/hover", { textDocument: { uri }, position });
      await ask("textDocument/codeAction", {
        textDocument: { uri },
        range: { start: position, end: position },
        context,
      });
    }
    for (const data of [undefined, null, 7, {}, { uri: 7, version: "x" }, { uri: other.uri, version: 1 }]) {
      const action = (await ask("codeAction/resolve", { title: "made up", data })) as { title: string };
      assert.equal(action.title, "made up");
    }
    await ask("workspace/executeCommand", { command: "ftpFirewall.showNote", arguments: [{}] });
    await ask("workspace/executeCommand", { command: "rm -rf" });
    await assertStillWorks(editor);
    assert.deepEqual(editor.log, []);
  });
});

test("changes faster than the server can follow: the last one is diagnosed", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///fast/rules.v4";
    await editor.open(uri, "iptables", "");
    for (let length = 0; length <= RULESETS.iptables!.length; length++) {
      void editor.change(uri, { text: RULESETS.iptables!.slice(0, length) });
    }
    ftpWarning(await editor.diagnostics(uri));
  });
});

function ftpWarning(diagnostics: readonly Diagnostic[]): Diagnostic {
  const warning = diagnostics.find(({ code }) => code === "helper-not-assigned");
  assert.ok(warning, `no warning among ${JSON.stringify(diagnostics)}`);
  return warning;
}

function assertInside(text: string, diagnostics: readonly Diagnostic[]): void {
  const lines = text.split(/\r\n|\r|\n/);
  for (const { range, message } of diagnostics) {
    for (const { line, character } of [range.start, range.end]) {
      assert.ok(line < lines.length && character <= lines[line]!.length, `${line}:${character} ${message}`);
    }
  }
}

async function assertStillWorks(editor: Editor): Promise<void> {
  const uri = "file:///afterwards/rules.v4";
  await editor.open(uri, "iptables", RULESETS.iptables!);
  ftpWarning(await editor.diagnostics(uri));
}
