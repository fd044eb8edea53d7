import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import type { Runtime } from "./files.ts";
import { describe } from "./guard.ts";
import { startServer } from "./start-server.ts";

const TRANSPORTS = /^--(?:stdio|node-ipc|socket(?:=\d+)?|pipe(?:=.+)?)$/;

/** Included rulesets are small; what is larger is something else. */
const LARGEST_FILE = 32 * 1024 * 1024;

const runtime: Runtime = {
  async readFile(uri) {
    const file = URI.parse(uri);
    if (file.scheme !== "file") return undefined;
    const found = await stat(file.fsPath);
    if (!found.isFile() || found.size > LARGEST_FILE) return undefined;
    return (await readFile(file.fsPath, "utf8")).replace(/^\ufeff/, "");
  },
  async realUri(uri) {
    const file = URI.parse(uri);
    return file.scheme === "file" ? URI.file(await realpath(file.fsPath)).toString() : uri;
  },
  async listFolder(uri) {
    const folder = URI.parse(uri);
    if (folder.scheme !== "file") return undefined;
    const entries = await readdir(folder.fsPath, { withFileTypes: true });
    return entries.filter((one) => one.isFile() || one.isSymbolicLink()).map(({ name }) => name);
  },
};

if (process.argv.some((argument) => TRANSPORTS.test(argument))) {
  const connection = createConnection(ProposedFeatures.all);
  // A defect is logged where the user can find it; the other documents go on being served.
  const log = (error: unknown) => connection.console.error(`unexpected: ${describe(error)}`);
  process.on("uncaughtException", log).on("unhandledRejection", log);
  startServer(connection, runtime);
} else {
  console.error(
    "ftp-firewall-language-server: say how the editor talks to it: --stdio, --node-ipc or --socket=PORT",
  );
  process.exitCode = 2;
}
