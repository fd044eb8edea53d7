/** ICMP type names of iptables: `name=type[/code]`, aliases separated by commas. Types as in RFC 792 and 4443. */
const ICMP =
  "any=255 echo-reply,pong=0 destination-unreachable=3 network-unreachable=3/0 host-unreachable=3/1 " +
  "protocol-unreachable=3/2 port-unreachable=3/3 fragmentation-needed=3/4 source-route-failed=3/5 " +
  "network-unknown=3/6 host-unknown=3/7 network-prohibited=3/9 host-prohibited=3/10 TOS-network-unreachable=3/11 " +
  "TOS-host-unreachable=3/12 communication-prohibited=3/13 host-precedence-violation=3/14 precedence-cutoff=3/15 " +
  "source-quench=4 redirect=5 network-redirect=5/0 host-redirect=5/1 TOS-network-redirect=5/2 TOS-host-redirect=5/3 " +
  "echo-request,ping=8 router-advertisement=9 router-solicitation=10 time-exceeded,ttl-exceeded=11 " +
  "ttl-zero-during-transit=11/0 ttl-zero-during-reassembly=11/1 parameter-problem=12 ip-header-bad=12/0 " +
  "required-option-missing=12/1 timestamp-request=13 timestamp-reply=14 address-mask-request=17 address-mask-reply=18";

const ICMPV6 =
  "destination-unreachable=1 no-route=1/0 communication-prohibited=1/1 beyond-scope=1/2 address-unreachable=1/3 " +
  "port-unreachable=1/4 failed-policy=1/5 reject-route=1/6 packet-too-big=2 time-exceeded,ttl-exceeded=3 " +
  "ttl-zero-during-transit=3/0 ttl-zero-during-reassembly=3/1 parameter-problem=4 bad-header=4/0 " +
  "unknown-header-type=4/1 unknown-option=4/2 echo-request,ping=128 echo-reply,pong=129 mld-listener-query=130 " +
  "mld-listener-report=131 mld-listener-done,mld-listener-reduction=132 router-solicitation=133 " +
  "router-advertisement=134 neighbour-solicitation,neighbor-solicitation=135 " +
  "neighbour-advertisement,neighbor-advertisement=136 redirect=137";

/** An ICMP type with the codes 0 to 255 it is limited to. Type 255 of IPv4 with all codes means any type. */
export interface IcmpType {
  readonly type: number;
  readonly codes: readonly [number, number];
  /** Every ICMP message (`any`). */
  readonly any: boolean;
}

interface NamedType {
  readonly name: string;
  readonly type: number;
  readonly code?: number;
}

const tables = new Map<string, readonly NamedType[]>();

function table(family: 4 | 6): readonly NamedType[] {
  const key = String(family);
  let found = tables.get(key);
  if (!found) {
    found = (family === 4 ? ICMP : ICMPV6).split(" ").flatMap((entry) => {
      const [names = "", value = ""] = entry.split("=");
      const [type, code] = value.split("/").map(Number);
      return names
        .split(",")
        .map((name) => ({ name, type: type ?? 0, ...(code === undefined ? {} : { code }) }));
    });
    tables.set(key, found);
  }
  return found;
}

/**
 * Reads the argument of --icmp-type or --icmpv6-type: a name or its unambiguous beginning, in any case,
 * or `type[/code]`, or (IPv4) `type/low:high`. Returns the reason as text when it cannot be read.
 */
export function parseIcmpType(text: string, family: 4 | 6): IcmpType | string {
  const numeric = /^(\w+)(?:\/(\w+)(?::(\w+))?)?$/.exec(text);
  if (numeric && /^\d/.test(text)) {
    const parts = numeric.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
    const [type, low = 0, high = numeric[2] === undefined ? 255 : low] = parts;
    if (parts.some((part) => part !== undefined && !(part <= 255)) || type === undefined || low > high)
      return "type and code are numbers from 0 to 255";
    return { type, codes: [low, high], any: family === 4 && type === 255 && low === 0 && high === 255 };
  }
  const wanted = text.toLowerCase();
  const matches = table(family).filter((entry) => entry.name.toLowerCase().startsWith(wanted));
  const exact = matches.find((entry) => entry.name.toLowerCase() === wanted);
  const found = exact ?? matches[0];
  if (wanted === "" || !found) return "there is no such ICMP type";
  if (!exact && matches.some((entry) => entry.type !== found.type || entry.code !== found.code))
    return `it may mean ${matches.map((entry) => entry.name).join(" or ")}`;
  return {
    type: found.type,
    codes: found.code === undefined ? [0, 255] : [found.code, found.code],
    any: found.name === "any",
  };
}

/** The names of all types, for completion. */
export function icmpTypeNames(family: 4 | 6): string[] {
  return table(family).map((entry) => entry.name);
}
