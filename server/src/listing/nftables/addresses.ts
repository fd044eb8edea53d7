import { parseV4, parseV6 } from "../../model/values.ts";

export function parseIpv4(text: string): bigint | undefined {
  const value = parseV4(text);
  return value === undefined ? undefined : BigInt(value);
}

export function printIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
}

export { parseV6 as parseIpv6 };

/** As inet_ntop(3) writes it: the longest run of zeros as `::`, IPv4 in dots where it is embedded. */
export function printIpv6(value: bigint): string {
  const words: number[] = [];
  for (let i = 7; i >= 0; i--) words.push(Number((value >> BigInt(i * 16)) & 0xffffn));
  const run = longestZeros(words);
  const embedded = run?.start === 0 && (run.length === 6 || (run.length === 5 && words[5] === 0xffff));
  const tail = embedded ? printIpv4(value & 0xffffffffn) : undefined;
  const shown = words.slice(0, embedded ? 6 : 8).map((word) => word.toString(16));
  if (!run) return shown.join(":");
  const before = shown.slice(0, run.start).join(":");
  const after = [...shown.slice(run.start + run.length), ...(tail === undefined ? [] : [tail])].join(":");
  return `${before}::${after}`;
}

/** At least two zero words; of equal runs the first. */
function longestZeros(words: readonly number[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  for (let i = 0; i < words.length; i++) {
    let length = 0;
    while (words[i + length] === 0) length++;
    if (length >= 2 && length > (best?.length ?? 0)) best = { start: i, length };
    if (length > 0) i += length;
  }
  return best;
}

export function parseMac(text: string): bigint | undefined {
  if (!/^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/.test(text)) return undefined;
  return BigInt(
    `0x${text
      .split(":")
      .map((part) => part.padStart(2, "0"))
      .join("")}`,
  );
}

export function printMac(value: bigint): string {
  return value.toString(16).padStart(12, "0").match(/../g)!.join(":");
}
