import { formatV4, formatV6 } from "../../model/values.ts";
import { parseAddress, parseV4Host, parseV6Host } from "../../syntax/iptables/address.ts";

/**
 * 128 bits as inet_ntop(3) writes them: as RFC 5952 says, but a mapped IPv4 address, and what has more than 16 bits
 * behind 96 zeros, ends in dotted decimals.
 */
export function v6Text(address: bigint): string {
  const high = address >> 32n;
  const low = formatV4(Number(address & 0xffffffffn));
  if (high === 0xffffn) return `::ffff:${low}`;
  return high === 0n && address > 0xffffn ? `::${low}` : formatV6(address);
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
      const address = formatV4((value.address & value.mask) >>> 0);
      return {
        kind: "network",
        text: `${address}/${prefixLength4(value.mask) ?? formatV4(value.mask)}`,
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
    return v4 === undefined ? undefined : formatV4(v4);
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
