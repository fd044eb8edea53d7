/**
 * A file's bytes as text and back without loss: valid UTF-8 as itself, a byte-order mark as U+FEFF, and every byte
 * that is not UTF-8 as one lone low surrogate U+DC80 to U+DCFF, which valid UTF-8 never holds. So an edit of the text
 * leaves all other bytes of the file as they are.
 */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodePiecewise(bytes);
  }
}

/** The bytes that `decodeBytes` made this text of. */
export function encodeText(text: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { index } of text.matchAll(LONE_LOW_SURROGATE)) {
    const code = text.charCodeAt(index);
    if (code < ESCAPE + 0x80 || code > ESCAPE + 0xff) continue;
    parts.push(Buffer.from(text.slice(from, index), "utf8"), Buffer.of(code - ESCAPE));
    from = index + 1;
  }
  parts.push(Buffer.from(text.slice(from), "utf8"));
  return Buffer.concat(parts);
}

const ESCAPE = 0xdc00;
const LONE_LOW_SURROGATE = /(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function decodePiecewise(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      parts.push(decoder.decode(bytes.subarray(from, at)), String.fromCharCode(ESCAPE + bytes[at]!));
      from = at + 1;
    }
    at += length || 1;
  }
  parts.push(decoder.decode(bytes.subarray(from)));
  return parts.join("");
}

/** The length of the well-formed UTF-8 sequence at `at` (Unicode's table 3-7); 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf
      ? 2
      : lead >= 0xe0 && lead <= 0xef
        ? 3
        : lead >= 0xf0 && lead <= 0xf4
          ? 4
          : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return length;
}
