import { IntervalSet } from "./interval-set.ts";

/** The set of values a field is tested against. One set holds one kind of value (see `Field`). */
export type ValueSet = IntervalSet<number> | IntervalSet<bigint> | IntervalSet<string>;

const HIGHEST_NAME = "\uffff";

/** Integers `low` to `high`, both included. */
export function numbers(low: number, high = low): IntervalSet<number> {
  return IntervalSet.interval(low, high + 1);
}

/** Big integers (IPv6 addresses) `low` to `high`, both included. */
export function bigints(low: bigint, high = low): IntervalSet<bigint> {
  return IntervalSet.interval(low, high + 1n);
}

/** Exactly this name. */
export function name(text: string): IntervalSet<string> {
  return IntervalSet.interval(text, `${text}\0`);
}

/** All names that start with `prefix` (iptables `eth+`, nft `"eth*"`). */
export function namePrefix(prefix: string): IntervalSet<string> {
  return IntervalSet.interval(prefix, prefix + HIGHEST_NAME);
}

/** How many integers a set holds; beyond 2^53 about as many. */
export function sizeOf(set: IntervalSet<number> | IntervalSet<bigint>): number {
  const bounds = set.bounds as readonly (number | bigint)[];
  let size = 0;
  for (let i = 0; i < bounds.length; i += 2) size += Number(bounds[i + 1]) - Number(bounds[i]);
  return size;
}

/** The intervals of a set of integers by their first and last member. */
export function rangesOf({ bounds }: IntervalSet<number>): [low: number, high: number][] {
  const ranges: [number, number][] = [];
  for (let i = 0; i < bounds.length; i += 2) ranges.push([bounds[i]!, bounds[i + 1]! - 1]);
  return ranges;
}

/** "50000-51000" or "20". */
export function rangeText([low, high]: readonly [low: number, high: number]): string {
  return low === high ? String(low) : `${low}-${high}`;
}

export const ALL_PORTS = numbers(0, 65535);
export const UNPRIVILEGED_PORTS = numbers(1024, 65535);
export const ALL_V4 = numbers(0, 0xffffffff);
export const ALL_V6 = bigints(0n, (1n << 128n) - 1n);
export const ALL_NAMES: IntervalSet<string> = IntervalSet.interval("", HIGHEST_NAME + HIGHEST_NAME);

/** The set of an IPv4 prefix; `length` 0 to 32. Bits of `address` behind the prefix are ignored. */
export function v4Prefix(address: number, length: number): IntervalSet<number> {
  const size = 2 ** (32 - length);
  const low = Math.floor(address / size) * size;
  return numbers(low, low + size - 1);
}

/** The set of an IPv6 prefix; `length` 0 to 128. */
export function v6Prefix(address: bigint, length: number): IntervalSet<bigint> {
  const bits = BigInt(128 - length);
  const low = (address >> bits) << bits;
  return bigints(low, low + (1n << bits) - 1n);
}

/** `1.2.3.4` as a number; undefined when it is not a dotted quad of decimals 0 to 255. */
export function parseV4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part)) return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    value = value * 256 + byte;
  }
  return value;
}

/** An IPv6 address (RFC 4291, with `::` and an embedded IPv4 tail) as a 128-bit number. */
export function parseV6(text: string): bigint | undefined {
  let source = text;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(source);
  if (tail) {
    const v4 = parseV4(tail[2]!);
    if (v4 === undefined) return undefined;
    source = `${tail[1]}${Math.floor(v4 / 65536).toString(16)}:${(v4 % 65536).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const words = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const head = words(halves[0]!);
  const back = halves.length === 2 ? words(halves[1]!) : [];
  const missing = 8 - head.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const word of [...head, ...new Array<string>(missing).fill("0"), ...back]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(word)) return undefined;
    value = (value << 16n) | BigInt(Number.parseInt(word, 16));
  }
  return value;
}

export function formatV4(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");
}

/** RFC 5952 form: lower case, the longest run of zero words shortened. */
export function formatV6(value: bigint): string {
  const words: number[] = [];
  for (let i = 7; i >= 0; i--) words.push(Number((value >> BigInt(i * 16)) & 0xffffn));
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && words[j] === 0) j++;
    if (j - i > bestLength) {
      bestStart = i;
      bestLength = j - i;
    }
  }
  const hex = (part: number[]) => part.map((word) => word.toString(16)).join(":");
  if (bestStart < 0) return hex(words);
  return `${hex(words.slice(0, bestStart))}::${hex(words.slice(bestStart + bestLength))}`;
}
