import type { ValueSet } from "../model/values.ts";
import { formatV4, formatV6 } from "../model/values.ts";
import type { IpFamily } from "../netfilter/packet.ts";

/** Addresses as a reader writes them: single ones, prefixes where an interval is one, else `first-last`. */
export function addressTexts(values: ValueSet, family: IpFamily): string[] {
  const texts: string[] = [];
  for (let i = 0; i < values.bounds.length; i += 2) {
    const low = BigInt(values.bounds[i] as number | bigint);
    const end = BigInt(values.bounds[i + 1] as number | bigint);
    texts.push(intervalText(low, end, family));
  }
  return texts;
}

function intervalText(low: bigint, end: bigint, family: IpFamily): string {
  const bits = family === 4 ? 32 : 128;
  const show = (value: bigint) => (family === 4 ? formatV4(Number(value)) : formatV6(value));
  const size = end - low;
  if (size === 1n) return show(low);
  const power = size.toString(2).length - 1;
  const isPrefix = size === 1n << BigInt(power) && low % size === 0n;
  return isPrefix ? `${show(low)}/${bits - power}` : `${show(low)}-${show(end - 1n)}`;
}
