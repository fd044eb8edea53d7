// Opens VS Code's web workbench in a headless Chromium.
import { findInPath } from "./find-in-path.mjs";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** @returns {string | undefined} the Chromium or Chrome of this machine; `CHROMIUM_EXECUTABLE` overrules. */
export function findChromium() {
  return process.env.CHROMIUM_EXECUTABLE || findInPath(...BROWSERS);
}

/**
 * The address of a workbench.
 *
 * @param {{authority: string, token: string}} server a running one
 * @param {string} folder the workspace, an absolute path
 * @param {{developmentPath?: string, testsPath?: string, openFile?: string}} more absolute paths: the extension under
 *   development and its suite (both need the server's test driver), and a file to show
 */
export function workbenchAddress(server, folder, { developmentPath, testsPath, openFile } = {}) {
  const paths = { extensionDevelopmentPath: developmentPath, extensionTestsPath: testsPath, openFile };
  const payload = Object.entries(paths)
    .filter(([, path]) => path !== undefined)
    .map(([name, path]) => [name, `vscode-remote://${server.authority}${path}`]);
  const query = new URLSearchParams({ tkn: server.token, folder });
  if (payload.length > 0) query.set("payload", JSON.stringify(payload));
  return `http://${server.authority}/?${query}`;
}

/**
 * Opens a page, 1280 by 800, without any address yet.
 *
 * @param {{colorScheme?: "dark" | "light"}} [options]
 * @returns {Promise<{page: import("playwright-core").Page, close: () => Promise<void>}>}
 */
export async function openPage({ colorScheme = "dark" } = {}) {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error(`no Chromium in PATH (looked for ${BROWSERS.join(", ")})`);
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
  return { page, close: () => browser.close() };
}
