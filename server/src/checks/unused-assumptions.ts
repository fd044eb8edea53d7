import { directivesOf } from "../convert/directives.ts";
import type { Host, LoadedFile } from "../convert/host.ts";
import type { ShellConversion } from "../convert/shell/convert.ts";
import { ShellText } from "../syntax/shell/comments.ts";
import type { ShellFile } from "../syntax/shell/shell-file.ts";
import type { Severity } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import { findCode, UNUSED_ASSUMPTION } from "./codes.ts";
import { commentSpan } from "./comment-span.ts";
import type { DirectiveProblem } from "./suppression.ts";

/**
 * The comments `assume NAME=value` of a host's own scripts that change nothing: nothing reads the variable, or the
 * script itself says what it holds wherever it is read. Where a part of the script is not followed, or not reached, it
 * may be read there: then nothing is said.
 */
export function unusedAssumptions(host: Host): DirectiveProblem[] {
  return host.files.flatMap((file) => {
    const { syntax } = file;
    if (syntax.dialect !== "shell" || syntax.file.problems.length > 0) return [];
    const stated = directivesOf(file).filter(({ assumption }) => assumption !== undefined);
    if (stated.length === 0 || file.operations.some(({ op }) => op === "unknown")) return [];
    const texts = [syntax.file, ...sourced(host, file)].map(withoutComments);
    return stated.flatMap(({ span, assumption }) => {
      const { name } = assumption!;
      if (syntax.conversion.usedAssumptions.has(name)) return [];
      const why = whyUnused(name, texts, syntax.conversion);
      return why === undefined ? [] : [problem(file, span, `This assumption is of no use: ${why}.`)];
    });
  });
}

function sourced({ included }: Host, { includes }: LoadedFile): ShellFile[] {
  return included.flatMap(({ source, syntax }) =>
    syntax.dialect === "shell" && includes.includes(source.path) ? [syntax.file] : [],
  );
}

function withoutComments(file: ShellFile): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of new ShellText(file).comments()) {
    parts.push(file.text.slice(at, start));
    at = end;
  }
  return parts.join("") + file.text.slice(at);
}

function whyUnused(
  name: string,
  texts: readonly string[],
  { variables }: ShellConversion,
): string | undefined {
  const isArgument = /^\d/.test(name);
  const words = isArgument
    ? new RegExp(`\\$\\{?(?:${name}\\b|[@*#!])|\\bgetopts\\b|\\bshift\\b`, "g")
    : wordOf(name);
  // A name that is put together (`eval`, `${!name}`) stands nowhere.
  if (texts.some((text) => /\beval\b|\$\{!|\$\(\(|\bdeclare -n\b|\blocal -n\b/.test(text))) return undefined;
  if (texts.every((text) => text.search(words) < 0))
    return isArgument
      ? `the script does not read its argument $${name}`
      : `the script does not mention ${name}`;
  if (isArgument) return undefined;
  const uses = variables.filter((use) => use.name === name);
  const reads = new RegExp(`\\$\\{?${name}\\b`, "g");
  const written = texts.reduce((sum, text) => sum + [...text.matchAll(reads)].length, 0);
  if (written === 0) return `the script sets ${name} but does not read it`;
  const isKnown =
    uses.length === written && uses.every(({ values, unknown }) => values.length > 0 && unknown.length === 0);
  return isKnown ? `wherever the script reads ${name}, it has set it itself` : undefined;
}

function wordOf(name: string): RegExp {
  return new RegExp(`\\b${name}\\b`, "g");
}

function problem(
  { source: { path, text }, lines }: LoadedFile,
  span: Span,
  message: string,
): DirectiveProblem {
  return {
    code: UNUSED_ASSUMPTION,
    severity: findCode(UNUSED_ASSUMPTION)?.level as Severity,
    place: { path, span },
    statement: span,
    message: `${message} Remove this comment.`,
    correction: { title: "Remove this comment", edit: { span: commentSpan(text, lines, span), newText: "" } },
  };
}
