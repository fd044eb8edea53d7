// `npm start`: builds, then opens VS Code with the extension and examples/: desktop VS Code where its `code` command
// is in PATH, otherwise VS Code in the browser (Linux), served from this machine until Ctrl+C.
//
//   node scripts/start.mjs [FOLDER]   another folder than examples/
//   PORT=8321 node scripts/start.mjs  another port for VS Code in the browser
import { spawn, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { findCodeCommand, hasDisplay } from "./vscode-host/desktop.mjs";
import { hostIsInstalled, hostRoot, installHost, projectRoot } from "./vscode-host/install.mjs";
import { workbenchAddress } from "./vscode-host/page.mjs";
import { startServer } from "./vscode-host/server.mjs";

const folder = resolve(process.argv[2] ?? join(projectRoot, "examples"));
const example = process.argv[2] === undefined ? join(folder, "server", "broken", "rules.v4") : undefined;
const tryThis = "Hover over the underlined rule for port 21, then click the light bulb (or press Ctrl+.).";

function build() {
  const { status } = spawnSync(process.execPath, [join(projectRoot, "scripts", "build.mjs")], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

function openDesktop(code) {
  console.log(`Opening desktop VS Code (${code}) with the extension and ${folder}`);
  console.log(tryThis);
  const paths = example === undefined ? [folder] : [folder, example];
  const codeArguments = ["--new-window", `--extensionDevelopmentPath=${projectRoot}`, ...paths];
  const { status, error } = spawnSync(code, codeArguments, {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) console.error(`VS Code did not start: ${error.message}`);
  process.exitCode = status ?? 1;
}

async function openInBrowser() {
  console.log("There is no `code` command in PATH (or no display): VS Code in the browser it is.");
  if (!hostIsInstalled()) {
    console.log(
      "The first time, its server is downloaded and compiled: 2 to 4 minutes, into .vscode-test/ only.",
    );
    console.log(
      "On Debian and Ubuntu that needs: apt install build-essential pkg-config libkrb5-dev python3",
    );
  }
  const host = await installHost(console.log);
  const server = await startServer({
    host,
    port: process.env.PORT ? Number(process.env.PORT) : undefined,
    extension: projectRoot,
    dataFolder: join(hostRoot, "start"),
  });
  const address = workbenchAddress(server, folder, { openFile: example });
  console.log(`\nVS Code with the extension and ${folder}:\n\n  ${address}\n\n${tryThis}`);
  console.log("Only this machine can open it, by this address. Ctrl+C ends it.");
  if (hasDisplay()) {
    spawn("xdg-open", [address], { stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
  }
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}

build();
const code = findCodeCommand();
if (code !== undefined && hasDisplay()) {
  openDesktop(code);
} else if (process.platform === "linux") {
  await openInBrowser().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
} else {
  console.error(
    "Install VS Code and its `code` command (Command Palette: “Shell Command: Install 'code' command”).",
  );
  process.exitCode = 1;
}
