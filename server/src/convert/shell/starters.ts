import type { Command } from "../../syntax/shell/shell-file.ts";
import { runScriptFile, runShell, unknownScript } from "./child-shell.ts";
import { readFile } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { runNft } from "./nft-command.ts";
import { isForDash } from "./options.ts";
import { mentionsFirewall } from "./programs.ts";
import { isOwnPath } from "./programs-output.ts";
import { peekedInput } from "./standard-input.ts";
import { excerpt, type Field, type Status } from "./value.ts";
import { runXargs } from "./xargs.ts";

const SHELLS = /^(?:(?:ba|da|a|k|z|mk)?sh|busybox)$/;

/**
 * Programs that run what they are told: shells, scripts by their paths, `xargs`, `su -c`. Undefined: none of these.
 * For another host or network namespace (`ssh`, `docker exec`, `ip netns exec`) nothing is run.
 */
export function runStarter(
  interpreter: Interpreter,
  command: Command,
  name: string,
  fields: readonly Field[],
): Status | undefined {
  if (SHELLS.test(name)) return runShell(interpreter, command, fields);
  if (name === "xargs") return runXargs(interpreter, command, fields.slice(1));
  const [program, ...args] = fields;
  const option = fields.findIndex(({ text }) => text === "-c");
  // `flock FILE -c 'COMMANDS'`, `su - root -c 'COMMANDS'`
  if (option === 0 && program !== undefined) return runShell(interpreter, command, [program, ...fields]);
  if ((name === "su" || name === "runuser") && option > 0)
    return runShell(interpreter, command, [program!, ...fields.slice(option)]);
  if (name === "at" || name === "batch") return runLater(interpreter, command);
  if (name === "nsenter" && entersOtherNamespace(args)) return undefined;
  if (HIDDEN.test(name)) return runHidden(interpreter, command, name, args);
  return program?.text.includes("/") ? runPath(interpreter, command, program, args) : undefined;
}

/** `nsenter -t PID -n`: of another process than the first one. */
function entersOtherNamespace(args: readonly Field[]): boolean {
  const texts = args.map(({ text }) => text);
  const isFirst = / (?:-t|--target)[ =]?1 /.test(` ${texts.join(" ")} `);
  return !isFirst && texts.some((text) => /^(?:-[a-zA-Z]*[na]|--net(?:=.*)?|--all)$/.test(text));
}

/** What the script hands to itself or to a script beside it. */
function runPath(
  interpreter: Interpreter,
  command: Command,
  program: Field,
  args: readonly Field[],
): Status | undefined {
  const content = readFile(interpreter, program.text, command);
  if ("unknown" in content)
    return program.text.endsWith(".sh") ? unknownScript(interpreter, command, program) : undefined;
  const first = content.pieces[0]?.text ?? "";
  if (/^#!.*\/nft\b/.test(first)) return runNft(interpreter, command, [{ ...program, text: "-f" }, program]);
  const isForShell = !first.startsWith("#!") || /^#!.*\b(?:ba|da|a|k|z)?sh\b/.test(first.split("\n")[0]!);
  const isDash = first.startsWith("#!") ? isForDash(first) : interpreter.isDash;
  if (isForShell) return runScriptFile(interpreter, command, program, { args, options: [], isDash });
  return runHidden(interpreter, command, program.text, [program]);
}

/** Programs with a language of their own that can run others. */
const HIDDEN =
  /^(?:[gmn]?awk|perl|python[\d.]*|ruby|php|lua|tclsh|expect|find|parallel|watch|script|systemd-run|nsenter|chroot|make)$/;

/** What such a program does to the rules is not followed; that it may do something is said. */
function runHidden(
  interpreter: Interpreter,
  command: Command,
  name: string,
  args: readonly Field[],
): Status | undefined {
  const text = [...args.map((field) => field.text), textBehind(interpreter, command, args)].join("\n");
  if (!mentionsFirewall(text)) return undefined;
  if (name.endsWith("awk") && !/\bsystem\s*\(|\|\s*"|\|&/.test(text)) return undefined;
  if (name === "find" && !/^-(?:exec|ok)(?:dir)?$/m.test(text)) return undefined;
  const fact = `what ${excerpt(interpreter.unit.file.source.slice(command.pos, command.end))} does`;
  interpreter.recorder.unknown(interpreter, command, fact);
  return { unknown: fact };
}

/** The program's own text, where it stands in a file or on standard input. */
function textBehind(interpreter: Interpreter, command: Command, args: readonly Field[]): string {
  const input = peekedInput(interpreter);
  const file = args.find(({ text, unknown }) => unknown === undefined && /^[^-].*\.\w+$/.test(text));
  const name = file?.text ?? (isMake(interpreter, command) ? "Makefile" : undefined);
  const content = name === undefined ? undefined : readFile(interpreter, name, command);
  const pieces = content && "pieces" in content ? content.pieces : [];
  return (input?.kind === "inline" ? input.text.text : "") + pieces.map(({ text }) => text).join("");
}

function isMake({ unit }: Interpreter, { pos, end }: Command): boolean {
  return /(?:^|[\s/])make(?:\s|$)/.test(unit.file.source.slice(pos, end));
}

/** `at now + 5 minutes <<< 'iptables -F'`: the rules are looked at before. */
function runLater({ recorder, unit }: Interpreter, command: Command): Status {
  const written = excerpt(unit.file.source.slice(command.pos, command.end));
  recorder.note(`What "${written}" does later is left out.`);
  return true;
}

/** `"$0" stop` */
export function runItself(
  interpreter: Interpreter,
  command: Command,
  fields: readonly Field[],
): Status | undefined {
  const [program, ...args] = fields;
  if (program === undefined || !isOwnPath(program) || interpreter.script === undefined) return undefined;
  return runScriptFile(interpreter, command, program, {
    args,
    options: [],
    isDash: interpreter.options.isDash,
  });
}
