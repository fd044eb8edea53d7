import { type Addresses, serverAddress } from "../rig/topology.ts";
import type { RandomHost } from "./generate.ts";

/**
 * What a random ruleset exercises, read off its text: [name, pattern]. Those that begin with "undecidable" are tests
 * whose outcome no file tells.
 */
const FEATURES: readonly (readonly [name: string, pattern: RegExp])[] = [
  // Netfilter
  ["nft table inet", /^table inet/m],
  ["nft table ip", /^table ip /m],
  ["nft table ip6", /^table ip6/m],
  ["nft table netdev (ingress)", /^table netdev/m],
  ["device hook of inet", /^table inet early/m],
  ["egress", /hook egress/],
  ["variable", /^define/m],
  ["add rule, insert rule, -I", /^(add|insert) rule|^-I/m],
  ["typeof", /typeof/],
  ["nft table bridge", /^table bridge/m],
  ["nft table arp", /^table arp/m],
  ["nft dormant table", /flags dormant/],
  ["iptables tables", /^\*filter/m],
  ["iptables table raw", /^\*raw/m],
  ["iptables table mangle", /^\*mangle/m],
  ["iptables table security", /^\*security/m],
  ["hook prerouting", /hook prerouting|^-A PREROUTING/m],
  ["hook input", /hook input|^-A INPUT/m],
  ["hook forward", /hook forward|^-A FORWARD/m],
  ["hook output", /hook output|^-A OUTPUT/m],
  ["hook postrouting", /hook postrouting|^-A POSTROUTING/m],
  ["chain at or before conntrack", /priority (raw|-20[01])/],
  ["several base chains on one hook", /hook (\w+) priority[^}]*\}[^{]*\{\s*type filter hook \1 /],
  ["policy drop", /policy drop|^:\w+ DROP/m],
  ["return", /\breturn\b|-j RETURN/],
  ["jump", /\bjump \w|-A \w\S* .*-j [a-z]/],
  ["goto", /\bgoto \w|-g [a-z]/],
  ["nested chains", /user0 \{[^}]*(jump|goto) |^-A [a-z]\S* .*-[jg] [a-z]/m],
  ["vmap", /vmap/],
  ["vmap with jump or goto", /vmap \{[^}]*(jump|goto)/],
  ["vmap, named", /vmap @/],
  ["map of data", /\bmap [@{]/],
  ["reject", /\breject\b|-j REJECT/],
  ["reject with a type", /reject with|--reject-with/],
  ["inline set", / \{ [^}]*\}/],
  ["named set", /[^p] @/],
  ["interval set", /flags interval/],
  ["interval", /\d-\d|[\da-f]-fd|\d:\d+ /],
  ["concatenation", /(saddr|daddr|iifname) \. /],
  ["named set of concatenations", /@pairs/],
  ["negation", /!= |! -/],
  ["prefix", /\/(8|15|16|24|30|32|64|126) /],
  ["address under a mask", /addr & /],
  ["comparison", / [<>]=? \d/],
  ["th port", /\bth [sd]port/],
  ["meta l4proto", /meta l4proto/],
  ["ip protocol", /ip protocol/],
  ["ip6 nexthdr", /ip6 nexthdr/],
  ["meta nfproto, meta protocol", /meta nfproto|meta protocol/],
  ["udp port", /udp [sd]port|-m udp/],
  ["tcp flags", /tcp flags [a-z]/],
  ["tcp flags ==, !=", /tcp flags (==|!=)/],
  ["tcp flags &", /tcp flags & /],
  ["tcp flags /", /tcp flags .* \/ /],
  ["tcp flags { }", /tcp flags (!= )?\{|== \{/],
  ["tcp flags vmap", /tcp flags (& \S+ )?vmap/],
  ["interface", /[io]ifname|[io]if |-[io] /],
  ["interface wildcard", /\*"|\+ /],
  ["--tcp-flags", /--tcp-flags/],
  ["--syn", /--syn/],
  ["multiport", /multiport/],
  ["iprange", /iprange/],
  ["addrtype", /addrtype/],
  ["packet type", /pkt-?type/],
  ["comment", /--comment/],
  ["mark tested", /meta mark (!=|\d|&|\{|vmap)|-m mark/],
  ["mark set", /meta mark set|-j MARK/],
  ["icmpv6", /icmpv6|icmp6/],
  ["hop limit", /hoplimit|-m hl/],
  ["fib address type", /fib \S+ type/],
  // Conntrack
  ["ct state", /ct state|ctstate|--state/],
  ["ct state mask", /ct state & /],
  ["ct state set", /ct state (!= )?\{/],
  ["ct state vmap", /ct state vmap/],
  ["ct state negated", /ct state !=|! --(ct)?state/],
  ["ct state untracked", /untracked|UNTRACKED/],
  ["ct state invalid", /state (!= )?invalid|INVALID/],
  ["--ctstate with another option", /--ctstate \S+ --ct|--ct\S+ \S+ --ctstate/],
  ["--ctstate SNAT, DNAT", /--ctstate (SNAT|DNAT)/],
  ["ct direction", /ct direction|--ctdir/],
  ["ct original tuple", /ct original|--ctorig/],
  ["ct reply tuple", /ct reply|--ctrepl/],
  ["--ctorigdstport and its family", /--ct(orig|repl)(src|dst)port/],
  ["ct protocol", /ct protocol|ct l3proto|--ctproto/],
  ["ct status expected", /status \S*(expected)|ctstatus \S*EXPECTED/],
  ["ct status assured", /status .*assured|ctstatus \S*ASSURED/],
  ["ct status seen-reply", /seen-reply|SEEN_REPLY/],
  ["ct status confirmed", /status confirmed|ctstatus CONFIRMED/],
  ["ct status snat, dnat", /status .*[sd]nat/],
  ["ct mark tested", /ct mark (!=|\d|&|\{)|-m connmark/],
  ["ct mark set", /ct mark set|CONNMARK --set/],
  ["ct mark saved", /ct mark set meta mark|--save-mark/],
  ["ct mark restored", /meta mark set ct mark|--restore-mark/],
  ["helper matched", /ct helper (!= )?"|-m helper/],
  ["helper assigned in prerouting or output", /hook (prerouting|output)[^}]*ct helper set|-j CT --helper/],
  ["helper assigned in input or forward", /hook (input|forward)[^}]*ct helper set/],
  ["helper by map", /ct helper set tcp dport map/],
  ["helper for one family", /l3proto ip/],
  ["helper for established packets", /ct state established tcp dport 21 ct helper set/],
  ["CT without options", /-j CT\n/],
  ["notrack", /notrack|NOTRACK/],
  // NAT
  ["nat: nft table inet", /^table inet [^\0]*?type nat/m],
  ["nat: nft table ip", /^table ip nat/m],
  ["nat: iptables", /^\*nat/m],
  ["nat: hook prerouting", /type nat hook prerouting|^\*nat[^*]*-A PREROUTING/m],
  ["nat: hook input", /type nat hook input|^\*nat[^*]*-A INPUT/m],
  ["nat: hook output", /type nat hook output|^\*nat[^*]*-A OUTPUT/m],
  ["nat: hook postrouting", /type nat hook postrouting|^\*nat[^*]*-A POSTROUTING/m],
  ["nat: unusual priority", /type nat hook (pre|post)routing priority (?!(dst|src)nat;|-?100;)/],
  ["nat: two chains on one hook", /type nat hook (\w+) [^\0]*type nat hook \1 /],
  ["nat: policy drop", /type nat [^}\n]*policy drop/],
  ["nat: chain jumped to", /(jump|goto|-j|-g) \w+(_nat_\d+_|-)more/],
  ["nat: verdict map", /vmap \{[^}]*_nat_\d+_more/],
  ["nat: rule that lets past", /^-A (PRE|POST)ROUTING .*-j (ACCEPT|RETURN)|_nat_[^}]*(accept|return)\n/m],
  ["dnat to an address", /(dnat (ip6? )?to|--to-destination) ([\d.]+|[\da-f:]+)( |$)/m],
  ["dnat to address and port", /dnat (ip6? )?to \S+[\d\]]:\d+( |$)|--to-destination \S+[\d\]]:\d+( |$)/m],
  ["dnat to a port alone", /dnat to :\d|--to-destination :\d/],
  ["dnat to a range of ports", /dnat (ip6? )?to \S+:\d+-\d+|--to-destination \S+:\d+-\d+/],
  ["dnat to a shifted range", /--to-destination \S+-\d+\/\d+/],
  [
    "dnat to a range of addresses",
    /dnat (ip6? )?to [\d.a-f:]+-[\d.a-f]+[.:]|--to-destination [\d.a-f:]+-[\d.a-f]+[.:]/,
  ],
  ["dnat by map", /dnat ip6? to [^{@]* map \{/],
  ["dnat by named map", /dnat ip6? to [^{@]* map @/],
  ["dnat by map with ports", /dnat ip6? to .* map \{ [^}]* : \S+ \. \d/],
  ["dnat by address . port map", /dnat ip6? to ip6? daddr \. tcp dport map/],
  ["dnat prefix", /dnat ip6? prefix/],
  ["redirect", /\bredirect\b|-j REDIRECT/],
  ["snat to an address", /(snat (ip6? )?to|--to-source) ([\d.]+|[\da-f:]+)( |$)/m],
  ["snat to address and ports", /snat (ip6? )?to \S+:\d+-\d+|--to-source \S+:\d+-\d+/],
  ["snat to ports alone", /snat to :\d|--to-source :\d/],
  [
    "snat to a range of addresses",
    /snat (ip6? )?to [\d.a-f:]+-[\d.a-f]+[.:]|--to-source [\d.a-f:]+-[\d.a-f]+[.:]/,
  ],
  ["snat by map", /snat ip6? to [^{@]* map \{/],
  ["snat by named map", /snat ip6? to [^{@]* map @/],
  ["snat prefix", /snat ip6? prefix/],
  ["masquerade", /\bmasquerade\b|-j MASQUERADE/],
  ["masquerade to ports", /masquerade to|MASQUERADE --to-ports/],
  ["NETMAP", /-j NETMAP/],
  ["nat: random", /(nat|to|masquerade|redirect) [^\n]*\brandom\b|--random( |$)/m],
  ["nat: fully-random", /fully-random|--random-fully/],
  ["nat: persistent", /\bpersistent/],
  ["nat: port 2121", /[dt]nat [^\n]*2121|DNAT [^\n]*2121|(dport|dports) 2121/],
  ["nat of the passive range", /dport (50060|50000[-:]50100|1024[-:]\d*)[^\n]*(dnat|DNAT|redirect|REDIRECT)/],
  ["nat of active data", /sport 20 [^\n]*(dnat|DNAT|redirect|REDIRECT|snat|SNAT|masq|MASQ)/],
  ["nat by mark", /meta mark map|mark [^\n]*([sd]nat|masquerade)|-m mark [^\n]*-j ([SD]NAT|MASQ)/],
  [
    "nat by ct state",
    /ct (state|status|direction) [^\n]*([sd]nat |masq)|-m (conntrack|state) [^\n]*-j ([SD]NAT|MASQ|REDI)/,
  ],
  ["nat and helper", /nat [^\0]*(ct helper set|--helper ftp)|(ct helper set|--helper ftp)[^\0]*nat /],
  // What stays undecided
  ["undecidable: rate limit", /limit rate|-m limit/],
  ["undecidable: quota", /quota/],
  ["undecidable: time", /meta hour|-m time/],
  ["undecidable: counter or chance", /numgen|-m statistic/],
  ["undecidable: length or ttl", /meta length|ip ttl|-m length/],
  ["undecidable: packets, bytes, connections", /ct original packets|ct count|connlimit|connbytes/],
  ["undecidable: owner or socket", /skuid|socket|-m owner/],
  ["undecidable: route back", /fib saddr \. iif/],
  ["undecidable: recent, hashlimit", /-m recent|-m hashlimit/],
  ["undecidable: text in the packet", /-m string/],
  ["undecidable: set filled by rules or from outside", /flags dynamic|flags timeout/],
];

export function featuresOf(files: RandomHost["files"]): string[] {
  const found = new Set<string>();
  for (const { text } of files) {
    for (const [name, pattern] of FEATURES) if (pattern.test(text)) found.add(name);
  }
  if (files.some(({ kind }) => kind === "nft") && files.some(({ kind }) => kind !== "nft")) {
    found.add("nft and iptables on one host");
  }
  return [...found];
}

/** What is particular about a ruleset's sessions. */
const SESSION_FEATURES: readonly (readonly [name: string, has: (host: RandomHost) => boolean])[] = [
  ["dials an address of the gateway", ({ connectTo }) => connectTo !== undefined && dialsGateway(connectTo)],
  ["dials port 2121", ({ controlPort }) => controlPort === 2121],
  ["one network for client and server", ({ interfaces }) => interfaces !== undefined],
  ["the client follows 227", ({ session }) => session?.pasvAddress === "follow"],
  ["EPRT and EPSV over IPv4", ({ session }) => session?.commands === "extended"],
  ["an announced address", ({ session }) => session?.announced !== undefined],
];

function dialsGateway({ ipv4, ipv6 }: Addresses): boolean {
  return ipv4 !== serverAddress.ipv4 || ipv6 !== serverAddress.ipv6;
}

export function sessionFeaturesOf(host: RandomHost): string[] {
  return SESSION_FEATURES.flatMap(([name, has]) => (has(host) ? [name] : []));
}

export function isUndecidable(files: RandomHost["files"]): boolean {
  return featuresOf(files).some((name) => name.startsWith("undecidable"));
}

/** How many rulesets have each feature, in a table of two columns. */
export function featureTable(counts: ReadonlyMap<string, number>): string {
  const names = [...[...FEATURES, ...SESSION_FEATURES].map(([name]) => name), "nft and iptables on one host"];
  const cells = names.map((name) => `${String(counts.get(name) ?? 0).padStart(6)}  ${name.padEnd(44)}`);
  const half = Math.ceil(cells.length / 2);
  return cells
    .slice(0, half)
    .map((cell, i) => `${cell}${cells[half + i] ?? ""}`.trimEnd())
    .join("\n");
}
