/** What a token is; `op` covers punctuation of one or two characters. */
export type TokenKind =
  /** A name, number, address or time, written without quotes. */
  | "word"
  | "string"
  /** `$name`; the text is the name. */
  | "variable"
  /** `@name`; the text is the name. */
  | "at"
  /** `[::1]`; the text is what stands inside. */
  | "bracket"
  | "op"
  /** A placeholder of a template language: `{{ port }}`. */
  | "template"
  /** A character nft has no use for. */
  | "foreign"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** The value: without quotes, `$`, `@` and brackets. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A line break stands before it (after a comment, perhaps). */
  readonly newlineBefore: boolean;
}

const LETTER = 1;
const DIGIT = 2;
const HEX = 4;
const NAME_PART = 8;

const CLASS = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(char)) CLASS[code] = LETTER | NAME_PART;
  if (/[0-9]/.test(char)) CLASS[code] = DIGIT | NAME_PART;
  if (/[0-9A-Fa-f]/.test(char)) CLASS[code] = CLASS[code]! | HEX;
  if (/[-./]/.test(char)) CLASS[code] = NAME_PART;
}

function classOf(code: number): number {
  // Other alphabets are no nft names, but one token per word reads better than one per letter.
  return code < 128 ? CLASS[code]! : LETTER | NAME_PART;
}

const TEMPLATE_ENDS: Record<string, string> = { "{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>", "${": "}" };

const MAX_TEMPLATE = 2000;

/** The end of the template marker that starts at `at`, or -1. An unclosed marker ends with its line. */
export function templateEnd(text: string, at: number): number {
  const two = text.slice(at, at + 2);
  if (Object.hasOwn(TEMPLATE_ENDS, two)) {
    const close = TEMPLATE_ENDS[two]!;
    // A bounded window: a file full of unclosed markers must not be searched to its end for each.
    const window = text.slice(at, at + MAX_TEMPLATE);
    const end = window.indexOf(close, 2);
    const line = window.indexOf("\n");
    const limit = line < 0 ? window.length : line;
    if (end < 0 || (end > limit && close === "}")) return at + limit;
    return at + end + close.length;
  }
  if (text[at] !== "@") return -1;
  let i = at + 1;
  while (i < text.length && /[A-Z0-9_]/.test(text[i]!)) i++;
  return i > at + 1 && text[i] === "@" ? i + 1 : -1;
}

function endOfName(text: string, at: number): number {
  let i = at;
  while (i < text.length && (classOf(text.charCodeAt(i)) & NAME_PART) !== 0) i++;
  // `eth*`, `eth\*`
  while (text.charCodeAt(i) === 42 || (text.charCodeAt(i) === 92 && text.charCodeAt(i + 1) === 42)) {
    i += text.charCodeAt(i) === 42 ? 1 : 2;
  }
  return i;
}

const MAC = /^[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2}){5}$/;
const CLASS_ID = /^[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}$/;

/** The end of an address with colons (IPv6, Ethernet, a traffic class 1:2) at `at`; `at` when there is none. */
function endOfColonAddress(text: string, at: number): number {
  let i = at;
  let colons = 0;
  let double = false;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 58) {
      colons++;
      if (text.charCodeAt(i + 1) === 58) double = true;
    } else if (code !== 46 && (classOf(code) & HEX) === 0) break;
    else if (code >= 128) break;
    if (i - at > 60) return at;
  }
  if (colons === 0) return at;
  while (i > at && text.charCodeAt(i - 1) === 46) i--;
  if (double) {
    const triple = text.indexOf(":::", at);
    if (triple >= at && triple < i) i = triple + 2;
    while (i > at && text.charCodeAt(i - 1) === 58 && text.charCodeAt(i - 2) !== 58) i--;
    return text.slice(at, i) === "::" && (classOf(text.charCodeAt(i)) & LETTER) !== 0 ? at : i;
  }
  const run = text.slice(at, i);
  if (MAC.test(run) || colons === 7) return run.endsWith(":") ? at : i;
  if (CLASS_ID.test(run) && /^[\s:\-},;]?$/.test(text[i] ?? "")) return i;
  return at;
}

function endOfNumber(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    const dot =
      code === 46 && (classOf(text.charCodeAt(i + 1)) & DIGIT) !== 0 && text.charCodeAt(i + 1) < 128;
    if (!dot && (classOf(code) & (LETTER | DIGIT)) === 0) break;
    i++;
  }
  return i;
}

const OPERATORS = new Uint8Array(128);
/** First characters of two-character operators. */
const PAIRED = new Uint8Array(128);
const SINGLE = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
for (const char of "{}(),.:;/-+|&^*<>=!~") OPERATORS[char.charCodeAt(0)] = 1;
for (const char of "=!<>") PAIRED[char.charCodeAt(0)] = 1;

const TWO = new Set(["==", "!=", "<=", ">=", "<<", ">>"]);

/**
 * The tokens of one statement's text. Offsets count from the text's start. Never fails: what nft has no
 * use for becomes a `foreign` token.
 */
export function lex(text: string, template = false): Token[] {
  const tokens: Token[] = [];
  let newlineBefore = false;
  const add = (kind: TokenKind, value: string, start: number, end: number): number => {
    tokens.push({ kind, text: value, start, end, newlineBefore });
    newlineBefore = false;
    return end;
  };
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 9 || code === 13 || code === 12 || code === 0xa0) i++;
    else if (code === 10) {
      newlineBefore = true;
      i++;
    } else if (code === 35) i = endOfLine(text, i);
    else if (code === 92 && isContinuation(text, i)) i = endOfLine(text, i) + 1;
    else if (template && templateEnd(text, i) > i) {
      const end = templateEnd(text, i);
      i = add("template", text.slice(i, end), i, end);
    } else i = lexToken(text, i, add);
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length, newlineBefore: false });
  return tokens;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** A backslash that ends its line. */
export function isContinuation(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return next === 10 || (next === 13 && text.charCodeAt(at + 2) === 10) || at + 1 === text.length;
}

type Add = (kind: TokenKind, value: string, start: number, end: number) => number;

function lexToken(text: string, i: number, add: Add): number {
  const code = text.charCodeAt(i);
  const kind = classOf(code);
  if ((kind & HEX) !== 0 && code < 128) {
    const end = endOfColonAddress(text, i);
    if (end > i) return add("word", text.slice(i, end), i, end);
  }
  if ((kind & LETTER) !== 0) return addWord(text, i, endOfName(text, i), add);
  if ((kind & DIGIT) !== 0) return addWord(text, i, endOfNumber(text, i), add);
  if (code === 34) return lexString(text, i, add);
  if (code === 36 || code === 64) return lexSigil(text, i, code === 36 ? "variable" : "at", add);
  if (code === 91) return lexBracket(text, i, add);
  if (code === 58 && text.charCodeAt(i + 1) === 58) {
    const end = endOfColonAddress(text, i);
    if (end > i) return add("word", text.slice(i, end), i, end);
  }
  if (code === 92 && text.charCodeAt(i + 1) === 42) return add("word", "*", i, i + 2);
  if (code < 128 && OPERATORS[code] === 1) {
    const two = PAIRED[code] === 1 && text.slice(i, i + 2);
    if (two && TWO.has(two)) return add("op", two, i, i + 2);
    return add("op", SINGLE[code]!, i, i + 1);
  }
  return add("foreign", text[i]!, i, i + 1);
}

function addWord(text: string, start: number, end: number, add: Add): number {
  return add("word", text.slice(start, end), start, end);
}

function lexString(text: string, start: number, add: Add): number {
  const close = text.indexOf('"', start + 1);
  if (close >= 0) return add("string", text.slice(start + 1, close), start, close + 1);
  return add("foreign", text.slice(start, endOfLine(text, start)), start, endOfLine(text, start));
}

function lexSigil(text: string, start: number, kind: TokenKind, add: Add): number {
  const end = endOfName(text, start + 1);
  if (end === start + 1) return add("foreign", text.slice(start, end), start, end);
  return add(kind, text.slice(start + 1, end), start, end);
}

function lexBracket(text: string, start: number, add: Add): number {
  let i = start + 1;
  while (i < text.length && /[0-9A-Fa-f:.]/.test(text[i]!)) i++;
  if (text[i] === "]" && i > start + 1) return add("bracket", text.slice(start + 1, i), start, i + 1);
  return add("foreign", "[", start, start + 1);
}
