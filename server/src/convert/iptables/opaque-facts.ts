import type { IptablesOption } from "../../syntax/iptables/command.ts";

/** A match whose outcome a file cannot tell: `fact` completes "it depends on …". */
export interface OpaqueFact {
  readonly fact: string;
  /** The same answer for every packet of a connection in one direction. */
  readonly stable: boolean;
}

type Describe = (
  value: (name: string) => string | undefined,
  options: readonly IptablesOption[],
) => OpaqueFact;

const stable = (fact: string): OpaqueFact => ({ fact, stable: true });
const changing = (fact: string): OpaqueFact => ({ fact, stable: false });

/** Modules that make one test out of all their options. */
const MODULES: Readonly<Record<string, Describe>> = {
  ah: () => stable("the IPsec AH header"),
  bpf: () => changing("a BPF program"),
  cgroup: (value) => stable(`the control group ${value("path") ?? value("cgroup") ?? ""}`.trimEnd()),
  cluster: () => stable("which node of the cluster this host is"),
  connbytes: (value) => changing(`the amount of data of the connection (${value("connbytes") ?? "?"})`),
  connlabel: (value) => changing(`the connection label ${value("label") ?? ""}`.trimEnd()),
  connlimit: (value) =>
    changing(
      `the number of connections per client (limit ${value("connlimit-above") ?? value("connlimit-upto") ?? "?"})`,
    ),
  cpu: () => changing("the CPU that handles the packet"),
  devgroup: () => stable("the device group of an interface"),
  dscp: () => stable("the DSCP value of the packet"),
  dst: () => changing("the IPv6 destination options"),
  ecn: () => changing("the ECN bits of the packet"),
  esp: () => stable("the IPsec SPI"),
  eui64: () => stable("whether the IPv6 address fits the MAC address"),
  frag: () => changing("the IPv6 fragment header"),
  hashlimit: (value) =>
    changing(
      `the rate limit ${value("hashlimit-upto") ?? value("hashlimit-above") ?? ""}${named(value("hashlimit-name"))}`,
    ),
  hbh: () => changing("the IPv6 hop-by-hop options"),
  ipcomp: () => stable("the IPComp header"),
  ipv6header: () => changing("the IPv6 extension headers"),
  ipvs: () => stable("whether the packet belongs to an IPVS service"),
  length: (value) => changing(`the packet's length (${value("length") ?? "?"})`),
  limit: (value) => changing(`the rate limit ${value("limit") ?? "3/hour"}`),
  mac: (value) => stable(`the sender's MAC address ${value("mac-source") ?? ""}`.trimEnd()),
  mh: () => changing("the IPv6 mobility header"),
  nfacct: () => changing("an accounting quota"),
  osf: (value) => changing(`the sender's operating system (${value("genre") ?? "?"})`),
  owner: (value) =>
    stable(
      `the ${value("gid-owner") !== undefined ? "group" : "user"} who owns the socket${ownerName(value)}`,
    ),
  physdev: (value) =>
    stable(`the bridge port ${value("physdev-in") ?? value("physdev-out") ?? ""}`.trimEnd()),
  policy: () => stable("the IPsec policy"),
  quota: (value) => changing(`the byte quota ${value("quota") ?? ""}`.trimEnd()),
  rateest: () => changing("an estimated rate"),
  realm: () => stable("the routing realm"),
  recent: (value) => changing(`the recently seen addresses${named(value("name") ?? "DEFAULT")}`),
  rpfilter: () => stable("the reverse-path test"),
  rt: () => changing("the IPv6 routing header"),
  set: (value) => stable(`the content of the ipset ${value("match-set") ?? "?"}`),
  socket: () => changing("whether a local socket is open for the packet"),
  srh: () => changing("the segment routing header"),
  statistic: (value) =>
    changing(
      value("mode") === "nth"
        ? `the packet's number (every ${value("every") ?? "?"}th)`
        : `chance (probability ${value("probability") ?? "?"})`,
    ),
  string: (value) => changing(`the text ${quoted(value("string") ?? value("hex-string"))} in the packet`),
  tcpmss: (value) => changing(`the TCP segment size (${value("mss") ?? "?"})`),
  time: () => stable("the time of day or the date"),
  tos: () => stable("the type of service of the packet"),
  ttl: () => stable("the time to live of the packet"),
  u32: () => changing("bytes of the packet"),
};

function named(name: string | undefined): string {
  return name === undefined ? "" : ` (list ${name})`;
}

function quoted(text: string | undefined): string {
  return text === undefined ? "?" : `“${text.length > 30 ? `${text.slice(0, 30)}…` : text}”`;
}

function ownerName(value: (name: string) => string | undefined): string {
  const name = value("uid-owner") ?? value("gid-owner");
  return name === undefined ? "" : ` (${name})`;
}

/** The fact behind all options of one `-m MODULE`; undefined for a module that is tested option by option. */
export function moduleFact(module: string, options: readonly IptablesOption[]): OpaqueFact | undefined {
  if (!Object.hasOwn(MODULES, module)) return undefined;
  const value = (name: string) => options.find((option) => option.name === name)?.values[0]?.text;
  return MODULES[module]?.(value, options);
}

const OPTIONS: Readonly<Record<string, OpaqueFact>> = {
  "tcp-option": changing("a TCP option of the packet"),
  "dccp-types": changing("the DCCP packet type"),
  "dccp-option": changing("a DCCP option of the packet"),
  "chunk-types": changing("the SCTP chunks of the packet"),
  ctexpire: changing("the remaining lifetime of the connection's entry"),
  "limit-iface-in": stable("the addresses of the incoming interface"),
  "limit-iface-out": stable("the addresses of the outgoing interface"),
};

/** The fact behind a single option that the model cannot say. */
export function optionFact(option: IptablesOption): OpaqueFact {
  const known = Object.hasOwn(OPTIONS, option.name) ? OPTIONS[option.name] : undefined;
  if (known) return known;
  if (option.owner.kind === "unknown") return changing(option.owner.fact);
  const values = option.values.map((value) => value.text).join(" ");
  return changing(`${option.written}${values ? ` ${values}` : ""}`);
}
