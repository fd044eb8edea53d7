// Runs test/vscode in a real VS Code: the desktop one where there is one or it can be downloaded, otherwise the
// server of scripts/vscode-host.mjs. Where neither can run, says SKIPPED; with CI=true that is a failure.
//
//   node scripts/test-vscode.mjs [WORKSPACE]   examples/ by default
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { findDesktopExecutable, hasDisplay } from "./vscode-host/desktop.mjs";
import { installHost, projectRoot } from "./vscode-host/install.mjs";
import { findChromium } from "./vscode-host/page.mjs";

/** @returns {Promise<{executable: string, name: string} | {reason: string}>} */
async function findVscode() {
  if (hasDisplay() || process.env.VSCODE_EXECUTABLE) {
    const desktop = findDesktopExecutable() ?? (await downloadDesktop());
    if (desktop !== undefined) return { executable: desktop, name: `desktop VS Code, ${desktop}` };
  }
  if (findChromium() === undefined) return { reason: "no desktop VS Code here, and no Chromium in PATH" };
  try {
    await installHost(console.log);
  } catch (error) {
    return { reason: error.message };
  }
  return {
    executable: join(projectRoot, "scripts", "vscode-host.mjs"),
    name: "VS Code's server and Chromium",
  };
}

async function downloadDesktop() {
  try {
    return await downloadAndUnzipVSCode({ timeout: 10_000 });
  } catch (error) {
    console.log(`Desktop VS Code cannot be downloaded: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function skip(reason) {
  console.error(`\n*** SKIPPED: the tests in a real VS Code did not run: ${reason} ***\n`);
  if (process.env.CI) {
    console.error("In CI that is a failure.");
    process.exitCode = 1;
  }
}

const vscode = await findVscode();
if ("reason" in vscode) {
  skip(vscode.reason);
} else {
  console.log(`Testing in ${vscode.name}`);
  const profile = mkdtempSync(join(tmpdir(), "ffp-"));
  try {
    await runTests({
      vscodeExecutablePath: vscode.executable,
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: join(projectRoot, "out", "test", "vscode", "index.cjs"),
      launchArgs: [
        process.argv[2] ?? join(projectRoot, "examples"),
        "--disable-extensions",
        `--user-data-dir=${join(profile, "user")}`,
        `--extensions-dir=${join(profile, "extensions")}`,
      ],
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
