/** Why a text is not known: a noun phrase that completes "it depends on …". */
export class NotListed extends Error {}

export function notListed(fact: string): never {
  throw new NotListed(fact);
}

/** How nft quotes names, prefixes and comments. */
export function quoted(text: string): string {
  return `"${text}"`;
}

/** `1d2h3m4s5ms`, as nft writes times (time_print); 0 is "0s". */
export function printTime(milliseconds: bigint): string {
  const parts: string[] = [];
  let rest = milliseconds;
  for (const [unit, size] of TIME_UNITS) {
    const count = rest / size;
    rest -= count * size;
    if (count > 0n) parts.push(`${count}${unit}`);
  }
  return parts.join("") || "0s";
}

const TIME_UNITS: readonly (readonly [string, bigint])[] = [
  ["d", 86_400_000n],
  ["h", 3_600_000n],
  ["m", 60_000n],
  ["s", 1000n],
  ["ms", 1n],
];

/** Milliseconds of `1d2h`, `90s`, `100ms`; a number alone counts seconds. */
export function parseTime(text: string): bigint | undefined {
  if (/^\d+$/.test(text)) return BigInt(text) * 1000n;
  if (!/^(?:\d+(?:d|h|ms|m|s))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|d|h|m|s)/g)) {
    total += BigInt(count!) * TIME_UNITS.find(([name]) => name === unit)![1];
  }
  return total;
}

/** `0x1f`, `31`, and like nft in octal `037`. */
export function parseNumber(text: string): bigint | undefined {
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text) ? BigInt(text) : undefined;
}

export function hex(value: bigint, digits = 0): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
