// Starts VS Code's server from the folder that install.mjs made, and stops it again.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A quiet editor: no welcome page, no tips, no assistants, nothing that asks or acts by itself. */
export const QUIET_SETTINGS = {
  "files.autoSave": "off", // in a browser it would be on, and change the examples for good
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.initialHint": false,
};

/**
 * Starts VS Code's server on the loopback interface.
 *
 * @param {object} options
 * @param {{node: string, serverFolder: string}} options.host what installHost returned
 * @param {number} [options.port] a free one by default
 * @param {boolean} [options.testDriver] let the workbench take test and development arguments from its address; user
 *   settings do not count then
 * @param {string} [options.extension] an extension to install: its folder (as a link to it) or a packaged .vsix
 * @param {string} [options.dataFolder] kept between runs; by default a temporary one, removed at the end
 * @param {Record<string, unknown>} [options.settings] user settings, on top of QUIET_SETTINGS
 * @param {NodeJS.ProcessEnv} [options.env] of the server and so of the extensions
 * @param {(text: string) => void} [options.onOutput] everything the server prints
 * @returns {Promise<{authority: string, token: string, stop: () => Promise<void>}>}
 * @throws {Error} when the server ends, or is silent for a minute, before it listens
 */
export async function startServer({
  host,
  settings = {},
  env = process.env,
  onOutput = () => {},
  ...options
}) {
  const port = options.port ?? (await freePort());
  // Other users of this machine reach the loopback interface as well: without the token they get nothing.
  const token = randomBytes(16).toString("hex");
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "ftp-firewall-vscode-"));
  const extensionsFolder = installExtension(host, dataFolder, options.extension);
  writeSettings(dataFolder, { ...QUIET_SETTINGS, ...settings });
  const serverArguments = [
    join(host.serverFolder, "out", "server-main.js"),
    "--accept-server-license-terms",
    "--host=127.0.0.1",
    `--port=${port}`,
    `--connection-token=${token}`,
    `--server-data-dir=${dataFolder}`,
    `--extensions-dir=${extensionsFolder}`,
    "--disable-telemetry",
    "--disable-workspace-trust",
    ...(options.testDriver ? ["--enable-smoke-test-driver"] : []),
  ];
  const server = spawn(host.node, serverArguments, { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const kill = () => server.kill("SIGTERM"); // whatever ends this process, no server outlives it
  process.once("exit", kill);
  server.once("exit", () => process.off("exit", kill));
  const stop = async () => {
    if (server.exitCode === null) server.kill("SIGTERM");
    const timer = setTimeout(() => server.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
    if (options.dataFolder === undefined) {
      // Grandchildren may still be writing their last log lines.
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  };
  try {
    await listening(server, onOutput);
  } catch (error) {
    await stop();
    throw error;
  }
  return { authority: `127.0.0.1:${port}`, token, stop };
}

function listening(server, onOutput) {
  return new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(() => reject(new Error(`VS Code's server is silent\n${output}`)), 60_000);
    const read = (chunk) => {
      onOutput(String(chunk));
      output += chunk;
      if (!/listening on/i.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("error", reject);
    server.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ended with status ${code}\n${output}`));
    });
  });
}

/** Makes the folder of installed extensions anew: VS Code's own list in it would remember former versions. */
function installExtension(host, dataFolder, extension) {
  const folder = join(dataFolder, "extensions");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (extension === undefined) return folder;
  if (!extension.endsWith(".vsix")) {
    symlinkSync(extension, join(folder, "extension"), "dir");
    return folder;
  }
  const { status, stdout, stderr } = spawnSync(
    host.node,
    [
      join(host.serverFolder, "out", "server-main.js"),
      "--accept-server-license-terms",
      `--server-data-dir=${dataFolder}`,
      `--extensions-dir=${folder}`,
      `--install-extension=${extension}`,
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`VS Code did not install ${extension}\n${stdout}${stderr}`);
  return folder;
}

function writeSettings(dataFolder, settings) {
  // The server's own settings count for every window; the user's are where a person would look for them.
  for (const place of ["Machine", "User"]) {
    const folder = join(dataFolder, "data", place);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "settings.json"), `${JSON.stringify(settings, undefined, 2)}\n`);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
