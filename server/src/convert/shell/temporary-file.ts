import type { Command } from "../../syntax/shell/shell-file.ts";
import { pathOf } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { printText } from "./printing.ts";
import type { Field, Status } from "./value.ts";

/**
 * `mktemp`: a new, empty file, whose name stands for one that nobody knows. It keeps the template's X, but for a number
 * that tells one call from another. Undefined where the call is not followed. Options: mktemp(1) of GNU coreutils.
 */
export function makeTemporary(
  interpreter: Interpreter,
  command: Command,
  args: readonly Field[],
): Status | undefined {
  if (args.some(({ unknown }) => unknown !== undefined)) return undefined;
  const wanted = readOptions(args.map(({ text }) => text));
  const name = wanted && numbered(wanted.template, interpreter.nextNumber());
  if (name === undefined) return undefined;
  if (!wanted?.isFolder) interpreter.state.write(pathOf(interpreter, name), { pieces: [] });
  printText(interpreter, command, `${name}\n`);
  return true;
}

interface Wanted {
  readonly template: string;
  readonly isFolder: boolean;
}

function readOptions(args: readonly string[]): Wanted | undefined {
  let folder: string | undefined;
  let template: string | undefined;
  let isFolder = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const own = /^--tmpdir=(.*)$/.exec(arg)?.[1];
    if (own !== undefined) folder = own;
    else if (arg === "-p") folder = args[++i];
    else if (/^-[dqut]+$|^--(?:directory|quiet|tmpdir)$/.test(arg)) {
      isFolder ||= /^-\w*d|^--directory/.test(arg);
      if (/^-\w*t|^--tmpdir/.test(arg)) folder ??= "/tmp";
    } else if (arg.startsWith("-") || template !== undefined) return undefined;
    else template = arg;
  }
  if (template === undefined) return { template: `${folder ?? "/tmp"}/tmp.XXXXXXXXXX`, isFolder };
  return { template: folder === undefined ? template : `${folder}/${template}`, isFolder };
}

function numbered(template: string, number: number): string | undefined {
  const found = /^(.*?)(XXX+)([^/X]*)$/s.exec(template);
  if (!found) return undefined;
  const [, before = "", places = "", after = ""] = found;
  return before + String(number).padStart(places.length, "X") + after;
}
