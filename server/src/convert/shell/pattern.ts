import { isExtended, matchesExtended } from "./extended-pattern.ts";

/**
 * Whether a shell pattern (`*`, `?`, `[a-z]`, backslash) matches the whole text. Takes time in proportion
 * to pattern × text at worst.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (isExtended(pattern)) return matchesExtended(pattern, text, matchesPlain);
  return matchesPlain(pattern, text);
}

function matchesPlain(pattern: string, text: string): boolean {
  const tokens = tokenize(pattern);
  let at = 0;
  let token = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < text.length) {
    const current = tokens[token];
    if (current === "*") {
      starToken = token++;
      starAt = at;
    } else if (current?.(text.charAt(at))) {
      token++;
      at++;
    } else if (starToken >= 0) {
      token = starToken + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token] === "*") token++;
  return token === tokens.length;
}

/** Puts a backslash before each character that would be special in a pattern. */
export function quotePattern(text: string): string {
  return text.replace(/[*?[\]\\()|]/g, "\\$&");
}

type Token = "*" | ((character: string) => boolean);

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === "*") {
      if (tokens[tokens.length - 1] !== "*") tokens.push("*");
    } else if (character === "?") tokens.push(() => true);
    else if (character === "[") {
      const close = pattern.indexOf("]", i + (/^\[[!^]?\]/.test(pattern.slice(i, i + 3)) ? 3 : 2));
      if (close < 0) tokens.push(exactly("["));
      else {
        tokens.push(bracket(pattern.slice(i + 1, close)));
        i = close;
      }
    } else if (character === "\\" && i + 1 < pattern.length) tokens.push(exactly(pattern.charAt(++i)));
    else tokens.push(exactly(character));
  }
  return tokens;
}

function exactly(expected: string): Token {
  return (character) => character === expected;
}

function bracket(body: string): Token {
  const negated = body.startsWith("!") || body.startsWith("^");
  const members = negated ? body.slice(1) : body;
  return (character) => inBracket(members, character) !== negated;
}

function inBracket(members: string, character: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const low = members.charAt(i);
    if (members.charAt(i + 1) === "-" && i + 2 < members.length) {
      if (low <= character && character <= members.charAt(i + 2)) return true;
      i += 2;
    } else if (low === character) return true;
  }
  return false;
}
