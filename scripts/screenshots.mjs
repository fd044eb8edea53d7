// Makes the pictures of the README in images/: the warning, the hover and the light bulb's menu, in a real VS Code.
//
//   node scripts/screenshots.mjs [FOLDER [FILE]]   examples/ and server/broken/rules.v4 by default
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { installHost, projectRoot } from "./vscode-host/install.mjs";
import { openPage, workbenchAddress } from "./vscode-host/page.mjs";
import { startServer } from "./vscode-host/server.mjs";

const folder = resolve(process.argv[2] ?? join(projectRoot, "examples"));
const openFile = join(folder, process.argv[3] ?? "server/broken/rules.v4");
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

/** The middle of the first warning's underline. */
async function firstWarning(page) {
  const underline = page.locator(".cdr.squiggly-warning").first();
  await underline.waitFor({ timeout: 60_000 });
  const box = await underline.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
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
  await take(page, "hover.png");
}

mkdirSync(images, { recursive: true });
const host = await installHost(console.log);
const server = await startServer({ host, extension: projectRoot, settings: SETTINGS });
const { page, close } = await openPage();
try {
  await page.goto(workbenchAddress(server, folder, { openFile }));
  await takeAll(page);
} catch (error) {
  await page.screenshot({ path: join(images, "failed.png") });
  console.error(`${error.message}\nWhat the window showed then: images/failed.png`);
  process.exitCode = 1;
} finally {
  await close();
  await server.stop();
}
