import { logicalLines } from "../checks/logical-lines.ts";
import type { Suppressible } from "../checks/suppression.ts";
import type { LoadedFile } from "../convert/host.ts";
import { DIRECTIVE_MARK } from "../syntax/directive.ts";
import { ShellText } from "../syntax/shell/comments.ts";
import type { TextEdit } from "../text/edit.ts";
import { lineEnding } from "../text/edit.ts";
import { cover } from "../text/span.ts";
import { lineEnd } from "./lines.ts";

/** What the author is to replace: an edit cannot ask for the reason. */
const REASON = "say why";

/** A comment that ignores the finding at its place; undefined where no comment can stand. */
export function ignoreHere(file: LoadedFile, found: Suppressible): TextEdit | undefined {
  const { text, dialect } = file.source;
  const { start, end } = cover(found.statement, found.place.span);
  const first = file.lines.position(start).line;
  const last = file.lines.position(Math.max(start, end)).line;
  const joined = dialect === "iptables-save" ? { first, last } : logicalLines(text, file.lines, first, last);
  const at = Math.max(file.lines.lineStart(joined.first), text.startsWith("\ufeff") ? 1 : 0);
  const comment = `# ${DIRECTIVE_MARK} ignore ${found.code} — ${REASON}`;
  if (text.startsWith("#!", at)) return undefined;
  if (file.syntax.dialect !== "shell") {
    // iptables-restore takes a line for a comment only if it begins with #.
    return lineAbove(text, at, comment, dialect === "nft" ? /^[ \t]*/ : /^/);
  }
  const shell = new ShellText(file.syntax.file);
  const around = shell.around(at);
  if (!around) return lineAbove(text, at, comment, indentIn(shell.around(start)?.hereDocument, text, at));
  if (around.hereDocument && shell.around(start) === around)
    return lineAbove(text, at, comment, indentIn(around.hereDocument, text, at));
  const behind = lineEnd(text, file.lines.lineStart(joined.last));
  if (shell.around(behind) || text.slice(end, behind).includes("#")) return undefined;
  return { span: { start: behind, end: behind }, newText: ` ${comment}` };
}

/** A comment that ignores the code in all of the file. */
export function ignoreInFile({ source: { text } }: LoadedFile, code: string): TextEdit {
  const comment = `# ${DIRECTIVE_MARK} ignore-file ${code} — ${REASON}`;
  const ending = lineEnding(text);
  const begin = text.startsWith("\ufeff") ? 1 : 0;
  // The first line may say what kind of file this is: that it has to go on doing.
  const at = /^[#*]/.test(text.slice(begin, begin + 1)) ? lineEnd(text, begin) : begin;
  const newText = at === begin ? `${comment}${ending}` : `${ending}${comment}`;
  return { span: { start: at, end: at }, newText };
}

function lineAbove(text: string, at: number, comment: string, indent: RegExp): TextEdit {
  const blanks = indent.exec(text.slice(at, lineEnd(text, at)))?.[0] ?? "";
  return { span: { start: at, end: at }, newText: `${blanks}${comment}${lineEnding(text)}` };
}

/** In what iptables-restore reads from a here-document a comment's # has to come first. */
function indentIn(
  hereDocument: { readonly dedented: boolean } | undefined,
  text: string,
  at: number,
): RegExp {
  const line = text.slice(at, lineEnd(text, at)).trimStart();
  if (!hereDocument || !/^(?:-|\*|:|\[\d|COMMIT)/.test(line)) return /^[ \t]*/;
  return hereDocument.dedented ? /^\t*/ : /^/;
}
