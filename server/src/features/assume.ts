import { directivesOf } from "../convert/directives.ts";
import type { LoadedFile } from "../convert/host.ts";
import type { VariableUse } from "../convert/shell/recorder.ts";
import { DIRECTIVE_MARK } from "../syntax/directive.ts";
import type { ShellFile, Statement } from "../syntax/shell/shell-file.ts";
import type { TextEdit } from "../text/edit.ts";
import { lineEnding } from "../text/edit.ts";
import type { Span } from "../text/span.ts";

/** A comment that says what a variable holds. */
export interface AssumedValue {
  readonly title: string;
  readonly edit: TextEdit;
  /** What the author is to replace, in the new text. */
  readonly placeholder: Span;
}

const PLACEHOLDER = "value";

/** Whether a comment can say what it is: a variable, or an argument of the script itself. */
export function isAssumable({ name, unknown }: VariableUse): boolean {
  if (/^[A-Za-z_]\w*$/.test(name)) return unknown.length > 0;
  // In a function $1 is whatever its caller gives.
  return /^[1-9]\d*$/.test(name) && unknown.some((reason) => reason.endsWith(`$${name}`));
}

/** The variable, or the script's own argument, that a reason names; a comment can say what it holds. */
export function assumableIn(reason: string): string | undefined {
  const [, variable, argument] =
    /\bthe (?:environment )?variable ([A-Za-z_]\w*)|\bthe positional parameter \$([1-9]\d*)/.exec(reason) ??
    [];
  return variable ?? argument ?? /\(([A-Za-z_]\w*)\)$/.exec(reason)?.[1];
}

/**
 * `# ftp-firewall: assume NAME=value`: below other such comments, else above the script's own assignment of the
 * variable, else above its first command. Undefined where the value is known or stated already.
 */
export function assumeValue(file: LoadedFile, use: VariableUse): AssumedValue | undefined {
  if (file.syntax.dialect !== "shell" || !isAssumable(use)) return undefined;
  const { text } = file.source;
  const stated = directivesOf(file).filter(({ name }) => name.code === "assume");
  const mine = new RegExp(`assume[ \\t]+${use.name}=`);
  if (stated.some(({ span }) => mine.test(text.slice(span.start, span.end)))) return undefined;
  const last = stated.at(-1);
  const at = last
    ? file.lines.position(last.span.end).line + 1
    : lineOfConfig(file, file.syntax.file, use.name);
  const ending = lineEnding(text);
  const start = file.lines.lineStart(at);
  // Behind the last line there may be no line end yet.
  const before = start > 0 && !/[\r\n]/.test(text.charAt(start - 1)) ? ending : "";
  const comment = `${before}# ${DIRECTIVE_MARK} assume ${use.name}=`;
  return {
    title: `Assume a value for ${use.name}`,
    edit: { span: { start, end: start }, newText: `${comment}${PLACEHOLDER}${ending}` },
    placeholder: { start: comment.length, end: comment.length + PLACEHOLDER.length },
  };
}

function lineOfConfig({ lines }: LoadedFile, shell: ShellFile, name: string): number {
  const statement = shell.statements.find((one) => assigns(one, name)) ?? shell.statements[0];
  return statement ? lines.position(shell.span(statement).start).line : 0;
}

function assigns({ command }: Statement, name: string): boolean {
  if (command.type !== "Command") return false;
  return [...command.prefix, ...command.args].some(
    (part) => part.type === "Assignment" && part.name === name,
  );
}
