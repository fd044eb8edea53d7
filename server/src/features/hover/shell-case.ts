import { matchesPattern } from "../../convert/shell/pattern.ts";
import type { Case, SyntaxNode } from "../../syntax/shell/shell-file.ts";
import { contains, type Span } from "../../text/span.ts";
import type { ScriptInput } from "./shell-nodes.ts";
import { code, plain, type Topic } from "./topic.ts";

type Branch = Extract<SyntaxNode, { readonly type: "CaseItem" }>;

/** What is known of the word that a `case` decides by. */
interface Subject {
  readonly text: string;
  readonly values: readonly string[];
  readonly unknown: readonly string[];
}

/** On `case` and the word behind it: which branch counts, and why. */
export function caseTopic(input: ScriptInput, node: Case, offset: number): Topic | undefined {
  const span = input.file.span({ pos: node.pos, end: node.word.end });
  const subject = contains(span, offset) ? subjectOf(input, node) : undefined;
  if (!subject) return undefined;
  return {
    span,
    text: [...decided(node, subject), ...undecided(subject), ...notesOn(input, subject)].join(" "),
  };
}

/** On a branch's pattern: whether it is taken. */
export function branchTopic(
  input: ScriptInput,
  node: Case,
  branch: Branch,
  offset: number,
): Topic | undefined {
  const span = patternSpan(input, branch);
  const subject = contains(span, offset) ? subjectOf(input, node) : undefined;
  if (!subject) return undefined;
  const written = code(`${patternText(branch)})`);
  const taking = subject.values.filter((value) => branchFor(node, value) === branch);
  if (taking.length > 0) {
    const why = `${code(subject.text)} is ${taking.map(shown).join(", ")}`;
    return {
      span,
      text: [`**The branch ${written} counts**: ${why}.`, ...notesOn(input, subject)].join(" "),
    };
  }
  if (subject.unknown.length > 0) {
    const doubt = `**The branch ${written} may be taken**; its rules are perhaps there.`;
    return { span, text: [doubt, ...undecided(subject)].join(" ") };
  }
  const others = [`**The branch ${written} is not taken.**`, ...decided(node, subject)];
  return { span, text: [...others, ...notesOn(input, subject)].join(" ") };
}

/** Undefined for a word that is no variable, was never met, or decides nothing about the firewall. */
function subjectOf({ path, file, conversion }: ScriptInput, node: Case): Subject | undefined {
  const word = file.span(node.word);
  const uses = conversion.variables.filter(
    ({ file: where, span }) => where === path && word.start <= span.start && span.end <= word.end,
  );
  if (uses.length !== 1) return undefined;
  const { start, end } = file.span(node);
  const isIn = (where: string, at: number) => where === path && start <= at && at <= end;
  const concerns = conversion.operations.some(
    ({ origin }) =>
      isIn(origin.file, origin.statement.start) ||
      origin.frames.some((frame) => isIn(frame.file, frame.at.start)),
  );
  if (!concerns) return undefined;
  const { values, unknown } = uses[0]!;
  return { text: file.text.slice(word.start, word.end), values, unknown };
}

function decided(node: Case, { text, values }: Subject): string[] {
  return values.map((value) => {
    const branch = branchFor(node, value);
    const taken = branch ? `the branch ${code(`${patternText(branch)})`)} counts` : "no branch is taken";
    return `${code(text)} is ${shown(value)}: ${taken}.`;
  });
}

function undecided({ text, unknown }: Subject): string[] {
  if (unknown.length === 0) return [];
  const reasons = unknown.slice(0, 3).map(plain).join("; ");
  return [`What ${code(text)} is depends on ${reasons}, so any branch may be taken.`];
}

function shown(value: string): string {
  return value === "" ? "empty" : code(value);
}

/** What was taken for granted about the script's argument, where that is what decides. */
function notesOn({ conversion }: ScriptInput, { values }: Subject): string[] {
  const isAbout = (note: string) =>
    values.some((value) => note.includes(value === "" ? "without an argument" : `argument "${value}"`));
  return conversion.notes.filter(isAbout).map(plain);
}

function branchFor(node: Case, value: string): Branch | undefined {
  return node.items.find((item) => item.pattern.some((word) => matchesPattern(word.value, value)));
}

function patternText({ pattern }: Branch): string {
  return pattern.map((word) => word.text).join("|");
}

function patternSpan({ file }: ScriptInput, branch: Branch): Span {
  return file.span({ pos: branch.pos, end: branch.pattern.at(-1)?.end ?? branch.pos });
}
