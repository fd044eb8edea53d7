import * as assert from "node:assert/strict";
import { ConfigurationTarget, commands, workspace } from "vscode";
import {
  closeAll,
  codeOf,
  extensionApi,
  ftpProblems,
  hoverText,
  openExample,
  preferredFix,
  rangeOf,
  until,
} from "./editor.ts";

const EXAMPLES = [
  { path: "server/broken/nftables.conf", language: "nft" },
  { path: "server/broken/rules.v4", language: "iptables" },
  { path: "server/broken/firewall.sh", language: "shellscript" },
];

for (const { path, language } of EXAMPLES) {
  describe(path, () => {
    afterEach(closeAll);

    it(`is recognised as ${language}`, async () => {
      assert.equal((await openExample(path)).languageId, language);
    });

    it("has a warning, which the preferred quick fix removes", async () => {
      const document = await openExample(path);
      const [problem] = await until("a warning", () => nonEmpty(ftpProblems(document)));
      assert.ok(problem);
      assert.match(document.getText(problem.range), /21|ftp/, "the warning is not on the rule for port 21");
      const fix = await preferredFix(document, problem);
      assert.ok(fix.edit && (await workspace.applyEdit(fix.edit)));
      await until(
        `no ${codeOf(problem)}`,
        () => !ftpProblems(document).some((other) => codeOf(other) === codeOf(problem)),
      );
    });

    it("explains active and passive mode under the pointer", async () => {
      const document = await openExample(path);
      const [problem] = await until("a warning", () => nonEmpty(ftpProblems(document)));
      assert.ok(problem);
      const port = rangeOf(document, "21", document.offsetAt(problem.range.start));
      const text = await hoverText(document, port.start);
      assert.match(text, /active/i);
      assert.match(text, /passive/i);
    });

    it("has no FTP problem left after “Fix all FTP problems in this file”", async () => {
      const document = await openExample(path);
      await until("a warning", () => nonEmpty(ftpProblems(document)));
      await commands.executeCommand("ftpFirewall.fixAll");
      assert.ok(document.isDirty, "nothing was edited");
      await until("no FTP problem", () => ftpProblems(document).length === 0);
    });
  });
}

describe("the settings and commands", () => {
  afterEach(closeAll);

  it("switches checks off and on again", async () => {
    const document = await openExample("server/broken/rules.v4");
    const problems = await until("a warning", () => nonEmpty(ftpProblems(document)));
    const off = Object.fromEntries(problems.map((problem) => [codeOf(problem), "off"]));
    const settings = workspace.getConfiguration("ftpFirewall");
    await settings.update("checks", off, ConfigurationTarget.Global);
    try {
      await until("silence", () => ftpProblems(document).length === 0);
    } finally {
      await settings.update("checks", undefined, ConfigurationTarget.Global);
    }
    await until("the warning again", () => nonEmpty(ftpProblems(document)));
  });

  it("restarts the language server, and the warnings come back", async () => {
    const document = await openExample("server/broken/rules.v4");
    await until("a warning", () => nonEmpty(ftpProblems(document)));
    await commands.executeCommand("ftpFirewall.restartServer");
    assert.equal((await extensionApi()).serverRunning(), true);
    await until("a warning from the new server", () => nonEmpty(ftpProblems(document)));
  });
});

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
