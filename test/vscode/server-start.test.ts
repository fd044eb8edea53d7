import * as assert from "node:assert/strict";
import { Position, WorkspaceEdit, window, workspace } from "vscode";
import { closeAll, extensionApi, extensionIsAwake, note, sleep, until } from "./editor.ts";

describe("the language server's process", () => {
  after(closeAll);

  it("is not started by a shell script that has nothing to do with a firewall", async () => {
    assert.equal(extensionIsAwake(), false, "the extension woke before a document asked for it");
    const content = "#!/bin/sh\necho nftables_not\n";
    const script = await workspace.openTextDocument({ language: "shellscript", content });
    await window.showTextDocument(script);
    const begin = performance.now();
    await until("the extension to wake", extensionIsAwake);
    const api = await extensionApi();
    note(`activate(): ${api.activationMilliseconds.toFixed(1)} ms`);
    note(`script open -> extension awake: ${(performance.now() - begin).toFixed(0)} ms`);
    await sleep(500);
    assert.equal(api.serverWanted(), false);
    assert.equal(api.serverRunning(), false);
  });

  it("starts as soon as that script mentions iptables", async () => {
    const api = await extensionApi();
    const begin = performance.now();
    const script = window.activeTextEditor?.document;
    assert.ok(script);
    const edit = new WorkspaceEdit();
    edit.insert(script.uri, new Position(2, 0), "iptables -A INPUT -p tcp --dport 22 -j ACCEPT\n");
    await workspace.applyEdit(edit);
    await until("the language server", () => api.serverRunning());
    note(`first mention -> language server running: ${(performance.now() - begin).toFixed(0)} ms`);
  });
});
