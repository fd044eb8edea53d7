/** Longer texts are not searched, and patterns with more repetitions are not used: the time could grow too much. */
const LONGEST_SEARCHED = 2000;
const LONGEST_PATTERN = 200;
const MOST_REPETITIONS = 4;

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
};

/**
 * A POSIX regular expression as the platform's; undefined when it has something that we do not follow.
 * Search with `search`, which bounds the time.
 */
export function regularExpression(pattern: string, extended: boolean, flags = ""): RegExp | undefined {
  if (pattern.length > LONGEST_PATTERN) return undefined;
  const source = translated(pattern, extended);
  if (source === undefined || repetitions(source) > MOST_REPETITIONS) return undefined;
  try {
    return new RegExp(source, `${flags}s`);
  } catch {
    return undefined;
  }
}

/** null: no match; undefined: not searched. */
export function search(expression: RegExp, text: string): RegExpExecArray | null | undefined {
  return text.length > LONGEST_SEARCHED ? undefined : expression.exec(text);
}

/**
 * How many repetitions there are that have no small bound. Those within repetitions could take for ever, so a group is
 * only repeated a few times, as in `([0-9]{1,3}\.){3}`, and not with an endless one in it.
 */
function repetitions(source: string): number {
  const bounded = source.replace(/\((?:\?:)?((?:[^()\\*+]|\\.)*)\)\{[1-9](?:,[1-9])?\}/g, "($1)");
  if (/\)[*+{]/.test(bounded)) return Number.POSITIVE_INFINITY;
  const endless = bounded.match(/(?<!\\)[*+]|\{\d+,\}|\{\d+,\d\d+\}/g)?.length ?? 0;
  return endless + (bounded.match(/\{\d+,\d\}/g)?.length ?? 0) / 4;
}

function translated(pattern: string, extended: boolean): string | undefined {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "[") {
      const bracket = bracketAt(pattern, at);
      if (bracket === undefined) return undefined;
      source += bracket.source;
      at = bracket.end;
    } else if (character === "\\") {
      const escaped = pattern.charAt(++at);
      const part = afterBackslash(escaped, extended);
      if (part === undefined) return undefined;
      source += part;
    } else if (extended)
      source += /[a-zA-Z0-9\s.*+?(){}|^$_-]/.test(character) ? character : quoted(character);
    else if (character === "*" && (source === "" || source.endsWith("("))) source += "\\*";
    else source += /[.*^$]/.test(character) ? character : quoted(character);
  }
  return source;
}

function quoted(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

/** In a basic expression `\(`, `\{`, `\|`, `\+` and `\?` are what `(` and so on are in an extended one. */
function afterBackslash(character: string, extended: boolean): string | undefined {
  if (/[wWsSbB]/.test(character)) return `\\${character}`;
  if (/[<>]/.test(character)) return "\\b";
  if (!extended && /[(){}|+?]/.test(character)) return character;
  return /[\w]/.test(character) || character === "" ? undefined : quoted(character);
}

function bracketAt(pattern: string, start: number): { source: string; end: number } | undefined {
  let at = start + 1;
  let source = "[";
  if (pattern.charAt(at) === "^") {
    source += "^";
    at++;
  }
  const first = at;
  for (; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "]" && at > first) return { source: `${source}]`, end: at };
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at, at + 12));
    if (named) {
      const members = CLASSES[named[1]!];
      if (members === undefined) return undefined;
      source += members;
      at += named[0].length - 1;
    } else source += /[\\\][^]/.test(character) ? `\\${character}` : character;
  }
  return undefined;
}
