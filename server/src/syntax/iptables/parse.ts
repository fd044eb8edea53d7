import { cover } from "../../text/span.ts";
import type { Word } from "../word.ts";
import { checkCommand } from "./checks.ts";
import type { IptablesCommand, IptablesProgram } from "./command.ts";
import { CORE_BY_SHORT, type CoreOption } from "./core-options.ts";
import type { OptionSpec } from "./extensions.ts";
import { checkValue, insideNegation } from "./parse-arguments.ts";
import { applyCoreOption } from "./parse-core.ts";
import { findLongOption, type LongOption, loadProtocolModule, modulesWithOption } from "./parse-long.ts";
import {
  addOption,
  type CommandContext,
  type Loaded,
  looksLikeArgument,
  mayBeArgument,
  type ParseState,
  refuse,
  startState,
  tailOf,
} from "./parse-state.ts";

/**
 * Reads the words that follow `iptables` or `ip6tables` (context "command"), or one rule line of an
 * iptables-save file (context "save-line"), the way getopt_long(3) and iptables 1.8.11 do. Never throws;
 * every word ends up in the operation, an option or a problem.
 */
export function parseIptablesArguments(
  words: readonly Word[],
  options: { readonly program: IptablesProgram; readonly context: CommandContext },
): IptablesCommand {
  const state = startState(words, options.program, options.context);
  while (state.at < words.length) step(state);
  if (state.negation) {
    const mark = state.negation;
    addOption(state, { name: "", written: "!", owner: { kind: "core" }, at: mark.span, values: [] });
    refuse(state, mark.span, "Nothing follows this “!”. Put it before the option that it negates.");
  }
  const {
    program,
    table,
    operation,
    options: found,
    modules,
    jump,
    uncertain,
    otherFamily,
    problems,
  } = state;
  const command: IptablesCommand = {
    program,
    table,
    operation,
    options: found,
    modules,
    jump,
    uncertain,
    otherFamily,
    problems,
  };
  if (!state.otherFamily) checkCommand(command, state);
  return command;
}

function step(state: ParseState): void {
  const word = state.words[state.at];
  if (!word) return;
  state.at++;
  const text = word.text;
  if (text === "!" && word.unknown === undefined) {
    noteNegation(state, word);
    return;
  }
  if (text.startsWith("--") && text.length > 2 && knownStart(word)) {
    longOption(state, word);
    return;
  }
  if (
    text.length > 1 &&
    text.startsWith("-") &&
    !text.startsWith("--") &&
    (word.unknown === undefined || text.length > 2)
  ) {
    shortOptions(state, word);
    return;
  }
  strayWord(state, word);
}

/** For a word with unknown parts: its beginning up to `=` is written out. */
function knownStart(word: Word): boolean {
  return word.unknown === undefined || /^--[a-z0-9-]+=/.test(word.text);
}

function noteNegation(state: ParseState, word: Word): void {
  if (state.negation) {
    refuse(state, word.span, "Two “!” in a row. Keep one of them.");
    return;
  }
  state.negation = word;
}

function strayWord(state: ParseState, word: Word): void {
  if (word.unknown !== undefined) {
    state.uncertain ??= word.unknown;
    state.stranger ??= word.unknown;
    addOption(state, stray(word, { kind: "unknown", fact: word.unknown }));
    return;
  }
  if (state.stranger !== undefined) {
    addOption(state, stray(word, { kind: "unknown", fact: state.stranger }));
    return;
  }
  addOption(state, stray(word, { kind: "core" }));
  // iptables stops at the first; one is enough for a reader too.
  if (!state.strayReported) refuse(state, word.span, strayMessage(state, word));
  state.strayReported = true;
}

function stray(word: Word, owner: Loaded["owner"]) {
  return { name: "", written: "", owner, at: word.span, values: [word] };
}

function strayMessage(state: ParseState, word: Word): string {
  const shown = word.text.length > 40 ? `${word.text.slice(0, 40)}…` : word.text;
  if (/^[\u2010-\u2015\u2212]/.test(word.text))
    return `“${shown}” starts with a typographic dash, not with “-”. It was probably pasted from a web page; type the dashes again.`;
  if (state.operation === undefined)
    return `“${shown}” is not an option. Start with a command such as -A CHAIN.`;
  const previous = state.options[state.options.length - 2];
  const hint =
    previous?.written.startsWith("-") && previous.values.length > 0
      ? ` after ${previous.written} ${previous.values.map((value) => value.text).join(" ")}`
      : "";
  return `“${shown}”${hint} belongs to no option. Remove it, or put the option before it that it is for.`;
}

function longOption(state: ParseState, word: Word): void {
  const equals = word.text.indexOf("=");
  const name = word.text.slice(2, equals < 0 ? undefined : equals);
  const written = `--${name}`;
  const glued = equals < 0 ? undefined : tailOf(word, equals + 1);
  let found = findLongOption(state, name);
  if (found === "none" && loadProtocolModule(state, name)) found = findLongOption(state, name);
  if (found === "none") {
    unknownOption(state, word, name, glued);
    return;
  }
  if (found === "ambiguous") {
    refuse(state, word.span, `“${written}” may be short for several options. Write it in full.`);
    addOption(state, {
      name,
      written,
      owner: { kind: "core" },
      at: word.span,
      values: argumentsLeft(state, glued),
    });
    return;
  }
  if (found.kind === "core") applyCoreOption(state, found.option, word, written, glued);
  else extensionOption(state, found, word, written, glued);
}

function unknownOption(state: ParseState, word: Word, name: string, glued: Word | undefined): void {
  const written = `--${name}`;
  const values = argumentsLeft(state, glued);
  if (state.stranger !== undefined) {
    addOption(state, {
      name,
      written,
      owner: { kind: "unknown", fact: state.stranger },
      at: word.span,
      values,
    });
    return;
  }
  addOption(state, {
    name,
    written,
    owner: { kind: "unknown", fact: `the option ${written}` },
    at: word.span,
    values,
  });
  refuse(state, word.span, unknownOptionMessage(state, name));
}

function unknownOptionMessage(state: ParseState, name: string): string {
  const owners = modulesWithOption(state.program, name);
  if (owners.protocols.length > 0 && state.protocol === undefined)
    return `--${name} needs a protocol before it. Put -p ${owners.protocols.join(" or -p ")} to its left.`;
  if (owners.matches.length > 0)
    return `--${name} belongs to the match ${owners.matches.join(" or ")}. Put -m ${owners.matches[0]} before it.`;
  if (owners.targets.length > 0)
    return `--${name} belongs to the target ${owners.targets.join(" or ")}. It must follow -j ${owners.targets[0]}.`;
  return `There is no option --${name} here. Check its spelling, and that -m or -j with the module it belongs to stands before it.`;
}

/** What may be the arguments of an option that we cannot look up: everything up to the next option. */
function argumentsLeft(state: ParseState, glued: Word | undefined): Word[] {
  if (glued) return [glued];
  const values: Word[] = [];
  for (let next = state.words[state.at]; looksLikeArgument(next); next = state.words[state.at]) {
    values.push(next);
    state.at++;
  }
  return values;
}

function extensionOption(
  state: ParseState,
  found: Extract<LongOption, { kind: "extension" }>,
  word: Word,
  written: string,
  glued: Word | undefined,
): void {
  const { spec, loaded } = found;
  const name = spec.names[0] ?? written;
  const values: Word[] = [];
  if (glued && spec.kinds.length === 0)
    refuse(state, glued.span, `${written} takes no value. Remove “=${glued.text}”.`);
  const inside = readArguments(state, spec, word, written, glued, values);
  if (spec.kinds.length === 0 && glued) values.push(glued);
  const negated = state.negation !== undefined || inside;
  const option = addOption(state, {
    name,
    written,
    owner: loaded.owner,
    at: word.span,
    values,
    negated: inside,
  });
  if (negated && !spec.negatable) refuse(state, option.span, `${written} cannot be negated. Remove the “!”.`);
  for (const [i, value] of values.entries()) checkValue(state, written, spec.kinds[i], value);
}

/** Reads the arguments into `values`; true when the old form with `!` inside was used. */
function readArguments(
  state: ParseState,
  spec: OptionSpec,
  word: Word,
  written: string,
  glued: Word | undefined,
  values: Word[],
): boolean {
  if (spec.kinds.length === 0) return false;
  let first =
    glued ?? (spec.optional && !looksLikeArgument(state.words[state.at]) ? undefined : takeWord(state));
  const inside = first !== undefined && insideNegation(state, first, written);
  if (inside) first = takeWord(state);
  if (first) values.push(first);
  else if (!spec.optional) refuse(state, word.span, `${written} needs a value. Write it after the option.`);
  for (let i = 1; i < spec.kinds.length && first; i++) {
    const next = state.words[state.at];
    if (!mayBeArgument(next)) {
      refuse(state, word.span, `${written} needs ${spec.kinds.length} values. Write both after the option.`);
      break;
    }
    values.push(next);
    state.at++;
  }
  return inside;
}

function takeWord(state: ParseState): Word | undefined {
  const word = state.words[state.at];
  if (word) state.at++;
  return word;
}

/** `-p tcp`, `-ptcp`, `-nvL INPUT`: a cluster of one-letter options; the first with an argument takes the rest. */
function shortOptions(state: ParseState, word: Word): void {
  const text = word.text;
  for (let i = 1; i < text.length; i++) {
    const letter = text[i] ?? "";
    const option: CoreOption | undefined = CORE_BY_SHORT.get(letter);
    const written = `-${letter}`;
    if (!option) {
      unknownLetter(state, word, i);
      return;
    }
    const rest = i + 1 < text.length ? tailOf(word, i + 1) : undefined;
    if (option.argument !== "none") {
      applyCoreOption(state, option, word, written, rest);
      return;
    }
    applyCoreOption(state, option, word, written, undefined);
    if (state.otherFamily) return;
  }
}

function unknownLetter(state: ParseState, word: Word, index: number): void {
  const owner: Loaded["owner"] = { kind: "unknown", fact: `the option ${word.text}` };
  const values = argumentsLeft(state, undefined);
  if (word.unknown !== undefined) state.uncertain ??= word.unknown;
  const option = addOption(state, {
    name: word.text.slice(index),
    written: word.text,
    owner,
    at: word.span,
    values,
  });
  if (word.unknown !== undefined) return;
  const long = word.text.slice(1);
  const hint = long.length > 1 ? ` Did you mean --${long}?` : "";
  refuse(state, cover(option.span, word.span), `There is no option ${word.text}.${hint}`);
}
