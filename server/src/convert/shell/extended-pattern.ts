/** A part of an extended pattern: it leads from places in a text to others. */
type Part = (text: string, starts: ReadonlySet<number>) => Set<number>;

/** Whether there is a group such as `@(a|b)` in a pattern. */
export function isExtended(pattern: string): boolean {
  return /(?:^|[^\\])[?*+@!]\(/.test(pattern);
}

/**
 * Whether a pattern with groups (`?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`; bash(1), Pattern Matching) matches the whole
 * text. `plain` matches a piece of the pattern that is no group against a piece of the text. All places that can be
 * reached are followed at once, so that no pattern takes for ever.
 */
export function matchesExtended(
  pattern: string,
  text: string,
  plain: (pattern: string, text: string) => boolean,
): boolean {
  return sequence(pattern, plain)(text, new Set([0])).has(text.length);
}

function sequence(pattern: string, plain: (pattern: string, text: string) => boolean): Part {
  const parts: Part[] = [];
  let literal = "";
  for (let at = 0; at < pattern.length; ) {
    const close = /^[?*+@!]\(/.test(pattern.slice(at, at + 2)) ? closing(pattern, at + 1) : -1;
    if (close < 0) {
      const length = pattern.charAt(at) === "\\" ? 2 : pattern.charAt(at) === "[" ? bracket(pattern, at) : 1;
      literal += pattern.slice(at, at + length);
      at += length;
      continue;
    }
    if (literal !== "") parts.push(stretch(literal, plain));
    literal = "";
    const alternatives = split(pattern.slice(at + 2, close)).map((one) => sequence(one, plain));
    parts.push(group(pattern.charAt(at), alternatives));
    at = close + 1;
  }
  if (literal !== "") parts.push(stretch(literal, plain));
  return (text, starts) => parts.reduce((places, part) => part(text, places), new Set(starts));
}

function stretch(pattern: string, plain: (pattern: string, text: string) => boolean): Part {
  return (text, starts) => {
    const ends = new Set<number>();
    for (const start of starts)
      for (let end = start; end <= text.length; end++)
        if (!ends.has(end) && plain(pattern, text.slice(start, end))) ends.add(end);
    return ends;
  };
}

function group(kind: string, alternatives: readonly Part[]): Part {
  const once: Part = (text, starts) =>
    new Set(alternatives.flatMap((alternative) => [...alternative(text, starts)]));
  if (kind === "@") return once;
  if (kind === "?") return (text, starts) => new Set([...starts, ...once(text, starts)]);
  if (kind === "!") return (text, starts) => none(text, starts, once);
  return (text, starts) => repeated(text, kind === "+" ? once(text, starts) : new Set(starts), once);
}

function repeated(text: string, places: Set<number>, once: Part): Set<number> {
  for (let size = -1; size !== places.size; ) {
    size = places.size;
    for (const end of once(text, places)) places.add(end);
  }
  return places;
}

function none(text: string, starts: ReadonlySet<number>, once: Part): Set<number> {
  const ends = new Set<number>();
  for (const start of starts) {
    const matched = once(text, new Set([start]));
    for (let end = start; end <= text.length; end++) if (!matched.has(end)) ends.add(end);
  }
  return ends;
}

/** Of the parenthesis at `open`; -1: it is never closed. */
function closing(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "\\") at++;
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return at;
  }
  return -1;
}

/** How long the bracket expression is; 1: it is none. */
function bracket(pattern: string, start: number): number {
  return /^\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]/.exec(pattern.slice(start))?.[0].length ?? 1;
}

/** At the bars that stand in no inner group. */
function split(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "|" && depth === 0) parts.push("");
    else if (character === "\\") parts[parts.length - 1] += text.slice(at, ++at + 1);
    else parts[parts.length - 1] += character;
  }
  return parts;
}
