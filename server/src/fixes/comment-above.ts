import { lineEnd, lineStart } from "./lines.ts";

/**
 * The comment lines directly above a statement that are about it alone: what stands below it is set off by a blank
 * line or a comment of its own, or is not there.
 */
export function commentOf(
  text: string,
  statement: number,
  end: number,
): { readonly start: number; lines: string[] } {
  const own = lineStart(text, statement);
  const above = text.slice(0, own).split(/(?<=\n)/);
  const lines: string[] = [];
  let start = own;
  for (let line = above.pop(); line && /^[ \t]*#(?!!)/.test(line); line = above.pop()) {
    if (/^\ufeff?[ \t]*#!/.test(above[above.length - 1] ?? "") || /^# (Generated|Completed)/.test(line))
      break;
    lines.unshift(line.trim());
    start -= line.length;
  }
  const below = /^\r?\n([^\r\n]*)/.exec(text.slice(lineEnd(text, end)))?.[1] ?? "";
  const isAlone = /^[ \t]*(?:#.*|\}|COMMIT|fi|done|esac|;;|exit\b.*)?[ \t]*$/.test(below);
  return isAlone ? { start, lines } : { start: own, lines: [] };
}
