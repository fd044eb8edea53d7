import assert from "node:assert/strict";
import type {
  IptablesCommand,
  IptablesOption,
  IptablesProgram,
} from "../../../server/src/syntax/iptables/command.ts";
import { parseIptablesArguments } from "../../../server/src/syntax/iptables/parse.ts";
import { splitWords } from "../../../server/src/syntax/iptables-save/words.ts";
import type { Word } from "../../../server/src/syntax/word.ts";

/** Reads `iptables …` or `ip6tables …`; a word that starts with `$` has an unknown value. */
export function command(line: string): IptablesCommand {
  const [program, ...words] = splitWords(line);
  assert.ok(program?.text === "iptables" || program?.text === "ip6tables", "start with the program");
  return parseIptablesArguments(words.map(unknownWord), { program: program.text, context: "command" });
}

/** Reads a line of a save file. */
export function saveLine(line: string, program: IptablesProgram = "iptables"): IptablesCommand {
  return parseIptablesArguments(splitWords(line), { program, context: "save-line" });
}

function unknownWord(word: Word): Word {
  const at = word.text.indexOf("$");
  return at < 0 ? word : { ...word, unknown: `the variable ${word.text.slice(at)}` };
}

/** The command as text: operation, then one line per option with its owner. */
export function show(parsed: IptablesCommand): string {
  const { operation } = parsed;
  const head = operation
    ? [operation.kind, operation.chain?.text, operation.number, operation.argument?.text].filter(
        (x) => x !== undefined,
      )
    : ["no operation"];
  return [head.join(" "), ...parsed.options.map(showOption)].join("\n");
}

function showOption({ name, owner, negated, values }: IptablesOption): string {
  const who =
    owner.kind === "match"
      ? `-m ${owner.module}`
      : owner.kind === "target"
        ? `-j ${owner.target}`
        : owner.kind === "unknown"
          ? `? ${owner.fact}`
          : "core";
  return `${negated ? "! " : ""}${name} [${who}] ${values.map((value) => value.text).join(" | ")}`.trimEnd();
}

/** The problems as text, with the words they stand under. */
export function problems(line: string): string[] {
  return command(line).problems.map(
    ({ code, span, message }) => `${code} at “${line.slice(span.start, span.end)}”: ${message}`,
  );
}

/** Words that belong to no operation, option or problem. */
export function lostWords(parsed: IptablesCommand, words: readonly Word[]): string[] {
  const spans = [
    ...parsed.options.map((option) => option.span),
    ...parsed.problems.map((problem) => problem.span),
    ...(parsed.operation ? [parsed.operation.span] : []),
  ];
  return words
    .filter((word) => !spans.some((span) => span.start <= word.span.start && word.span.end <= span.end))
    .map((word) => word.text);
}
