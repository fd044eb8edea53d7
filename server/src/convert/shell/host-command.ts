import type { Presence } from "../../model/rule.ts";
import type { Command } from "../../syntax/shell/shell-file.ts";
import type { Origin } from "../../text/origin.ts";
import { recordHostSettings } from "./host-settings.ts";
import type { Interpreter } from "./interpreter.ts";
import { commandIndex, guessedName } from "./programs.ts";
import { findSite } from "./rule-site.ts";
import { peekedInput } from "./standard-input.ts";
import type { Field } from "./value.ts";

/** A command of a script by which the kernel is told something about connection tracking's helpers. */
export type HostCommand = {
  /** The command, or those of its words that say it where the command does more besides. */
  readonly origin: Origin;
  readonly presence: Presence;
} & (
  | {
      readonly kind: "loads-module";
      /** As the kernel names it: with `_` for `-`. */
      readonly module: string;
    }
  | {
      /** Automatic assignment of helpers, `nf_conntrack_helper`, is switched on. */
      readonly kind: "sets-helper-switch";
      /** Through /proc or sysctl, or as a parameter of the module nf_conntrack. */
      readonly by: "sysctl" | "module-parameter";
      /** What has to go for the switch to be left alone; absent where variables say it. */
      readonly removable?: "command" | "words";
    }
);

/** What the words of a command say, before it is known where they stand. */
type Said =
  | { readonly kind: "loads-module"; readonly module: string; readonly word: Field }
  | {
      readonly kind: "sets-helper-switch";
      readonly by: "sysctl" | "module-parameter";
      readonly word: Field;
      /** The command does nothing else. */
      readonly alone: boolean;
    };

type Reader = (interpreter: Interpreter, command: Command, words: readonly Field[]) => Said[];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["modprobe", (_interpreter, _command, words) => modprobe(words)],
  ["insmod", (_interpreter, _command, words) => insmod(words)],
  ["sysctl", (_interpreter, _command, words) => sysctl(words)],
  ["echo", (interpreter, command, words) => print(interpreter, command, echoed(words))],
  ["printf", (interpreter, command, words) => print(interpreter, command, printed(words))],
  ["tee", tee],
]);

/** Notes what a command tells the kernel about helpers. What is not known of its words is not guessed. */
export function recordHostCommand(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
): void {
  const at = commandIndex(fields);
  recordHostSettings(interpreter, command, fields.slice(at));
  const reader = readerFor(fields[at]);
  if (reader === undefined) return;
  for (const said of reader(interpreter, command, fields.slice(at + 1)))
    interpreter.recorder.hostCommand(placed(interpreter, command, fields, at + 1, said));
}

function readerFor(program: Field | undefined): Reader | undefined {
  if (program === undefined) return undefined;
  if (program.unknown === undefined) return READERS.get(baseName(program.text));
  // `$MODPROBE ip_conntrack_ftp`, where the variable comes from elsewhere.
  const name = guessedName(program) ?? "";
  return READERS.get(/mod_?probe|sysctl/i.exec(name)?.[0].toLowerCase().replace("_", "") ?? "");
}

/** Where the author wrote it; a wrapper such as `run() { "$@"; }` only hands it on. */
function placed(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
  first: number,
  said: Said,
): HostCommand {
  const site = findSite(interpreter, command, fields, first, (field) => field === said.word);
  const { presence } = interpreter;
  const { unit, statement, frames } = site;
  const whole = { start: 0, end: statement.end - statement.start };
  const origin: Origin = { file: unit.path, statement, span: whole, frames };
  if (said.kind === "loads-module") return { kind: said.kind, module: said.module, origin, presence };
  const index = fields.indexOf(said.word) - first;
  const span = said.alone ? whole : (site.argv[index]?.span ?? whole);
  const written = unit.file.text.slice(statement.start + span.start, statement.start + span.end);
  // In a loop over settings the same text sets others, too.
  const literal = written.includes("nf_conntrack_helper");
  return {
    kind: said.kind,
    by: said.by,
    origin: { ...origin, span },
    presence,
    ...(literal && { removable: said.alone ? ("command" as const) : ("words" as const) }),
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** These do not load: they unload, ask, list or try. */
const LOADS_NOTHING =
  /^(?:-[a-zA-Z]*[rnlcDRV].*|--(?:remove|dry-run|show|show-depends|showconfig|resolve-alias|version|list|show-config))$/;
const MODPROBE_VALUES = new Set(["-C", "--config", "-d", "--dirname", "-S", "--set-version"]);

/** `modprobe MODULE [PARAMETER=VALUE…]`, `modprobe -a MODULE…` */
function modprobe(words: readonly Field[]): Said[] {
  if (words.some(({ text, unknown }) => unknown === undefined && LOADS_NOTHING.test(text))) return [];
  const { options, operands } = withoutOptions(words, MODPROBE_VALUES);
  const all = options.some((text) => text === "--all" || /^-[a-zA-Z]*a/.test(text));
  const modules = all ? operands : operands.slice(0, 1);
  return [...modules.flatMap(loaded), ...(all ? [] : parameters(operands))];
}

/** `insmod /lib/modules/…/nf_conntrack_ftp.ko` */
function insmod(words: readonly Field[]): Said[] {
  const { operands } = withoutOptions(words, new Set());
  return [...operands.slice(0, 1).flatMap(loaded), ...parameters(operands)];
}

function loaded(word: Field): Said[] {
  if (word.unknown !== undefined) return [];
  const module = baseName(word.text)
    .replace(/\.k?o(?:\.[gx]z|\.zst)?$/, "")
    .replaceAll("-", "_");
  return module === "" ? [] : [{ kind: "loads-module", module, word }];
}

/** `nf_conntrack nf_conntrack_helper=1`: the parameter's word goes, the module stays. */
function parameters([module, ...words]: readonly Field[]): Said[] {
  if (module === undefined || loaded(module).length === 0) return [];
  return words
    .filter(({ text, unknown }) => unknown === undefined && /^nf_conntrack_helper=(?:[1-9]|[yY])/.test(text))
    .map((word) => ({ kind: "sets-helper-switch", by: "module-parameter", word, alone: false }));
}

const SYSCTL_SWITCH = /^net[./]netfilter[./]nf_conntrack_helper\s*=\s*[1-9]\d*\s*$/;
/** With these the words are names of files or patterns. */
const SYSCTL_READS = /^(?:-[a-zA-Z]*[pfrN].*|--(?:load|system|pattern|names|help|version)(?:=.*)?)$/;

/** `sysctl [-w] NAME=VALUE…` */
function sysctl(words: readonly Field[]): Said[] {
  if (words.some(({ text, unknown }) => unknown === undefined && SYSCTL_READS.test(text))) return [];
  const { operands } = withoutOptions(words, new Set());
  return operands
    .filter(({ text, unknown }) => unknown === undefined && SYSCTL_SWITCH.test(text))
    .map((word) => ({ kind: "sets-helper-switch", by: "sysctl", word, alone: operands.length === 1 }));
}

function withoutOptions(
  words: readonly Field[],
  withValue: ReadonlySet<string>,
): { readonly options: string[]; readonly operands: Field[] } {
  const options: string[] = [];
  const operands: Field[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!/^-./.test(word.text)) operands.push(word);
    else if (withValue.has(word.text)) i++;
    else options.push(word.text);
  }
  return { options, operands };
}

function echoed(words: readonly Field[]): string | undefined {
  const { operands } = withoutOptions(words, new Set());
  return textOf(operands);
}

function printed(words: readonly Field[]): string | undefined {
  return textOf(words)
    ?.replace(/^%[sdi](?:\\n)? /, "")
    .replace(/\\n$/, "");
}

function textOf(words: readonly Field[]): string | undefined {
  if (words.some((word) => word.unknown !== undefined)) return undefined;
  return words.map((word) => word.text).join(" ");
}

/** `echo 1 > /proc/…` */
function print(interpreter: Interpreter, command: Command, text: string | undefined): Said[] {
  if (text === undefined) return [];
  return command.redirects.flatMap((redirect) => {
    if (redirect.type !== "Redirect" || !redirect.operator.startsWith(">") || !redirect.target) return [];
    const { pos, end } = redirect.target;
    const path = interpreter.expander.value(redirect.target);
    return path.kind === "known" ? writing(text, { text: path.text, start: pos, end }, true) : [];
  });
}

/** `echo 1 | tee /proc/…` */
function tee(interpreter: Interpreter, _command: Command, words: readonly Field[]): Said[] {
  const input = peekedInput(interpreter);
  if (input?.kind !== "inline" || input.unknowns.length > 0) return [];
  const { operands } = withoutOptions(words, new Set());
  const text = input.text.text.trim();
  return operands.flatMap((word) =>
    word.unknown === undefined ? writing(text, word, operands.length === 1) : [],
  );
}

const SWITCH_FILE =
  /^\/(?:proc\/sys\/net\/netfilter|sys\/module\/nf_conntrack\/parameters)\/nf_conntrack_helper$/;

/** Into the switch itself, or into what sets it at the next start. */
function writing(text: string, word: Field, alone: boolean): Said[] {
  const { text: path } = word;
  if (SWITCH_FILE.test(path) && /^[1-9yY]/.test(text))
    return [{ kind: "sets-helper-switch", by: "sysctl", word, alone }];
  if (/^\/etc\/sysctl\.(?:conf$|d\/)/.test(path) && SYSCTL_SWITCH.test(text))
    return [{ kind: "sets-helper-switch", by: "sysctl", word, alone }];
  if (/^\/etc\/modprobe\.(?:conf$|d\/)/.test(path) && OPTIONS_LINE.test(text))
    return [{ kind: "sets-helper-switch", by: "module-parameter", word, alone }];
  return [];
}

const OPTIONS_LINE = /^options\s+nf_conntrack\s+nf_conntrack_helper=(?:[1-9]|[yY])\s*$/;
