import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { serverFilesBeside, withIncluded } from "../daemons/collect.ts";
import { readServerConfigs } from "../daemons/read-server-config.ts";
import { recogniseServerConfig } from "../daemons/recognise.ts";
import { factsOf, knownServers } from "../ftp/known-server.ts";
import type { Role } from "../ftp/scenario.ts";
import type { SimulateOptions } from "../ftp/simulate.ts";
import type { ConfigFile } from "../service.ts";
import { decodeBytes } from "./bytes.ts";
import { describeIoError, UsageError } from "./errors.ts";
import { shown } from "./includes.ts";

/** No FTP server's configuration is larger. */
const LARGEST = 1024 * 1024;

/** The configuration of the FTP servers that a host's rules are for: what was named, else what lies beside the rules. */
export function serverFilesFor(
  rulesPaths: readonly string[],
  named: readonly ConfigFile[],
): readonly ConfigFile[] {
  if (named.length > 0) return withIncluded(named, readIfThere);
  const found = serverFilesBeside(
    rulesPaths.filter((path) => path !== "-").map((path) => resolve(path)),
    readIfThere,
  );
  return found.map(({ path, text }) => ({ path: shown(path), text }));
}

/** A file of `--server-config`. Throws UsageError when it cannot be read. */
export function namedServerFile(path: string): ConfigFile {
  try {
    const file = { path, text: decodeBytes(readFileSync(path)) };
    if (recogniseServerConfig(path, file.text)) return file;
  } catch (error) {
    throw new UsageError(`${path}: cannot read it: ${describeIoError(error)}`);
  }
  throw new UsageError(`${path}: it looks like no configuration of vsftpd, ProFTPD or Pure-FTPd`);
}

function readIfThere(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return !stat.isFile() || stat.size > LARGEST ? undefined : decodeBytes(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** What of a simulation the server's configuration decides, where it describes one server. */
export function serverOptions(named: readonly ConfigFile[], role: Role): Partial<SimulateOptions> {
  if (named.length === 0 || role === "client") return {};
  const [server, ...others] = knownServers(readServerConfigs(withIncluded(named, readIfThere)));
  if (!server || others.length > 0)
    throw new UsageError("the FTP server's configuration describes several servers, or none that listens");
  const { passivePorts, dataPort, tls, announced } = factsOf(server, 4);
  const port = server.controlPort.value;
  return {
    passivePorts,
    dataPort,
    tls,
    ...(announced && { announced: { 4: announced.min as number } }),
    ...(role === "server" && port !== "unknown" && { controlPort: port }),
  };
}
