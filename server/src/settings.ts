import { codeNames, findCode } from "./checks/codes.ts";
import type { Mode } from "./ftp/scenario.ts";
import { MODES } from "./ftp/scenario.ts";
import type { IntervalSet } from "./model/interval-set.ts";
import { numbers } from "./model/values.ts";
import type { CheckLevel, Settings } from "./service.ts";
import { DEFAULT_SETTINGS } from "./service.ts";
import { didYouMean } from "./text/similar.ts";

/** The name of the file in which a team keeps its settings beside its rules. */
export const CONFIG_FILE = ".ftp-firewall.json";

/** What can be stated: settings of an analysis, and beside them which files are one host. */
export interface StatedSettings extends Partial<Settings> {
  /** The files of each host in loading order, relative to where the settings are stated. */
  readonly hosts?: readonly (readonly string[])[];
}

/** What a settings section or file states; what it leaves out is absent. `problems` are full sentences. */
export interface ReadSettings {
  readonly settings: StatedSettings;
  readonly problems: readonly string[];
}

export const CHECK_LEVELS: readonly CheckLevel[] = ["off", "hint", "info", "warning", "error"];

type Reader = (value: unknown) => StatedSettings | string;

/** One reader per setting: what it states, or what it would have to be. */
const READERS: Readonly<Record<string, Reader>> = {
  passivePorts: (value) => {
    if (value === "auto") return {};
    const ports = typeof value === "string" ? parsePortRange(value) : undefined;
    return ports ? { passivePorts: ports } : "“auto” or a range of ports such as 50000-51000";
  },
  helper: (value) =>
    value === "explicit" || value === "automatic" ? { helper: value } : "“explicit” or “automatic”",
  modes: (value) => {
    const modes = Array.isArray(value) ? value.filter(isMode) : [];
    const complete = Array.isArray(value) && modes.length === value.length && modes.length > 0;
    return complete
      ? { modes: MODES.filter((mode) => modes.includes(mode)) }
      : "a list of “active” and “passive”";
  },
  fixStrategy: (value) =>
    value === "helper" || value === "ports" ? { fixStrategy: value } : "“helper” or “ports”",
  checks: (value) => {
    const good = isRecord(value) && Object.values(value).every(isLevel);
    const wanted = `an object such as { "active-data-blocked": "off" }, each value one of ${CHECK_LEVELS.join(", ")}`;
    return good ? { checks: ofKnownChecks(value as Record<string, CheckLevel>) } : wanted;
  },
  assume: (value) => {
    const good = isRecord(value) && Object.values(value).every((one) => typeof one === "string");
    return good
      ? { assume: ofVariables(value as Record<string, string>) }
      : 'an object that says what variables hold, each value a text, such as { "IFACE": "eth0" }';
  },
  hosts: (value) =>
    isHostList(value)
      ? { hosts: value }
      : 'a list of hosts, each a list of its files in loading order, such as [["nftables.conf", "iptables/rules.v4"]]',
  // Concerns the editor alone; taken note of so that it is no unknown name.
  validateWithNft: (value) => (typeof value === "boolean" ? {} : "true or false"),
};

/**
 * Reads settings as an editor or a `.ftp-firewall.json` states them. A value that is none keeps the default
 * and becomes a problem; null and undefined count as absent. Never throws.
 */
export function readSettings(value: unknown, prefix = ""): ReadSettings {
  if (value === undefined || value === null) return { settings: {}, problems: [] };
  if (!isRecord(value)) return { settings: {}, problems: ["the settings have to be a JSON object"] };
  const problems: string[] = [];
  const settings: StatedSettings = {};
  for (const [name, stated] of Object.entries(value)) {
    if (stated === undefined || stated === null || name === "$schema" || name === "trace") continue;
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    const read = reader?.(stated);
    if (read === undefined) problems.push(`${prefix}${name} is no setting of FTP Firewall`);
    else if (typeof read === "string")
      problems.push(`${prefix}${name} has to be ${read}, not ${show(stated)}`);
    else {
      Object.assign(settings, read);
      if (name === "checks") problems.push(...unknownChecks(stated as object, `${prefix}${name}`));
      if (name === "assume") problems.push(...noVariables(stated as object, `${prefix}${name}`));
    }
  }
  return { settings, problems };
}

function ofKnownChecks(levels: Readonly<Record<string, CheckLevel>>): Record<string, CheckLevel> {
  return Object.fromEntries(Object.entries(levels).filter(([code]) => findCode(code)));
}

/** A misspelt code would do nothing, and nobody would notice. */
function unknownChecks(levels: object, setting: string): string[] {
  return Object.keys(levels)
    .filter((code) => !findCode(code))
    .map((code) => {
      const near = didYouMean(code, codeNames());
      return `${setting} names “${code}”, which is no check${near ? ` (${near})` : ""}`;
    });
}

/** A variable of a script, or the number of one of its arguments. */
const VARIABLE = /^(?:[A-Za-z_]\w*|[1-9]\d*)$/;

function ofVariables(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => VARIABLE.test(name)));
}

function noVariables(values: object, setting: string): string[] {
  return Object.keys(values)
    .filter((name) => !VARIABLE.test(name))
    .map((name) => {
      const bare = name.replace(/^\$\{?|\}$/g, "");
      const hint =
        bare !== name && VARIABLE.test(bare) ? `write ${bare}` : "1 is the script's first argument";
      return `${setting} names “${name}”, which is neither a variable's name nor an argument's number (${hint})`;
    });
}

/** Reads the text of a `.ftp-firewall.json`. */
export function readConfigText(text: string): ReadSettings {
  try {
    return readSettings(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { settings: {}, problems: [`it is no valid JSON (${why.split("\n")[0]})`] };
  }
}

/** The defaults with what each source states, later sources first in weight; levels of checks are joined. */
export function mergeSettings(...sources: readonly StatedSettings[]): Settings {
  let merged: Settings = DEFAULT_SETTINGS;
  for (const { hosts: _, ...source } of sources) {
    merged = {
      ...merged,
      ...source,
      checks: { ...merged.checks, ...source.checks },
      assume: { ...merged.assume, ...source.assume },
    };
  }
  return merged;
}

/** `50000-51000` as a set of ports; undefined unless it is two ports of 1 to 65535, the lower first. */
export function parsePortRange(text: string): IntervalSet<number> | undefined {
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text.trim());
  if (!match) return undefined;
  const [low, high] = [Number(match[1]), Number(match[2])];
  return low >= 1 && low <= high && high <= 65535 ? numbers(low, high) : undefined;
}

function isMode(value: unknown): value is Mode {
  return value === "active" || value === "passive";
}

function isLevel(value: unknown): boolean {
  return CHECK_LEVELS.some((level) => level === value);
}

function isHostList(value: unknown): value is string[][] {
  const isList = (list: unknown, isItem: (item: unknown) => boolean) =>
    Array.isArray(list) && list.every(isItem);
  const isFile = (file: unknown) => typeof file === "string" && file !== "";
  return isList(value, (host) => isList(host, isFile) && (host as unknown[]).length > 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
