// Installs, once, a whole VS Code that needs no desktop: the server and web workbench that the npm package
// `code-server` carries, with the Node 24 it wants. Everything goes into `.vscode-test/` (git-ignored), as
// @vscode/test-electron does with its own download; nothing is installed globally.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findInPath } from "./find-in-path.mjs";

const CODE_SERVER_VERSION = "4.139.1"; // carries VS Code 1.139
const NODE_VERSION = "24";

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const hostRoot = join(projectRoot, ".vscode-test", `code-server-${CODE_SERVER_VERSION}`);

const nodePackage = join(hostRoot, "node_modules", `node-${platform()}-${arch()}`);
const serverFolder = join(hostRoot, "node_modules", "code-server", "lib", "vscode");
const readyFile = join(hostRoot, "ready.json");

/** @returns {boolean} whether the host is there and complete, so that starting it takes seconds, not minutes. */
export function hostIsInstalled() {
  return existsSync(readyFile);
}

/**
 * Installs the host unless it is there already.
 *
 * @param {(line: string) => void} log where progress goes, one line at a time
 * @returns {Promise<{node: string, serverFolder: string}>} the Node 24 executable, and VS Code's server folder
 * @throws {Error} with the last lines of the failed step and the name of its log file
 */
export async function installHost(log) {
  const host = { node: join(nodePackage, "bin", "node"), serverFolder };
  if (hostIsInstalled()) return host;
  checkRequirements();
  const begin = Date.now();
  log(`Installing VS Code's server into ${hostRoot} (once; 2 to 4 minutes, about 1 GB)`);
  await rm(hostRoot, { recursive: true, force: true });
  await mkdir(hostRoot, { recursive: true });
  await writeFile(join(hostRoot, "package.json"), '{ "private": true }\n');
  await run(log, "1/2 download", hostRoot, process.env, [
    "install",
    `code-server@${CODE_SERVER_VERSION}`,
    `node-${platform()}-${arch()}@${NODE_VERSION}`,
    "--ignore-scripts",
    "--omit=dev",
    "--no-package-lock",
  ]);
  // The native modules are compiled for the Node that will load them, against the headers in that Node's own package.
  const buildEnvironment = {
    ...process.env,
    PATH: join(nodePackage, "bin") + delimiter + process.env.PATH,
    npm_config_nodedir: nodePackage,
  };
  await run(log, "2/2 native modules", serverFolder, buildEnvironment, ["install", "--omit=dev"]);
  const seconds = Math.round((Date.now() - begin) / 1000);
  await writeFile(readyFile, `${JSON.stringify({ codeServer: CODE_SERVER_VERSION, seconds })}\n`);
  log(`Installed in ${seconds} s`);
  return host;
}

/** @throws {Error} that names what this machine lacks, before anything is downloaded */
function checkRequirements() {
  if (platform() !== "linux") {
    throw new Error(
      `VS Code in the browser is made for Linux; this is ${platform()}: install desktop VS Code`,
    );
  }
  const missing = ["python3", "make", "c++", "pkg-config"].filter((name) => !findInPath(name));
  if (!existsSync("/usr/include/gssapi/gssapi.h")) missing.push("Kerberos headers");
  if (missing.length === 0) return;
  throw new Error(
    `VS Code's native modules cannot be compiled: ${missing.join(", ")} missing. ` +
      "On Debian and Ubuntu: apt install build-essential python3 pkg-config libkrb5-dev",
  );
}

/** Runs npm quietly, with a sign of life every 20 seconds; its whole output is kept in a log file. */
async function run(log, title, cwd, env, npmArguments) {
  const begin = Date.now();
  const elapsed = () => Math.round((Date.now() - begin) / 1000);
  const logFile = join(hostRoot, `${title.replace(/\W+/g, "-")}.log`);
  const output = createWriteStream(logFile);
  log(`  ${title} …`);
  const heartbeat = setInterval(() => log(`  ${title}: ${elapsed()} s`), 20_000);
  const npm = spawn("npm", [...npmArguments, "--no-audit", "--no-fund", "--no-progress"], { cwd, env });
  npm.stdout.pipe(output, { end: false });
  npm.stderr.pipe(output, { end: false });
  const code = await new Promise((resolve, reject) => {
    npm.on("error", reject);
    npm.on("close", resolve);
  }).finally(() => clearInterval(heartbeat));
  await new Promise((resolve) => output.end(resolve));
  if (code !== 0) {
    const tail = (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(-25).join("\n");
    throw new Error(`${title} failed (npm exit status ${code}); whole output in ${logFile}\n${tail}`);
  }
  log(`  ${title}: done after ${elapsed()} s`);
}
