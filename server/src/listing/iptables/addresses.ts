import { parseAddress, parseV4Host, parseV6Host } from "../../syntax/iptables/address.ts";

/** 32 bits in dotted decimals. */
export function v4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/**
 * 128 bits as inet_ntop(3) writes them: the longest run of zero groups, of two at least, is `::`; what begins with 96
 * zero bits, or is a mapped IPv4 address, ends in dotted decimals.
 */
export function v6Text(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  const { start, length } = longestZeros(groups);
  const mapped = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  if (mapped) {
    const v4 = v4Text(Number(address & 0xffffffffn));
    return length === 6 ? `::${v4}` : `::ffff:${v4}`;
  }
  return length < 2 ? hex(0, 8) : `${hex(0, start)}::${hex(start + length, 8)}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
    if (end > start) start = end;
  }
  return best;
}

/** `10.0.0.0/8`, `10.0.12.0/255.0.255.0`, `::1/128`: bits outside the mask are cleared. `any`: the empty mask. */
export type SavedNetwork =
  | { readonly kind: "network"; readonly text: string; readonly any: boolean }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "bad" };

/** What `-s` and `-d` become. */
export function savedNetwork(text: string, family: 4 | 6): SavedNetwork {
  const value = parseAddress(text, family);
  switch (value.kind) {
    case "v4": {
      const address = v4Text((value.address & value.mask) >>> 0);
      return {
        kind: "network",
        text: `${address}/${prefixLength4(value.mask) ?? v4Text(value.mask)}`,
        any: value.mask === 0,
      };
    }
    case "v6": {
      const address = v6Text(value.address & value.mask);
      return {
        kind: "network",
        text: `${address}/${prefixLength6(value.mask) ?? v6Text(value.mask)}`,
        any: value.mask === 0n,
      };
    }
    case "name":
      return value;
    default:
      return { kind: "bad" };
  }
}

/** An address that keeps its bits, with the length of its mask where that is shorter than the address. */
export function addressWithLength(text: string, family: 4 | 6): string | undefined {
  const host = savedHost(text.split("/")[0] ?? "", family);
  const value = parseAddress(text, family);
  if (host === undefined || value.kind === "name" || value.kind === "bad") return undefined;
  const full = family === 4 ? 32 : 128;
  // What is no prefix is not shown at all.
  const length = (value.kind === "v4" ? prefixLength4(value.mask) : prefixLength6(value.mask)) ?? full;
  return length === full ? host : `${host}/${length}`;
}

/** One address without a mask. */
export function savedHost(text: string, family: 4 | 6): string | undefined {
  if (family === 4) {
    const v4 = parseV4Host(text);
    return v4 === undefined ? undefined : v4Text(v4);
  }
  const v6 = parseV6Host(text);
  return v6 === undefined ? undefined : v6Text(v6);
}

/** The number of leading ones of a mask that has no others. */
export function prefixLength4(mask: number): number | undefined {
  const length = 32 - Math.round(Math.log2(2 ** 32 - mask));
  return mask === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0 === mask ? length : undefined;
}

function prefixLength6(mask: bigint): number | undefined {
  const zeros = (1n << 128n) - mask;
  const length = 129 - zeros.toString(2).length;
  return mask === 0n ? 0 : zeros === 1n << BigInt(128 - length) ? length : undefined;
}
