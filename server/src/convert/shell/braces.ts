import type { WordPart } from "../../syntax/shell/shell-file.ts";

const MOST_WORDS = 65536;

/**
 * bash's `{20,21}` and `{1024..1030}`, when the rest of the word is literal; undefined when the word has
 * no such thing. Nested braces are left as they are.
 */
export function braceExpansion(parts: readonly WordPart[]): string[] | undefined {
  if (!parts.some((part) => part.type === "BraceExpansion")) return undefined;
  let words = [""];
  for (const part of parts) {
    const choices = choicesOf(part);
    if (choices === undefined || words.length * choices.length > MOST_WORDS) return undefined;
    words = words.flatMap((word) => choices.map((choice) => word + choice));
  }
  return words;
}

function choicesOf(part: WordPart): string[] | undefined {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
      return [part.value];
    case "DoubleQuoted":
      return part.parts.every((inner) => inner.type === "Literal")
        ? [part.parts.map((inner) => (inner.type === "Literal" ? inner.value : "")).join("")]
        : undefined;
    case "BraceExpansion":
      return alternatives(part.text);
    default:
      return undefined;
  }
}

function alternatives(text: string): string[] | undefined {
  const body = text.slice(1, -1);
  if (/[{}"'\\$`]/.test(body)) return undefined;
  const range = /^(-?\d{1,9})\.\.(-?\d{1,9})$/.exec(body);
  if (range) return numberRange(Number(range[1]), Number(range[2]));
  return body.includes(",") ? body.split(",") : undefined;
}

/** Whole numbers from `first` to `last`, up or down; undefined when they are too many. */
export function numberRange(
  first: number,
  last: number,
  step = first <= last ? 1 : -1,
): string[] | undefined {
  if (step === 0 || Math.abs(last - first) / Math.abs(step) >= MOST_WORDS) return undefined;
  const numbers: string[] = [];
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) numbers.push(String(n));
  return numbers;
}
