import assert from "node:assert/strict";
import { test } from "node:test";
import type { MarkupContent } from "vscode-languageserver";
import { LANGUAGES, RULESETS } from "./bad-inputs.ts";
import { withEditor } from "./editor.ts";

for (const { languageId, name } of LANGUAGES) {
  test(`${name}: open, diagnose, hover, fix, and the warning is gone`, async () => {
    await withEditor({}, async (editor) => {
      const uri = `file:///host/${name}`;
      await editor.open(uri, languageId, RULESETS[languageId]!);
      const [warning, ...others] = await editor.diagnostics(uri);
      assert.ok(warning);
      assert.deepEqual(others, []);
      assert.equal(warning.source, "ftp-firewall");
      assert.equal(warning.code, "helper-not-assigned");
      assert.equal(warning.severity, 2);
      assert.match(editor.textIn(uri, warning.range), /dport 21/);
      const [related] = warning.relatedInformation ?? [];
      assert.ok(related, "nothing says what stops the data connection");
      assert.equal(related.location.uri, uri);
      assert.match(editor.textIn(uri, related.location.range), /drop/i);

      const hover = await editor.hover(uri, "21");
      assert.ok(hover?.range, "no hover");
      const { kind, value } = hover.contents as MarkupContent;
      assert.equal(kind, "markdown");
      assert.match(value, /active/i);
      assert.match(value, /passive/i);
      assert.match(editor.textIn(uri, hover.range), /21/);

      const actions = await editor.codeActions(uri, warning.range, ["quickfix"]);
      assert.deepEqual(
        actions.map(({ title, isPreferred }) => ({ title, isPreferred })),
        [
          { title: "Track FTP with the conntrack helper", isPreferred: true },
          {
            title: "Open the data ports (50000-51000; the server has to be pinned to them)",
            isPreferred: false,
          },
          { title: "Ignore helper-not-assigned here, with a reason", isPreferred: false },
          { title: "Ignore helper-not-assigned in this file, with a reason", isPreferred: false },
        ],
      );
      await editor.apply(actions[0]!.edit!);
      assert.match(editor.text(uri), /ftp/);
      assert.deepEqual(await editor.diagnostics(uri), []);
    });
  });

  test(`${name}: the other fix works, too, and says what the FTP server needs`, async () => {
    await withEditor({}, async (editor) => {
      const uri = `file:///host/${name}`;
      await editor.open(uri, languageId, RULESETS[languageId]!);
      const [warning] = await editor.diagnostics(uri);
      const [, ports] = await editor.codeActions(uri, warning!.range, ["quickfix"]);
      assert.match(String(ports?.command?.arguments?.[0]), /pasv_min_port=50000/);
      await editor.apply(ports!.edit!);
      const left = await editor.diagnostics(uri);
      assert.deepEqual(
        left.map(({ code }) => code),
        ["passive-range-unconfirmed"],
      );
      await editor.connection.sendRequest("workspace/executeCommand", ports!.command);
      await editor.until(() => editor.messages.length > 0, "the note about the FTP server");
      assert.match(editor.messages[0]!, /pasv_min_port=50000/);
    });
  });

  test(`${name}: “Fix all FTP problems in this file” leaves none`, async () => {
    await withEditor({}, async (editor) => {
      const uri = `file:///host/${name}`;
      await editor.open(uri, languageId, RULESETS[languageId]!);
      const [warning] = await editor.diagnostics(uri);
      const everything = await editor.codeActions(uri, warning!.range);
      const offered = everything.find(({ kind }) => kind === "source.fixAll.ftpFirewall");
      assert.equal(offered?.title, "Fix all FTP problems in this file");
      assert.equal(offered.edit, undefined, "it is worked out only when it is chosen");
      await editor.apply((await editor.resolve(offered)).edit!);
      assert.deepEqual(await editor.diagnostics(uri), []);
      assert.deepEqual(await editor.codeActions(uri, warning!.range), []);
    });
  });
}

test("on saving, an editor asks for source.fixAll alone and gets the edit at once", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [warning] = await editor.diagnostics(uri);
    for (const only of ["source.fixAll", "source.fixAll.ftpFirewall", "source"]) {
      const actions = await editor.codeActions(uri, warning!.range, [only]);
      assert.deepEqual(
        actions.map(({ kind, edit }) => [kind, edit !== undefined]),
        [["source.fixAll.ftpFirewall", true]],
      );
    }
    assert.deepEqual(
      await editor.codeActions(uri, warning!.range, ["refactor", "source.organizeImports"]),
      [],
    );
  });
});

test("a fix-all action chosen after the text changed edits nothing", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [warning] = await editor.diagnostics(uri);
    const actions = await editor.codeActions(uri, warning!.range);
    const start = { line: 0, character: 0 };
    await editor.change(uri, { range: { start, end: start }, text: "# a line more\n" });
    const resolved = await editor.resolve(actions.find(({ kind }) => kind?.startsWith("source"))!);
    assert.equal(resolved.edit, undefined);
  });
});

test("an action asked for right behind a change is for the changed text", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [warning] = await editor.diagnostics(uri);
    const start = { line: 0, character: 0 };
    await editor.change(uri, { range: { start, end: start }, text: "# one\n# two\n" });
    const { line } = warning!.range.start;
    const at = { line: line + 2, character: 3 };
    const [fix] = await editor.codeActions(uri, { start: at, end: at }, ["quickfix"]);
    await editor.apply(fix!.edit!);
    assert.deepEqual(await editor.diagnostics(uri), []);
    assert.match(editor.text(uri), /^# one\n# two\n/);
  });
});

test("a strategy that cannot be used is shown as disabled with its reason, if the editor can show that", async () => {
  const notTracked = RULESETS.iptables!.replace(
    "*filter",
    "*raw\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --notrack\n-A OUTPUT -p tcp -m tcp --sport 21 -j CT --notrack\nCOMMIT\n*filter",
  );
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", notTracked);
    const [warning] = await editor.diagnostics(uri);
    assert.ok(warning, "no finding");
    const actions = await editor.codeActions(uri, warning.range, ["quickfix"]);
    const disabled = actions.find((action) => action.disabled);
    assert.equal(disabled?.title, "Track FTP with the conntrack helper");
    assert.match(String(disabled.disabled?.reason), /notrack/);
    assert.equal(disabled.edit, undefined);
    const preferred = actions.find((action) => action.isPreferred);
    assert.match(String(preferred?.title), /^Open the data ports/);
  });
});

test("without the newer capabilities: plain changes, nothing disabled, fix-all with its edit", async () => {
  await withEditor({ capabilities: {} }, async (editor) => {
    const uri = "file:///host/nftables.conf";
    await editor.open(uri, "nft", RULESETS.nft!);
    const [warning] = await editor.diagnostics(uri);
    assert.equal(warning?.relatedInformation, undefined);
    const actions = await editor.codeActions(uri, warning!.range);
    assert.deepEqual(
      actions.map(({ edit, disabled }) => [Object.keys(edit?.changes ?? {}), disabled]),
      actions.map(() => [[uri], undefined]),
    );
  });
});

test("closing a document takes its diagnostics away", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/rules.v4";
    await editor.open(uri, "iptables", RULESETS.iptables!);
    assert.equal((await editor.diagnostics(uri)).length, 1);
    await editor.close(uri);
    await editor.until(() => editor.published(uri)?.length === 0, "no diagnostics");
  });
});

test("a shell script that calls no firewall command is left alone", async () => {
  await withEditor({}, async (editor) => {
    const uri = "file:///host/backup.sh";
    await editor.open(uri, "shellscript", "#!/bin/sh\nif then fi ((\nftp -n host 21\n");
    assert.deepEqual(await editor.diagnostics(uri), []);
    assert.equal(await editor.hover(uri, "21"), null);
  });
});

test("an editor without these languages: name and content tell what a file is", async () => {
  await withEditor({}, async (editor) => {
    await editor.open("file:///host/rules.v4", "plaintext", RULESETS.iptables!);
    assert.equal((await editor.diagnostics("file:///host/rules.v4")).length, 1);
    await editor.open("file:///host/notes.txt", "plaintext", "nothing of the kind");
    assert.deepEqual(await editor.diagnostics("file:///host/notes.txt"), []);
  });
});

test("the server ends with status 0 when the editor ends it", async () => {
  let status: number | null = -1;
  await withEditor({}, async (editor) => {
    assert.equal(editor.initialized.serverInfo?.name, "ftp-firewall");
    status = await editor.stop();
  });
  assert.equal(status, 0);
});
