#!/usr/bin/env node
// Behaves like the desktop VS Code executable that @vscode/test-electron's runTests spawns, without being one: takes
// the same arguments, runs the suite inside the extension host of VS Code's server with the workbench open in a
// headless Chromium, prints what the suite prints and ends with its exit status.
//
//   vscode-host.mjs WORKSPACE --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [what else VS Code takes]
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installHost } from "./vscode-host/install.mjs";
import { openPage, workbenchAddress } from "./vscode-host/page.mjs";
import { startServer } from "./vscode-host/server.mjs";

const SUITE_TIMEOUT = 5 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false, // the many arguments that only a desktop window understands
  options: { extensionDevelopmentPath: { type: "string" }, extensionTestsPath: { type: "string" } },
});
const log = (line) => console.log(`[vscode-host] ${line}`);

/** Prints what a growing file gained since the last call. */
function follow(file) {
  let position = 0;
  return () => {
    if (!existsSync(file)) return;
    const descriptor = openSync(file, "r");
    const chunk = Buffer.alloc(1 << 16);
    for (let length = 1; length > 0; position += length) {
      length = readSync(descriptor, chunk, 0, chunk.length, position);
      process.stdout.write(chunk.subarray(0, length));
    }
    closeSync(descriptor);
  };
}

async function runSuite() {
  const host = await installHost(log);
  const folder = mkdtempSync(join(tmpdir(), "ftp-firewall-suite-"));
  const output = join(folder, "output.txt");
  const result = join(folder, "result.json");
  const serverLog = [];
  const server = await startServer({
    host,
    testDriver: true,
    env: { ...process.env, VSCODE_SUITE_OUTPUT: output, VSCODE_SUITE_RESULT: result },
    onOutput: (text) => serverLog.push(text),
  });
  const { page, close } = await openPage();
  const consoleLog = [];
  page.on("console", (message) => consoleLog.push(message.text()));
  const printNews = follow(output);
  try {
    log(`VS Code in Chromium: http://${server.authority}`);
    const extension = {
      developmentPath: values.extensionDevelopmentPath,
      testsPath: values.extensionTestsPath,
    };
    await page.goto(workbenchAddress(server, positionals[0], extension));
    const deadline = Date.now() + SUITE_TIMEOUT;
    while (!existsSync(result) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      printNews();
    }
    if (existsSync(result)) return JSON.parse(readFileSync(result, "utf8")).failures;
    const picture = join(tmpdir(), "ftp-firewall-suite-timeout.png");
    await page.screenshot({ path: picture });
    log(`The suite did not end within ${SUITE_TIMEOUT / 1000} s; what the window shows: ${picture}`);
    console.log([...serverLog, ...consoleLog.slice(-40)].join("\n"));
    return 1;
  } finally {
    printNews();
    await close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
try {
  process.exitCode = (await runSuite()) === 0 ? 0 : 1;
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
