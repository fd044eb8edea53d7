import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, RULESETS } from "./bad-inputs.ts";
import { type Editor, withEditor } from "./editor.ts";

async function titled(editor: Editor, uri: string, title: RegExp) {
  const [first] = await editor.diagnostics(uri);
  const actions = await editor.codeActions(uri, first!.range, ["quickfix"]);
  const found = actions.find((one) => title.test(one.title));
  assert.ok(found, `${title} is not among ${actions.map((one) => one.title).join(", ")}`);
  return found;
}

for (const { languageId, name } of LANGUAGES) {
  for (const title of [/^Ignore helper-not-assigned here/, /^Ignore helper-not-assigned in this file/]) {
    test(`${name}: ${title.source} writes a comment, and the warning is gone`, async () => {
      await withEditor({}, async (editor) => {
        const uri = `file:///host/${name}`;
        const text = RULESETS[languageId]!;
        await editor.open(uri, languageId, text);
        const action = await titled(editor, uri, title);
        assert.deepEqual([action.kind, action.isPreferred], ["quickfix", false]);
        assert.deepEqual(
          action.diagnostics?.map(({ code }) => code),
          ["helper-not-assigned"],
        );
        await editor.apply(action.edit!);
        const added = editor
          .text(uri)
          .split("\n")
          .filter((line) => !text.split("\n").includes(line));
        assert.equal(added.length, 1);
        assert.match(added[0]!, /^\s*# ftp-firewall: ignore(-file)? helper-not-assigned — say why$/);
        assert.deepEqual(await editor.diagnostics(uri), []);
      });
    });
  }
}

test("the comment stands above the rule, indented like it", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/nftables.conf";
    await editor.open(uri, "nft", RULESETS.nft!);
    const [warning] = await editor.diagnostics(uri);
    const rule = editor.text(uri).split("\n")[warning!.range.start.line]!;
    await editor.apply((await titled(editor, uri, /here/)).edit!);
    const lines = editor.text(uri).split("\n");
    const at = lines.indexOf(rule);
    assert.equal(
      lines[at - 1],
      `${/^\s*/.exec(rule)![0]}# ftp-firewall: ignore helper-not-assigned — say why`,
    );
  });
});

test("a comment of no use is a hint, and its fix takes it away; it cannot be ignored itself", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/nftables.conf";
    const text = "# ftp-firewall: ignore-file helper-not-assigned\ntable inet t {\n}\n";
    await editor.open(uri, "nft", text);
    const [hint, ...others] = await editor.diagnostics(uri);
    assert.deepEqual([hint?.code, hint?.severity, others], ["unused-suppression", 4, []]);
    const actions = await editor.codeActions(uri, hint!.range);
    assert.deepEqual(
      actions.map(({ title, isPreferred }) => [title, isPreferred]),
      [["Remove this comment", true]],
    );
    await editor.apply(actions[0]!.edit!);
    assert.equal(editor.text(uri), "table inet t {\n}\n");
  });
});

test("a misspelt code is an error, and its fix writes the one that was meant", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    const rule = /^-A INPUT .*--dport 21 /m;
    const comment = "# ftp-firewall: ignore helper-not-asigned: users only log in\n";
    await editor.open(
      uri,
      "iptables",
      RULESETS.iptables!.replace(rule, (line) => comment + line),
    );
    const [error, warning] = await editor.diagnostics(uri);
    assert.deepEqual([error?.code, error?.severity], ["unknown-check", 1]);
    assert.equal(editor.textIn(uri, error!.range), "helper-not-asigned");
    assert.equal(warning?.code, "helper-not-assigned");
    await editor.apply((await titled(editor, uri, /^Write helper-not-assigned$/)).edit!);
    assert.deepEqual(await editor.diagnostics(uri), []);
  });
});

test("fix-all leaves alone what is ignored", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    const text = `${RULESETS.iptables}# ftp-firewall: ignore-file helper-not-assigned\n`;
    await editor.open(uri, "iptables", text);
    assert.deepEqual(await editor.diagnostics(uri), []);
    const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    assert.deepEqual(await editor.codeActions(uri, all), []);
  });
});

test("a check that does not exist in the editor's settings is said, and the others count", async () => {
  const settings = { checks: { "helper-not-asigned": "off", "helper-not-assigned": "error" } };
  await withEditor({ settings }, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [error] = await editor.diagnostics(uri);
    assert.deepEqual([error?.code, error?.severity], ["helper-not-assigned", 1]);
    await editor.until(() => editor.messages.length > 0, "what is wrong in the settings");
    assert.match(
      editor.messages[0]!,
      /ftpFirewall\.checks names “helper-not-asigned”, which is no check \(did you mean helper-not-assigned\?\)/,
    );
  });
});
