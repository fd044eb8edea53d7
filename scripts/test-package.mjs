// Makes the package and tries it: installs the .vsix in VS Code's server, opens an example, waits for the warning and
// follows its link to the page that explains it.
//
//   node scripts/test-package.mjs [FOLDER [FILE]]   examples/ and server/broken/rules.v4 by default
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { installHost, projectRoot } from "./vscode-host/install.mjs";
import { openPage, workbenchAddress } from "./vscode-host/page.mjs";
import { startServer } from "./vscode-host/server.mjs";

const folder = resolve(process.argv[2] ?? join(projectRoot, "examples"));
const openFile = join(folder, process.argv[3] ?? "server/broken/rules.v4");
const { name, version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
const vsix = join(projectRoot, `${name}-${version}.vsix`);

const packaging = spawnSync("npm", ["run", "package"], { cwd: projectRoot, stdio: "inherit" });
if (packaging.status !== 0) process.exit(1);

const host = await installHost(console.log);
const server = await startServer({ host, extension: vsix });
const { page, close } = await openPage();
try {
  await page.goto(workbenchAddress(server, folder, { openFile }));
  await page.locator(".cdr.squiggly-warning").first().waitFor({ timeout: 60_000 });
  await page.keyboard.press("Control+Shift+KeyM"); // the Problems panel
  await page.locator(".markers-panel .marker-code").first().click();
  await page.locator(".tab-label", { hasText: /^Preview [a-z-]+\.md$/ }).waitFor({ timeout: 30_000 });
  const size = Math.round(statSync(vsix).size / 1024);
  console.log(`${vsix}: ${size} KB; installed, it warns in ${openFile} and shows the page about it`);
} catch (error) {
  console.error(`The installed package does not warn in ${openFile}, or not with its page: ${error.message}`);
  process.exitCode = 1;
} finally {
  await close();
  await server.stop();
}
