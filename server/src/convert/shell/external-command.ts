import type { Command } from "../../syntax/shell/shell-file.ts";
import { pathOf } from "./files.ts";
import type { Interpreter } from "./interpreter.ts";
import { printUnknown } from "./printing.ts";
import { commandIndex, looksLikeRule } from "./programs.ts";
import { runKnownProgram } from "./programs-output.ts";
import { runItself, runStarter } from "./starters.ts";
import { excerpt, type Field, known, type Status, UNSET, unknown } from "./value.ts";

/** Programs that are taken to succeed: whoever calls them goes on. */
const SUCCEED = new Set(
  "modprobe insmod depmod sysctl logger sleep date clear tput touch mkdir chmod chown rmdir ln sync restorecon".split(
    " ",
  ),
);

/** External commands have no effect on the firewall, as far as we know them. */
export function runExternal(interpreter: Interpreter, command: Command, fields: readonly Field[]): Status {
  const index = commandIndex(fields);
  const field = fields[index];
  const written = excerpt(interpreter.unit.file.source.slice(command.pos, command.end));
  const outcome: Status = { unknown: `the outcome of "${written}"` };
  if (field === undefined) return outcome;
  if (field.unknown !== undefined) {
    const itself = runItself(interpreter, command, fields.slice(index));
    if (itself !== undefined) return itself;
    if (looksLikeRule(fields.slice(index)))
      interpreter.recorder.unknown(interpreter, command, `${field.unknown}, run as a command`);
    printUnknown(interpreter, command);
    return outcome;
  }
  const name = field.text.slice(field.text.lastIndexOf("/") + 1);
  const started = withEnvironment(interpreter, fields.slice(0, index), () =>
    runStarter(interpreter, command, name, fields.slice(index)),
  );
  if (started !== undefined) return started;
  const args = fields.slice(index + 1);
  const known = runKnownProgram(interpreter, command, name, args) ?? runFileCommand(interpreter, name, args);
  if (known !== undefined) return known;
  if (name === "tee") return runTee(interpreter, command, args);
  printUnknown(interpreter, command);
  if (SUCCEED.has(name)) return true;
  if (!READS_ONLY.has(name) || changesInPlace(name, args)) forgetFiles(interpreter, args, written);
  return outcome;
}

/** Programs that leave the files alone that they are given. */
const READS_ONLY = new Set(
  "ls cat grep egrep fgrep head tail sort uniq wc cut tr sed awk diff cmp file stat md5sum sha256sum mail curl scp".split(
    " ",
  ),
);

/** `sed -i`, `sort -o` */
function changesInPlace(name: string, args: readonly Field[]): boolean {
  const option = name === "sort" ? /^(?:-o|--output)/ : /^(?:-[a-zA-Z]*i|--in-place)/;
  return /^(?:sed|sort|awk)$/.test(name) && args.some(({ text }) => option.test(text));
}

/** What such a program makes of files that the script wrote is not followed. */
function forgetFiles(interpreter: Interpreter, args: readonly Field[], written: string): void {
  const { state } = interpreter;
  for (const { text, unknown: reason } of args) {
    const path = reason === undefined ? pathOf(interpreter, text) : undefined;
    if (path === undefined || state.written(path) === undefined) continue;
    state.write(path, { unknown: `what "${written}" makes of the file ${excerpt(text)}` });
  }
}

/** `env A=1 -u B sh -c …`: `words` stand before the program. */
function withEnvironment<T>({ state }: Interpreter, words: readonly Field[], body: () => T): T {
  const changed = words.flatMap(({ text, unknown: reason }, index) => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined)
      return [{ name, value: reason === undefined ? known(value ?? "") : unknown(reason) }];
    return words[index - 1]?.text === "-u" ? [{ name: text, value: UNSET }] : [];
  });
  const before = changed.map(({ name }) => ({
    name,
    value: state.variable(name),
    exported: state.option(`exported ${name}`) ?? known("off"),
  }));
  for (const { name, value } of changed) {
    state.setVariable(name, value);
    state.setOption(`exported ${name}`, known("on"));
  }
  const result = body();
  for (const { name, value, exported } of before) {
    state.setVariable(name, value);
    state.setOption(`exported ${name}`, exported);
  }
  return result;
}

/** What becomes of files that the script wrote itself. */
function runFileCommand(interpreter: Interpreter, name: string, args: readonly Field[]): Status | undefined {
  if (!/^(?:rm|mv|cp)$/.test(name)) return undefined;
  const { state } = interpreter;
  const operands = args.filter(({ text }) => !/^-./.test(text));
  const paths = operands.map((field) =>
    field.unknown === undefined ? pathOf(interpreter, field.text) : undefined,
  );
  const last = paths.at(-1);
  if (name === "rm") for (const path of paths) if (path !== undefined) state.write(path, "removed");
  if (name === "rm") return true;
  const [from] = paths;
  if (paths.length !== 2 || last === undefined) return true;
  const content = from === undefined ? undefined : state.written(from);
  state.write(last, content ?? { unknown: `what the file ${excerpt(from ?? "")} holds` });
  if (name === "mv" && from !== undefined) state.write(from, "removed");
  return true;
}

/** `… | tee FILE` */
function runTee(interpreter: Interpreter, command: Command, args: readonly Field[]): Status {
  const { input, output, state } = interpreter;
  const pieces = input === undefined || "unknown" in input ? undefined : input.rest();
  for (const { text, unknown } of args) {
    if (unknown !== undefined || /^-|^\/(?:proc|sys|dev)\//.test(text)) continue;
    state.write(
      pathOf(interpreter, text),
      pieces ? { pieces } : { unknown: `what the file ${excerpt(text)} holds` },
    );
  }
  if (pieces === undefined) printUnknown(interpreter, command);
  else for (const piece of pieces) output?.write(piece);
  return true;
}
