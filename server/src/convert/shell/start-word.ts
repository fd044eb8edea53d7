import type { Case, ShellFile, ShellWord, SyntaxNode, WordPart } from "../../syntax/shell/shell-file.ts";
import { matchesPattern } from "./pattern.ts";
import { type RuleCounter, withoutFunctions } from "./rule-counter.ts";

/** Words by which scripts are told to set the rules up, in the order of preference. */
const START_WORDS = ["start", "restart", "reload", "up", "enable", "on", "force-reload"];
const STOP_WORDS = new Set(["stop", "down", "disable", "off", "flush", "clear", "status", "save", "help"]);

/** What we take the script's first argument to be. */
export interface StartWord {
  readonly word: string;
  /** For the user: which branch was taken and why. */
  readonly note: string;
}

/**
 * Init-style scripts do what their first argument says. The branch that counts is the one that sets the
 * rules up: by its name (start, restart, …), else the one whose commands add the most rules.
 */
export function chooseStartWord(file: ShellFile, counter: RuleCounter): StartWord | undefined {
  const top = withoutFunctions(file.statements);
  const names = new Set(["1", ...aliasesOfFirstArgument(top)]);
  const cases = top.filter((node) => node.type === "Case" && names.has(variableOf(node.word) ?? ""));
  const [first] = cases as Case[];
  if (first) return fromCase(first, counter);
  const everywhere = new Set(["1", ...aliasesOfFirstArgument(counter.nodes)]);
  const inFunction = counter.nodes.find(
    (node): node is Case =>
      node.type === "Case" && everywhere.has(variableOf(node.word) ?? "") && isStartStop(node),
  );
  if (inFunction) return fromCase(inFunction, counter);
  return fromComparisons(top, names);
}

function fromCase(node: Case, counter: RuleCounter): StartWord | undefined {
  for (const word of START_WORDS) {
    if (branchFor(node, word, false) >= 0) return { word, note: branchNote(word, "by its name") };
  }
  const counts = node.items.map((item) => counter.count(item.body));
  const most = Math.max(0, ...counts);
  if (most === 0) return undefined;
  const index = counts.indexOf(most);
  const literal = node.items[index]!.pattern.map((pattern) => pattern.value).find(
    (text) => !/[*?[\]$`]/.test(text),
  );
  const word = [literal, "", "start"].find(
    (text) => text !== undefined && branchFor(node, text, true) === index,
  );
  if (word === undefined) return undefined;
  return { word, note: branchNote(word, "because it adds the most rules") };
}

function branchNote(word: string, why: string): string {
  return word === ""
    ? "The script is taken to be run without an argument."
    : `The script is taken to be run with the argument "${word}" (the branch is chosen ${why}).`;
}

/** Index of the branch that a word leads to; without `any`, `*` does not count as a name. */
function branchFor(node: Case, word: string, any: boolean): number {
  return node.items.findIndex((item) =>
    item.pattern.some((pattern) => (any || pattern.text !== "*") && matchesPattern(pattern.value, word)),
  );
}

function isStartStop(node: Case): boolean {
  return branchFor(node, "start", false) >= 0 && branchFor(node, "stop", false) >= 0;
}

/** `if [ "$1" = start ]`, or `if [ "$1" = stop ]` around an early end. */
function fromComparisons(top: readonly SyntaxNode[], names: ReadonlySet<string>): StartWord | undefined {
  const compared = new Set<string>();
  for (const node of top) {
    if (node.type === "Command" && node.name?.value === "[") {
      const [left, operator, right] = node.args;
      if (left?.type !== "Word" || operator?.type !== "Word" || right?.type !== "Word") continue;
      if (names.has(variableOf(left) ?? "") && /^[!=]?=$/.test(operator.value)) compared.add(right.value);
    } else if (node.type === "TestBinary" && names.has(variableOf(node.left) ?? "")) {
      if (/^[!=]?=$/.test(node.operator)) compared.add(node.right.value);
    }
  }
  const start = START_WORDS.find((word) => compared.has(word));
  if (start !== undefined) return { word: start, note: branchNote(start, "by its name") };
  const stops = compared.size > 0 && [...compared].every((word) => word === "" || STOP_WORDS.has(word));
  return stops ? { word: "", note: branchNote("", "") } : undefined;
}

/** Variables that hold `$1`, such as ACTION in `ACTION=${1:-start}`. */
function aliasesOfFirstArgument(top: readonly SyntaxNode[]): string[] {
  const aliases: string[] = [];
  for (const node of top) {
    if (node.type !== "Command") continue;
    const declared = node.args.filter((argument) => argument.type === "Assignment");
    for (const prefix of [...node.prefix, ...declared]) {
      if (prefix.type !== "Assignment" || !prefix.text.includes("1")) continue;
      if (prefix.value.type === "Word" && variableOf(prefix.value) === "1") aliases.push(prefix.name);
    }
  }
  return aliases;
}

/** The variable that a word consists of: `$1`, `"$1"`, `${1:-start}`. */
function variableOf(word: ShellWord): string | undefined {
  if (!word.text.includes("$")) return undefined;
  let parts: readonly WordPart[] | undefined = word.parts;
  if (parts?.length === 1 && parts[0]?.type === "DoubleQuoted") parts = parts[0].parts;
  const only = parts?.length === 1 ? parts[0] : undefined;
  if (only?.type === "SimpleExpansion") return only.text.slice(1);
  if (only?.type === "ParameterExpansion" && only.prefix === undefined) return only.parameter;
  return undefined;
}
