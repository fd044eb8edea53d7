import { folderOf } from "./paths.ts";
import { readProftpd } from "./proftpd.ts";
import { optionFolderBeside, readPureFtpd, readPureFtpdFolder } from "./pure-ftpd.ts";
import type { Recognised } from "./recognise.ts";
import { recogniseServerConfig } from "./recognise.ts";
import type { ConfigFile, ServerConfig } from "./server-config.ts";
import { readVsftpd } from "./vsftpd.ts";

interface Known extends Recognised {
  readonly file: ConfigFile;
}

/**
 * Reads the configurations of FTP servers among these files: one for each vsftpd.conf, proftpd.conf (with the
 * files it includes) and pure-ftpd.conf, and one for each folder of Debian's Pure-FTPd. Files that are none of
 * these, or that only mean something when included, are left out. Never throws.
 */
export function readServerConfigs(files: readonly ConfigFile[]): ServerConfig[] {
  const known = files.flatMap((file) => {
    const recognised = recogniseServerConfig(file.path, file.text);
    return recognised ? [{ ...recognised, file }] : [];
  });
  const folders = optionFolders(known);
  const wholes = known.filter((one) => one.form === "whole");
  const proftpd = known.filter((one) => one.daemon === "proftpd").map((one) => one.file);
  return [
    ...wholes.map((one) => readWhole(one, proftpd, folders)),
    ...[...folders].map(([folder, options]) => readPureFtpdFolder(folder, options)),
  ];
}

function readWhole(
  { daemon, file }: Known,
  proftpd: readonly ConfigFile[],
  folders: ReadonlyMap<string, unknown>,
): ServerConfig {
  if (daemon === "vsftpd") return readVsftpd(file);
  if (daemon === "proftpd") return readProftpd(file, proftpd);
  const config = readPureFtpd(file);
  return folders.has(optionFolderBeside(file.path)) ? withoutEffect(config) : config;
}

/** Debian's pure-ftpd-wrapper starts the server with the options in conf/ alone. */
function withoutEffect(config: ServerConfig): ServerConfig {
  const message =
    "Debian starts Pure-FTPd with the options in the folder conf beside this file and does not read the file itself.";
  const places = config.servers.flatMap((server) => server.passivePorts.places);
  const problems = places.map(({ path, line }) => ({ path, span: line, message, refused: false }));
  return { ...config, servers: [], problems };
}

/** The files of each folder of Debian's form, by folder. */
function optionFolders(known: readonly Known[]): Map<string, ConfigFile[]> {
  const byFolder = new Map<string, ConfigFile[]>();
  for (const { form, file } of known) {
    if (form !== "option") continue;
    const folder = folderOf(file.path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  return byFolder;
}
