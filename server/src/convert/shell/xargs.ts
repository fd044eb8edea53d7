import type { Command } from "../../syntax/shell/shell-file.ts";
import { runFirewallCommand } from "./firewall-command.ts";
import type { Interpreter } from "./interpreter.ts";
import { recognise } from "./programs.ts";
import { standardInput } from "./standard-input.ts";
import { excerpt, type Field, type Status } from "./value.ts";

/**
 * `… | xargs -n1 iptables -A INPUT -p tcp -j ACCEPT --dport`: the command once for each batch of words, or for each line
 * where they take the place of a text (`-I{}`). Undefined where the command is none of a firewall's.
 */
export function runXargs(
  interpreter: Interpreter,
  command: Command,
  args: readonly Field[],
): Status | undefined {
  const { first, words: most, replaced, isFollowed } = readOptions(args);
  const called = args.slice(first);
  if (recognise(called) === undefined) return undefined;
  const input = standardInput(interpreter);
  const text = input?.kind === "inline" && input.unknowns.length === 0 ? input.text.text : undefined;
  if (text === undefined || !isFollowed || /["'\\]/.test(text)) {
    const written = excerpt(interpreter.unit.file.source.slice(command.pos, command.end));
    const fact = `what "${written}" runs`;
    interpreter.recorder.unknown(interpreter, command, fact);
    return { unknown: fact };
  }
  const { pos, end } = command;
  const field = (word: string): Field => ({ text: word, start: pos, end });
  let status: Status = true;
  for (const batch of replaced === undefined ? batches(text, most) : linesOf(text)) {
    const fields =
      replaced === undefined
        ? [...called, ...batch.map(field)]
        : called.map((one) => ({ ...one, text: one.text.replaceAll(replaced, batch[0]!) }));
    const recognised = recognise(fields);
    const outcome = recognised ? runFirewallCommand(interpreter, command, fields, recognised) : true;
    if (outcome !== true) status = outcome;
  }
  return status;
}

interface Options {
  /** Index of the command's name. */
  readonly first: number;
  /** The most words that one call gets. */
  readonly words: number;
  readonly replaced?: string;
  readonly isFollowed: boolean;
}

function readOptions(args: readonly Field[]): Options {
  let words = Number.POSITIVE_INFINITY;
  let replaced: string | undefined;
  let isFollowed = true;
  let at = 0;
  for (; at < args.length && /^-./.test(args[at]!.text); at++) {
    const [, letter, value] = /^-([nI])(.*)$/.exec(args[at]!.text) ?? [];
    const given = value || args[at + 1]?.text || "";
    if (letter !== undefined && value === "") at++;
    if (letter === "n") words = Number(given);
    else if (letter === "I") replaced = given;
    else if (!/^(?:-[rt]+|--no-run-if-empty)$/.test(args[at]!.text)) isFollowed = false;
  }
  return { first: at, words, replaced, isFollowed: isFollowed && words >= 1 && replaced !== "" };
}

/** The words of the input, so many at a time. */
function batches(text: string, most: number): string[][] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const found: string[][] = [];
  for (let i = 0; i < words.length; i += Math.min(most, words.length)) found.push(words.slice(i, i + most));
  return found;
}

function linesOf(text: string): string[][] {
  return text
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "")
    .map((line) => [line]);
}
