import { IntervalSet } from "../model/interval-set.ts";
import { numbers, parseV4, UNPRIVILEGED_PORTS } from "../model/values.ts";
import { canPin } from "./passive-range.ts";
import { below, folderOf, nameOf } from "./paths.ts";
import type { PureOption } from "./pure-ftpd-options.ts";
import { optionOfFile, optionsOfText, pureIncludes } from "./pure-ftpd-options.ts";
import type {
  ConfigFile,
  ConfigProblem,
  Fact,
  FtpServer,
  Place,
  ServerConfig,
  Tls,
} from "./server-config.ts";

/** Reads a pure-ftpd.conf (simpleconf_ftpd.h, pure-ftpd(8)). Never throws. */
export function readPureFtpd(file: ConfigFile): ServerConfig {
  const { options, problems } = optionsOfText(file);
  return configOf(file.path, options, problems, pureIncludes(file));
}

/** Reads the files of Debian's folder /etc/pure-ftpd/conf (pure-ftpd-wrapper(8)): one option each, the value inside. */
export function readPureFtpdFolder(folder: string, files: readonly ConfigFile[]): ServerConfig {
  const read = files.map((file) => optionOfFile(nameOf(file.path), file));
  const options = read.flatMap((one) => one.option ?? []);
  return configOf(
    folder,
    options,
    read.flatMap((one) => one.problems),
    [],
  );
}

/** Whether the file lies in a folder of Debian's form. */
export function isPureFtpdFolder(path: string): boolean {
  const folder = folderOf(path);
  return nameOf(folder) === "conf" && nameOf(folderOf(folder)) === "pure-ftpd";
}

/** The folder of Debian's form that belongs to a pure-ftpd.conf. */
export function optionFolderBeside(path: string): string {
  return below(folderOf(path), "conf");
}

function configOf(
  path: string,
  all: readonly PureOption[],
  problems: readonly ConfigProblem[],
  needs: ServerConfig["needs"],
): ServerConfig {
  const options = new Options(all);
  const server: FtpServer = {
    controlPort: controlPortOf(options),
    families: familiesOf(options),
    passivePorts: passivePortsOf(options),
    // ftpd.h, FTP_ACTIVE_SOURCE_PORTS: 20; only where that cannot be bound one of a few others.
    dataPort: { value: 20, places: [] },
    tls: tlsOf(options),
    announced: announcedOf(options),
  };
  return { daemon: "pure-ftpd", path, servers: [server], problems, needs };
}

/** Options as the command line has them, in order. */
class Options {
  readonly #all: readonly PureOption[];

  constructor(all: readonly PureOption[]) {
    this.#all = all;
  }

  all(name: string): PureOption[] {
    return this.#all.filter((one) => one.name === name);
  }

  first(name: string): PureOption | undefined {
    return this.all(name)[0];
  }

  last(name: string): PureOption | undefined {
    return this.all(name).at(-1);
  }
}

function placesOf(...options: readonly (PureOption | undefined)[]): Place[] {
  return options.flatMap((option) => (option ? [option.place] : []));
}

/** -S: the last port counts, but the first address. Without a comma it is a port. */
function controlPortOf(options: Options): Fact<number | "unknown"> {
  const bind = options.all("bind").findLast((one) => portPart(one.value) !== "");
  const text = bind ? portPart(bind.value) : "21";
  const value = /^\d+$/.test(text) ? Number(text) % 0x10000 : (SERVICES.get(text) ?? "unknown");
  return { value, places: placesOf(bind) };
}

/** Names from /etc/services that an FTP server may listen on. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ["ftp", 21],
  ["ftps", 990],
]);

function portPart(value: string): string {
  return value.slice(value.indexOf(",") + 1);
}

function familiesOf(options: Options): Fact<readonly (4 | 6)[]> {
  const only4 = options.last("ipv4only");
  const only6 = options.last("ipv6only");
  if (only4) return { value: [4], places: placesOf(only4) };
  if (only6) return { value: [6], places: placesOf(only6) };
  const bind = options.all("bind").find((one) => one.value.indexOf(",") > 0);
  if (!bind) return { value: [4, 6], places: [] };
  const address = bind.value.slice(0, bind.value.indexOf(","));
  if (parseV4(address) !== undefined) return { value: [4], places: placesOf(bind) };
  return { value: address.includes(":") ? [6] : [4, 6], places: placesOf(bind) };
}

/** globals.h, firstport and lastport: 1024 to 65535 by default. NATmode (-N) means active mode only. */
function passivePortsOf(options: Options): Fact<IntervalSet<number>> {
  const off = options.last("natmode");
  if (off)
    return { value: IntervalSet.empty(), places: placesOf(off), note: "NATmode leaves only active mode." };
  const range = options.last("passiveportrange");
  const [low, high] = (range?.value ?? "").split(/\s+/).map(Number);
  if (range && low !== undefined && high !== undefined && canPin("pure-ftpd", { low, high }))
    return { value: numbers(low, high), places: placesOf(range) };
  const note = "Pure-FTPd takes any port from 1024 to 65535 when PassivePortRange is not set.";
  return { value: UNPRIVILEGED_PORTS, places: [], note };
}

/** -Y 1: clients may use TLS, 2: they have to, 3: for data as well. Implicit TLS is a choice at compile time. */
function tlsOf(options: Options): Fact<Tls> {
  const option = options.last("tls");
  const level = Number(option?.value ?? 0);
  const value = level === 1 ? "optional" : level === 2 || level === 3 ? "required" : "none";
  return { value, places: placesOf(option) };
}

function announcedOf(options: Options): Fact<number | "own" | "unknown"> {
  const option = options.first("forcepassiveip");
  if (!option) return { value: "own", places: [] };
  return { value: parseV4(option.value) ?? "unknown", places: placesOf(option) };
}
