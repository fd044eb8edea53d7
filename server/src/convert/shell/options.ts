import type { Interpreter } from "./interpreter.ts";
import type { State } from "./state.ts";
import { type Field, known, type Status } from "./value.ts";

/** What `trap … ERR` asks for. */
export const FAILURE_TRAP = "trap ERR";

/** The letters of `set` whose options matter here. */
const LETTERS: Readonly<Record<string, string>> = {
  E: "errtrace",
  a: "allexport",
  e: "errexit",
  f: "noglob",
  u: "nounset",
};

/** `set -eu`, `set -o pipefail`; `set -- a b` sets the arguments. */
export function runSet(interpreter: Interpreter, fields: readonly Field[]): Status {
  let at = 1;
  for (; at < fields.length; at++) {
    const { text, unknown } = fields[at]!;
    if (text === "--" && unknown === undefined) return setArguments(interpreter, fields.slice(at + 1));
    if (unknown !== undefined || !/^[-+]./.test(text)) return setArguments(interpreter, fields.slice(at));
    const name = fields[at + 1]?.text;
    if (setLetters(interpreter.state, text, name)) at++;
  }
  return true;
}

function setArguments(interpreter: Interpreter, fields: readonly Field[]): Status {
  interpreter.state.positional = { fields, open: false };
  return true;
}

/** `-eo`, `+u`; true: the word behind it names an option. */
export function setLetters(state: State, text: string, name: string | undefined): boolean {
  const value = known(text.startsWith("-") ? "on" : "off");
  let takesName = false;
  for (const letter of text.slice(1)) {
    const option = LETTERS[letter];
    if (option !== undefined) state.setOption(option, value);
    if (letter !== "o" || name === undefined) continue;
    takesName = true;
    state.setOption(name, value);
  }
  return takesName;
}

/** `shopt -s extglob expand_aliases` */
export function runShopt({ state }: Interpreter, fields: readonly Field[]): Status {
  const sets = fields.find(({ text }) => text === "-s" || text === "-u");
  if (sets === undefined) return true;
  for (const { text, unknown } of fields.slice(1))
    if (unknown === undefined && !text.startsWith("-"))
      state.setOption(text, known(sets.text === "-s" ? "on" : "off"));
  return true;
}

/** What the first line asks for: `#!/bin/sh -e`. */
export function setShebangOptions(interpreter: Interpreter, source: string): void {
  const [, letters] = /^#![ \t]*\S*\/(?:ba|da)?sh[ \t]+(-[a-z]+)[ \t]*$/m.exec(source.slice(0, 200)) ?? [];
  if (letters !== undefined && source.startsWith("#!")) setLetters(interpreter.state, letters, undefined);
}

/** Whether the first line names the shell that is dash on Debian. */
export function isForDash(source: string): boolean {
  return (
    /^#![ \t]*(?:\S*\/env[ \t]+)?(?:\S*\/)?(?:da)?sh(?:[ \t]|$)/m.test(source.slice(0, 200)) &&
    source.startsWith("#!")
  );
}
