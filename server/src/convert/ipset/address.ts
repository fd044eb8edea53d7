import { bigints, numbers, parseV4, parseV6, type ValueSet, v4Prefix, v6Prefix } from "../../model/values.ts";

/** Addresses from the first to the last. */
export interface AddressRange {
  readonly low: bigint;
  readonly high: bigint;
}

/** A part of an entry that is no address: a host name, which DNS answers, or nonsense. */
export type NoAddress = "name" | "bad";

/** `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1-10.0.0.9`. */
export function parseRange(text: string, family: 4 | 6): AddressRange | NoAddress {
  const slash = text.lastIndexOf("/");
  if (slash >= 0) {
    const address = parseOne(text.slice(0, slash), family);
    const length = /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : Number.NaN;
    if (typeof address === "string") return address;
    const width = family === 4 ? 32 : 128;
    return length <= width ? around(address, length, family) : "bad";
  }
  const whole = parseOne(text, family);
  if (typeof whole === "bigint") return { low: whole, high: whole };
  const dash = text.indexOf("-");
  const low = dash < 0 ? whole : parseOne(text.slice(0, dash), family);
  const high = dash < 0 ? whole : parseOne(text.slice(dash + 1), family);
  if (typeof low === "string" || typeof high === "string") return whole;
  return low <= high ? { low, high } : { low: high, high: low };
}

/** The net of a length around an address. */
export function around(address: bigint, length: number, family: 4 | 6): AddressRange {
  const bits = BigInt((family === 4 ? 32 : 128) - length);
  const low = (address >> bits) << bits;
  return { low, high: low + (1n << bits) - 1n };
}

/** The fewest nets that a range is made of, as ipset divides it for its types with nets. */
export function nets({ low, high }: AddressRange, family: 4 | 6): { address: bigint; length: number }[] {
  const width = family === 4 ? 32 : 128;
  const found: { address: bigint; length: number }[] = [];
  for (let at = low; at <= high; ) {
    let bits = 0;
    while (bits < width && (at >> BigInt(bits)) % 2n === 0n && at + (1n << BigInt(bits + 1)) - 1n <= high)
      bits++;
    found.push({ address: at, length: width - bits });
    at += 1n << BigInt(bits);
  }
  return found;
}

export function addresses({ low, high }: AddressRange, family: 4 | 6): ValueSet {
  return family === 4 ? numbers(Number(low), Number(high)) : bigints(low, high);
}

export function net(address: bigint, length: number, family: 4 | 6): ValueSet {
  return family === 4 ? v4Prefix(Number(address), length) : v6Prefix(address, length);
}

function parseOne(text: string, family: 4 | 6): bigint | NoAddress {
  const plain = text.replace(/^\[(.*)\]$/, "$1");
  const value = family === 4 ? parseV4(plain) : parseV6(plain);
  if (value !== undefined) return BigInt(value);
  return /^[\d.:/-]*$/.test(plain) || plain.includes(":") || (family === 6 && parseV4(plain) !== undefined)
    ? "bad"
    : "name";
}
