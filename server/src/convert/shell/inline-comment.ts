import { DIRECTIVE_MARK } from "../../syntax/directive.ts";
import type { Span } from "../../text/span.ts";
import type { Interpreter } from "./interpreter.ts";
import type { MappedText } from "./mapped-text.ts";

/** Notes the comments of a ruleset that stands in the script, where they may be instructions to this program. */
export function noteComments(
  { unit, recorder }: Pick<Interpreter, "unit" | "recorder">,
  mapped: MappedText,
  comments: (text: string) => readonly Span[],
): void {
  const { text } = mapped;
  if (!text.includes(DIRECTIVE_MARK)) return;
  const { file, path } = unit;
  for (const { start, end } of comments(text)) {
    if (!mapped.isVerbatim(start, end) || !text.slice(start, end).includes(DIRECTIVE_MARK)) continue;
    const span = { start: file.offset(mapped.start(start)), end: file.offset(mapped.end(end)) };
    recorder.comment({ file: path, span });
  }
}
