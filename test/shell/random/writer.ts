/** A statement of a script: lines that stay together, or a compound with statements inside. */
export type Piece = string | Compound;

/** `if …; then … elif …; then … else … fi`: each part has a line that opens it. */
export interface Compound {
  readonly parts: readonly Part[];
  /** `fi`, `done <<EOF …`, `}`; with the lines of a here document. */
  readonly tail: string;
}

export interface Part {
  readonly head: string;
  readonly body: readonly Piece[];
}

export function compound(head: string, body: readonly Piece[], tail: string): Compound {
  return { parts: [{ head, body }], tail };
}

/** The script's text. Only the first line of a statement is indented, since the others may be a here document's. */
export function render(pieces: readonly Piece[], indent = ""): string {
  return pieces.map((piece) => renderPiece(piece, indent)).join("");
}

function renderPiece(piece: Piece, indent: string): string {
  if (typeof piece === "string") return `${indent}${piece}\n`;
  const inner = `${indent}    `;
  const parts = piece.parts.map(({ head, body }) => {
    const lines = body.length === 0 ? `${inner}:\n` : render(body, inner);
    return `${indent}${head}\n${lines}`;
  });
  return `${parts.join("")}${indent}${piece.tail}\n`;
}
