// Makes the pictures of the README in images/: the warning, the hover, the light bulb's menu, and a script beside the
// ruleset that results from it, in a real VS Code.
//
//   node scripts/screenshots.mjs [FOLDER [FILE [SCRIPT]]]   examples/, server/broken/rules.v4 and firewall.sh by default
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { installHost, projectRoot } from "./vscode-host/install.mjs";
import { openPage, workbenchAddress } from "./vscode-host/page.mjs";
import { startServer } from "./vscode-host/server.mjs";

const folder = resolve(process.argv[2] ?? join(projectRoot, "examples"));
const openFile = join(folder, process.argv[3] ?? "server/broken/rules.v4");
const script = join(folder, process.argv[4] ?? "server/broken/firewall.sh");
const images = join(projectRoot, "images");

const SETTINGS = {
  "window.autoDetectColorScheme": false,
  "workbench.colorTheme": "Dark 2026",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "editor.fontFamily": "DejaVu Sans Mono",
  "editor.fontSize": 14,
  "editor.scrollBeyondLastLine": false,
  "editor.hover.above": false,
  "editor.hover.delay": 100,
  "editor.cursorBlinking": "solid",
  "editor.occurrencesHighlight": "off",
  "editor.stickyScroll.enabled": false,
  "problems.showCurrentInStatus": false,
};

/** Waits until the picture has stopped changing, 10 s at most: fonts, colours and lists arrive one after the other. */
async function settle(page) {
  let last = "";
  for (let same = 0, round = 0; same < 3 && round < 40; round++) {
    await page.waitForTimeout(250);
    const now = (await page.screenshot({ caret: "hide" })).toString("base64");
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

async function take(page, name) {
  await settle(page);
  await page.screenshot({ path: join(images, name), caret: "hide" });
  console.log(`images/${name}`);
}

/** The port number in the first line that has a warning. */
async function firstWarning(page) {
  const underline = page.locator(".cdr.squiggly-warning").first();
  await underline.waitFor({ timeout: 60_000 });
  await settle(page);
  const { y } = await underline.boundingBox();
  for (const port of await page.locator(".view-line span > span", { hasText: /^21$/ }).all()) {
    const box = await port.boundingBox();
    if (Math.abs(box.y - y) < box.height) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  throw new Error("the warning is not on a line with the port 21");
}

async function takeAll(page) {
  const warning = await firstWarning(page);
  await page.mouse.click(warning.x, warning.y);
  await page.keyboard.press("Control+Shift+KeyM"); // the Problems panel
  await page.mouse.move(5, 5);
  await page.locator(".markers-panel .monaco-list-row").first().waitFor();
  await take(page, "warning.png");
  await page.keyboard.press("Control+KeyJ"); // closes the panel

  await page.mouse.click(warning.x, warning.y);
  await page.keyboard.press("Control+Period");
  await page.locator(".action-widget .monaco-list-row").first().waitFor();
  await page.mouse.move(5, 5);
  await take(page, "fix.png");
  await page.keyboard.press("Escape");

  await page.mouse.move(warning.x, warning.y, { steps: 5 });
  await page.locator(".monaco-hover .markdown-hover").first().waitFor();
  await enlargeHover(page);
  await take(page, "hover.png");
}

/** The script with the cursor on a rule in a loop, and beside it what it makes. */
async function takeRuleset(page) {
  await page.locator(".cdr.squiggly-warning").first().waitFor({ timeout: 60_000 });
  await page.locator('.editor-actions [aria-label*="Show the resulting ruleset"]').first().click();
  const ruleset = page.locator(".editor-instance", { hasText: "iptables-save" }).last();
  await ruleset.waitFor();
  await page.keyboard.press("Control+KeyB"); // the side bar away: two editors need the room
  await settle(page);
  await page.locator(".view-line", { hasText: "--dport $port" }).first().click();
  await page.mouse.move(5, 5);
  await take(page, "ruleset.png");
}

/** Drags the hover's lower edge down as far as the window goes, as a reader does who wants the whole of it. */
async function enlargeHover(page) {
  await settle(page);
  const box = await page.locator(".monaco-resizable-hover").boundingBox();
  const edge = { x: box.x + box.width / 2, y: box.y + box.height };
  await page.mouse.move(edge.x, edge.y);
  await page.mouse.down();
  await page.mouse.move(edge.x, page.viewportSize().height - 40, { steps: 10 });
  await page.mouse.up();
  await page.mouse.move(edge.x, box.y + 10, { steps: 5 }); // off the edge, which glows
}

mkdirSync(images, { recursive: true });
mkdirSync(join(projectRoot, "out"), { recursive: true });
const host = await installHost(console.log);
const server = await startServer({ host, extension: projectRoot, settings: SETTINGS });
const { page, close } = await openPage();
try {
  await page.goto(workbenchAddress(server, folder, { openFile }));
  await takeAll(page);
  await page.goto(workbenchAddress(server, folder, { openFile: script }));
  await takeRuleset(page);
} catch (error) {
  const picture = join(projectRoot, "out", "screenshot-failed.png");
  await page.screenshot({ path: picture });
  console.error(`${error.message}\nWhat the window showed then: ${picture}`);
  process.exitCode = 1;
} finally {
  await close();
  await server.stop();
}
