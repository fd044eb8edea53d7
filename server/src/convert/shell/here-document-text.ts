import type { HereDoc } from "../../syntax/shell/shell-file.ts";
import type { Expander } from "./expand.ts";

/** A part of a text with the part of the source that it was made from. */
export interface TextPiece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly unknown?: string;
}

function piece(node: { readonly pos: number; readonly end: number }, text: string): TextPiece {
  return { text, start: node.pos, end: node.end };
}

/** A here-document's plain text: a backslash quotes `$`, a backquote, another one, and the line end. */
function unescaped(part: { readonly pos: number; readonly text: string }): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  const { text, pos } = part;
  const add = (value: string, start: number, end: number) => {
    if (end > start) pieces.push({ text: value, start: pos + start, end: pos + end });
  };
  for (let at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at + 2)) {
    const next = text.charAt(at + 1);
    if (next === "" || !"$`\\\n".includes(next)) continue;
    add(text.slice(from, at), from, at);
    add(next === "\n" ? "" : next, at, at + 2);
    from = at + 2;
  }
  add(text.slice(from), from, text.length);
  return pieces;
}

/** The pieces of a here-document's body in order, with their place in the source. */
export function hereDocumentText(expander: Expander, { body, delimiter }: HereDoc): TextPiece[] {
  const plain = delimiter?.quoted === true;
  if (body.parts === undefined) return plain ? [piece(body, body.text)] : unescaped(body);
  return body.parts.flatMap((part) => {
    if (part.type === "Literal") return plain ? [piece(part, part.text)] : unescaped(part);
    const value = expander.expand([part], part.text);
    if (value.kind === "unknown") return [{ ...piece(part, part.text), unknown: value.reason }];
    return [piece(part, value.kind === "known" ? value.text : "")];
  });
}
