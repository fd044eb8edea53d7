/** An address argument (`-s`, `--ctorigdst` …): a number with a mask, or a name that DNS or /etc/hosts answers. */
export type AddressValue =
  | { readonly kind: "v4"; readonly address: number; readonly mask: number }
  | { readonly kind: "v6"; readonly address: bigint; readonly mask: bigint }
  | { readonly kind: "name"; readonly name: string }
  /** `why` completes "… is not an address: ". */
  | { readonly kind: "bad"; readonly why: string };

const ALL_ONES_V6 = (1n << 128n) - 1n;

/** Reads one address with an optional mask (`/24`, `/255.255.255.0`, `/64`). */
export function parseAddress(text: string, family: 4 | 6): AddressValue {
  const slash = text.lastIndexOf("/");
  const host = slash < 0 ? text : text.slice(0, slash);
  const maskText = slash < 0 ? undefined : text.slice(slash + 1);
  return family === 4 ? parseV4Value(host, maskText) : parseV6Value(host, maskText);
}

function parseV4Value(host: string, maskText: string | undefined): AddressValue {
  const mask = maskText === undefined ? 0xffffffff : parseV4Mask(maskText);
  if (mask === undefined)
    return { kind: "bad", why: `the mask /${maskText} is neither 0 to 32 nor a dotted mask` };
  // "any/0": with an empty mask the name does not count.
  const address = mask === 0 ? 0 : parseV4Host(host);
  if (address !== undefined) return { kind: "v4", address, mask };
  if (host.includes(":")) return { kind: "bad", why: "an IPv6 address belongs to ip6tables" };
  return hostName(host);
}

function parseV6Value(host: string, maskText: string | undefined): AddressValue {
  const mask = maskText === undefined ? ALL_ONES_V6 : parseV6Mask(maskText);
  if (mask === undefined)
    return { kind: "bad", why: `the mask /${maskText} is neither 0 to 128 nor an IPv6 mask` };
  const address = mask === 0n ? 0n : parseV6Host(host);
  if (address !== undefined) return { kind: "v6", address, mask };
  if (parseV4Host(host) !== undefined) return { kind: "bad", why: "an IPv4 address belongs to iptables" };
  return hostName(host);
}

function hostName(host: string): AddressValue {
  if (/^[\d./]*$/.test(host)) return { kind: "bad", why: "four numbers from 0 to 255 are expected" };
  if (!/^[\p{L}\p{N}_]([\p{L}\p{N}._-]*[\p{L}\p{N}_.])?$/u.test(host))
    return { kind: "bad", why: "it has characters that neither an address nor a host name can have" };
  return { kind: "name", name: host };
}

/** Dotted decimals; fewer than four parts are a network's (`10` is 10.0.0.0), as iptables reads them. */
export function parseV4Host(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const part = parts[i] ?? "0";
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

function parseV4Mask(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const length = Number(text);
    return length > 32 ? undefined : length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  }
  return text.split(".").length === 4 ? parseV4Host(text) : undefined;
}

function parseV6Mask(text: string): bigint | undefined {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text);
    return length > 128 ? undefined : ALL_ONES_V6 ^ ((1n << BigInt(128 - length)) - 1n);
  }
  return parseV6Host(text);
}

/** RFC 4291 text form, with `::` and an embedded IPv4 tail. */
export function parseV6Host(text: string): bigint | undefined {
  if (text.length > 45 || !text.includes(":")) return undefined;
  let source = text;
  const lastColon = text.lastIndexOf(":");
  const tail = text.slice(lastColon + 1);
  if (tail.includes(".")) {
    const v4 = tail.split(".").length === 4 ? parseV4Host(tail) : undefined;
    if (v4 === undefined) return undefined;
    source = `${text.slice(0, lastColon + 1)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const head = halves[0] ? halves[0].split(":") : [];
  const back = halves[1] ? halves[1].split(":") : [];
  const missing = 8 - head.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  let value = 0n;
  for (const part of [...head, ...Array.from({ length: missing }, () => "0"), ...back]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
    value = (value << 16n) | BigInt(`0x${part}`);
  }
  return value;
}
