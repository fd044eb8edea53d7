import assert from "node:assert/strict";
import { test } from "node:test";
import type { MarkupContent } from "vscode-languageserver";
import { CODES } from "../../server/src/checks/codes.ts";
import { FTP_PAGES } from "../../server/src/reference/ftp.ts";
import { LANGUAGES, RULESETS } from "./bad-inputs.ts";
import { type Editor, type EditorOptions, withEditor } from "./editor.ts";

const uri = "file:///host/rules.v4";
const PAGES: EditorOptions = {
  initializationOptions: { documentation: "command:explain?%5B%22{code}%22%5D" },
};
const LINK = "command:explain?%5B%22helper-not-assigned%22%5D";

async function hoverText(editor: Editor): Promise<string> {
  const hover = await editor.hover(uri, "--dport 21");
  return (hover!.contents as MarkupContent).value;
}

test("an editor that says where the pages are gets links to them", async () => {
  await withEditor(PAGES, async (editor) => {
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [warning] = await editor.diagnostics(uri);
    assert.equal(warning!.code, "helper-not-assigned");
    assert.deepEqual(warning!.codeDescription, { href: LINK });
    const [action] = await editor.codeActions(uri, warning!.range, ["quickfix"]);
    assert.deepEqual(action!.diagnostics, [warning]);
    assert.ok((await hoverText(editor)).includes(`[the conntrack helper](${LINK})`));
    assert.deepEqual(editor.messages, [], "the option was taken for a setting");
  });
});

test("an editor may want other addresses in hovers", async () => {
  const initializationOptions = { documentation: "pages:/{code}.md", hoverDocumentation: "command:x?{code}" };
  await withEditor({ initializationOptions }, async (editor) => {
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [warning] = await editor.diagnostics(uri);
    assert.deepEqual(warning!.codeDescription, { href: "pages:/helper-not-assigned.md" });
    assert.match(await hoverText(editor), /\]\(command:x\?passive-data-blocked\)/);
    assert.deepEqual(editor.messages, []);
  });
});

test("the hover's pages are there", () => {
  const pages = CODES.filter(({ hasPage }) => hasPage).map(({ code }) => code);
  assert.deepEqual(
    Object.keys(FTP_PAGES).filter((code) => !pages.includes(code)),
    [],
  );
});

test("any other editor gets no link that leads nowhere", async () => {
  for (const documentation of [undefined, 7, "", "https://example.org/checks"]) {
    await withEditor({ initializationOptions: { documentation } }, async (editor) => {
      await editor.open(uri, "iptables", RULESETS.iptables!);
      assert.equal((await editor.diagnostics(uri))[0]!.codeDescription, undefined);
      assert.doesNotMatch(await hoverText(editor), /\]\(|undefined/);
    });
  }
  await withEditor({ ...PAGES, capabilities: {} }, async (editor) => {
    await editor.open(uri, "iptables", RULESETS.iptables!);
    assert.equal((await editor.diagnostics(uri))[0]!.codeDescription, undefined);
  });
});

test("settings beside the address still count, for an editor that states them when it starts", async () => {
  const initializationOptions = {
    documentation: "https://example.org/{code}",
    checks: { "helper-not-assigned": "error" },
  };
  const capabilities = { textDocument: { publishDiagnostics: { codeDescriptionSupport: true } } };
  await withEditor({ initializationOptions, capabilities }, async (editor) => {
    await editor.open(uri, "iptables", RULESETS.iptables!);
    const [error] = await editor.diagnostics(uri);
    assert.equal(error!.severity, 1);
    assert.deepEqual(error!.codeDescription, { href: "https://example.org/helper-not-assigned" });
  });
});

test("after a fix it says how to try the rules, once for each dialect in a session", async () => {
  const expected: Readonly<Record<string, RegExp>> = {
    nft: /^Try it safely: `nft -c -f [^`/]+` checks it without loading it\.$/,
    iptables:
      /^Try it safely: `iptables-restore --test [^`/]+` checks it, `iptables-apply [^`/]+` loads it[^.]*\.$/,
    shellscript:
      /^Try it safely: after `iptables-save > before\.v4; \(sleep 60; [^`]*\) &` the old rules come back/,
  };
  await withEditor({}, async (editor) => {
    let told = 0;
    for (const { languageId, name } of LANGUAGES) {
      for (const copy of [name, `copy/${name}`]) {
        const file = `file:///host/${copy}`;
        await editor.open(file, languageId, RULESETS[languageId]!);
        const [warning] = await editor.diagnostics(file);
        const actions = await editor.codeActions(file, warning!.range);
        const fix = actions.find(({ isPreferred }) => isPreferred);
        const all = actions.find(({ kind }) => kind?.startsWith("source.fixAll"));
        const chosen = copy === name ? fix! : await editor.resolve(all!);
        await editor.connection.sendRequest("workspace/executeCommand", chosen.command);
        if (copy === name) await editor.until(() => editor.messages.length > told, "the hint");
        assert.equal(editor.messages.length, copy === name ? ++told : told, editor.messages.join("\n"));
        if (copy === name) assert.match(editor.messages[told - 1]!, expected[languageId]!);
      }
    }
    assert.equal(told, 3);
  });
});
