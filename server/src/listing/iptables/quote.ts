/** A string as iptables-save writes comments, prefixes and names: in quotes where it is more than letters and digits. */
export function savedString(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `"${text.replace(/["\\']/g, "\\$&")}"`;
}

/** In quotes whatever it is; an apostrophe stays as it is. */
export function quotedString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** One word of a command as an author would have to write it in a save file. */
export function writtenWord(text: string): string {
  return /^[^\s"'\\#;]+$/.test(text) ? text : quotedString(text);
}

const BYTE = 0xdc00;

/** The bytes of a text in UTF-8; a lone surrogate U+DC80 to U+DCFF is a byte that is not UTF-8 (`cli/bytes.ts`). */
export function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= BYTE + 0x80 && code <= BYTE + 0xff) bytes.push(code - BYTE);
    else bytes.push(...encoder.encode(character));
  }
  return bytes;
}

const encoder = new TextEncoder();

/** The text cut to so many bytes; what is left of a character that was cut in two are lone surrogates. */
export function cutToBytes(text: string, most: number): string {
  let length = 0;
  let kept = "";
  for (const character of text) {
    const bytes = bytesOf(character);
    const room = most - length;
    if (bytes.length > room)
      return kept + String.fromCharCode(...bytes.slice(0, room).map((byte) => BYTE + byte));
    kept += character;
    length += bytes.length;
  }
  return kept;
}
