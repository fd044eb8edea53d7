import { cover, span } from "../text/span.ts";
import type { Line } from "./lines.ts";
import { linesOf, trimmed } from "./lines.ts";
import type { ConfigFile, ConfigNeed, ConfigProblem, Place } from "./server-config.ts";

/** One option in force: a switch that is off is none. */
export interface PureOption {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** What a value has to look like; the files and the folder have different words for yes. */
type Shape = "two numbers" | "number" | "word" | "switch" | "other";

/** The options that are read here; every other one of the server's is `other`. */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ["passiveportrange", "two numbers"],
  ["bind", "word"],
  ["forcepassiveip", "word"],
  ["tls", "number"],
  ["ipv4only", "switch"],
  ["ipv6only", "switch"],
  ["natmode", "switch"],
]);

/** All other names in a pure-ftpd.conf (simpleconf_ftpd.h) and of pure-ftpd-wrapper(8). */
const OTHERS =
  /^(AllowAnonymousFXP|AllowDotFiles|AllowUserFXP|AltLog|AnonymousBandwidth|AnonymousCanCreateDirs|AnonymousCantUpload|AnonymousOnly|AnonymousRatio|AntiWarez|AutoRename|Bonjour|BrokenClientsCompatibility|CallUploadScript|CertFile|CertFileAndKey|ChrootEveryone|ClientCharset|CreateHomeDir|CustomerProof|Daemonize|DisplayDotFiles|DontResolve|ExtAuth|ExtCert|FSCharset|FileSystemCharset|FortunesFile|Include|KeepAllFiles|LDAPConfigFile|LimitRecursion|LogPID|MaxClientsNumber|MaxClientsPerIP|MaxDiskUsage|MaxIdleTime|MaxLoad|MinUID|MySQLConfigFile|NoAnonymous|NoChmod|NoRename|NoTruncate|PAMAuthentication|PGSQLConfigFile|PIDFile|PerUserLimits|ProhibitDotFilesRead|ProhibitDotFilesWrite|PureDB|Quota|SyslogFacility|TLSCipherSuite|TrustedGID|TrustedIP|Umask|UnixAuthentication|UserBandwidth|UserRatio|VerboseLog)$/i;

/** A line of a pure-ftpd.conf: a name, blanks or one of = and :, a value up to the end of the line. */
export interface PureLine {
  readonly line: Line;
  readonly name: string;
  readonly place: Place;
  readonly value: string;
}

export function pureLines({ path, text }: ConfigFile): PureLine[] {
  return linesOf(text).flatMap((line) => {
    const body = trimmed(text, line.start, line.end);
    if (body.start === body.end || text[body.start] === "#") return [];
    const whole = text.slice(body.start, body.end);
    const [head = "", name = ""] = /^([^\s=:]*)\s*[=:]?\s*/.exec(whole) ?? [];
    const value = span(body.start + head.length, body.end);
    return [{ line, name, place: { path, line: body, value }, value: whole.slice(head.length) }];
  });
}

/** Options and problems of a pure-ftpd.conf, as simpleconf.c reads it. */
export function optionsOfText(file: ConfigFile): { options: PureOption[]; problems: ConfigProblem[] } {
  const lines = pureLines(file);
  const problems = lines.flatMap((line) => {
    const message = complaintInFile(line);
    return message === undefined ? [] : [refusal(line.place, message)];
  });
  const options = lines
    .map(({ name, value, place }) => ({ name: name.toLowerCase(), value, place }))
    .filter((option) => isInForce(option, IS_ON_IN_FILE));
  return { options, problems: [...problems, ...rangeProblems(options)] };
}

const IS_ON_IN_FILE = /^(yes|on|true|1)$/i;
const IS_ON_IN_FOLDER = /^(yes|on|1)$/i;

/** A value of the wrong shape is no value; a switch has to be on. */
function isInForce({ name, value }: PureOption, on: RegExp): boolean {
  const shape = SHAPES.get(name);
  return shape === "switch" ? on.test(value) : shape !== undefined && fits(shape, value);
}

function fits(shape: Shape, value: string): boolean {
  if (shape === "two numbers") return /^\d+\s+\d+$/.test(value);
  if (shape === "number") return /^\d+$/.test(value);
  return shape !== "word" || /^\S+$/.test(value);
}

function complaintInFile({ name, value, place }: PureLine): string | undefined {
  const shape = SHAPES.get(name.toLowerCase());
  if (shape === undefined) return unknownName(name);
  if (place.value.start === place.line.start + name.length)
    return `Pure-FTPd refuses ${name} without a value.`;
  if (/^[=:]/.test(value)) return `Pure-FTPd refuses a value that begins with ${value[0]} here.`;
  const switched = IS_ON_IN_FILE.test(value) || /^(no|off|false|0)$/i.test(value);
  return complaintOfShape(name, shape, value, switched);
}

function unknownName(name: string): string | undefined {
  return OTHERS.test(name)
    ? undefined
    : `Pure-FTPd refuses this line: it knows no option ${name} (property not found).`;
}

function complaintOfShape(name: string, shape: Shape, value: string, switched: boolean): string | undefined {
  if (shape === "switch")
    return switched ? undefined : `Pure-FTPd refuses ${name}: the value is neither yes nor no.`;
  if (fits(shape, value)) return undefined;
  const comment = /\s#/.test(value) ? "; a comment needs a line of its own" : "";
  const wanted =
    shape === "word"
      ? "one word without blanks"
      : shape === "number"
        ? "a number"
        : "two numbers with blanks between them";
  return `Pure-FTPd refuses ${name}: the value has to be ${wanted}${comment}.`;
}

/** The range's limits (ftpd.c, option -p), the level of TLS (-Y) and the address (-P). */
function rangeProblems(options: readonly PureOption[]): ConfigProblem[] {
  return options.flatMap(({ name, value, place }) => {
    const message = complaintOfValue(name, value);
    return message === undefined ? [] : [refusal(place, message)];
  });
}

function complaintOfValue(name: string, value: string): string | undefined {
  if (name === "tls" && Number(value) > 3) return "Pure-FTPd refuses this TLS level: it knows 0 to 3.";
  if (name === "bind" && /^\d+\.[\d.]+$/.test(value))
    return `Pure-FTPd takes a value without a comma for a port and cannot start: write Bind ${value},21.`;
  if (name === "forcepassiveip" && /[":]/.test(value))
    return "Pure-FTPd ends every session with this ForcePassiveIP: it has to be an IPv4 address or a name of one, without quotes.";
  if (name !== "passiveportrange") return undefined;
  const [low = 0, high = 0] = value.split(/\s+/).map(Number);
  if (low < 1024) return "Pure-FTPd refuses passive ports below 1024.";
  if (high > 65535) return "Pure-FTPd refuses passive ports above 65535.";
  return high < low
    ? "Pure-FTPd refuses a passive range whose first port is higher than its last."
    : undefined;
}

function refusal(place: Place, message: string): ConfigProblem {
  return { path: place.path, span: place.line, message, refused: true };
}

/** Includes of a pure-ftpd.conf; they are not read here. */
export function pureIncludes(file: ConfigFile): ConfigNeed[] {
  return pureLines(file)
    .filter(({ name, value }) => name.toLowerCase() === "include" && value !== "")
    .map(({ value, place }) => ({ pattern: value, candidates: [value], place }));
}

/**
 * The option in a file of Debian's folder: the first line that is neither empty nor a comment; of switches the
 * first that is on (pure-ftpd-wrapper, parse_file). Its names are spelled exactly.
 */
export function optionOfFile(
  fileName: string,
  file: ConfigFile,
): { option?: PureOption; problems: ConfigProblem[] } {
  const name = fileName.toLowerCase();
  const shape = SHAPES.get(name);
  const lines = folderLines(file);
  if (!shape || lines.length === 0) return { problems: unknownFile(fileName, file) };
  const candidates = lines.map((place) => ({
    name,
    value: file.text.slice(place.value.start, place.value.end),
    place,
  }));
  const option = candidates.find((one) => isInForce(one, IS_ON_IN_FOLDER));
  const asked = shape === "switch" ? candidates : candidates.slice(0, 1);
  const problems = asked.flatMap((one) => {
    const switched = /^(yes|no|on|off|0|1)$/i.test(one.value);
    const message =
      complaintOfShape(fileName, shape, one.value, switched) ?? complaintOfValue(name, one.value);
    return message === undefined ? [] : [refusal(one.place, message)];
  });
  const valid = shape === "switch" || option === candidates[0];
  return { ...(option && valid && { option }), problems };
}

/** The wrapper stops at a file with a name that it does not know, unless the name is no word at all. */
function unknownFile(fileName: string, { path, text }: ConfigFile): ConfigProblem[] {
  if (!/^[A-Za-z][A-Za-z0-9]+$/.test(fileName) || SHAPES.has(fileName.toLowerCase())) return [];
  if (OTHERS.test(fileName)) return [];
  const message = `pure-ftpd-wrapper stops at this file: it knows no option ${fileName} (No corresponding directive).`;
  return [{ path, span: span(0, text.length), message, refused: true }];
}

/** The lines of such a file that say something, with blanks taken off. */
export function folderLines({ path, text }: ConfigFile): Place[] {
  return linesOf(text).flatMap((line) => {
    const body = trimmed(text, line.start, line.end);
    const counts = body.start < body.end && text[body.start] !== "#";
    return counts ? [{ path, line: body, value: cover(body, body) }] : [];
  });
}
