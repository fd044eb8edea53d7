import { area } from "./entry.ts";

/** Families of nft tables. */
export const FAMILIES = area("nft(8), ADDRESS FAMILIES", {
  ip: "The table sees IPv4 packets only. It is also what nft takes when no family is written.",
  ip6: "The table sees IPv6 packets only.",
  inet: "The table sees IPv4 and IPv6 packets: one rule for both. IPv6 then needs neighbour discovery to be accepted.",
  arp: "The table sees ARP packets only, never FTP.",
  bridge: "The table sees packets that a bridge on this host forwards between its ports.",
  netdev: "The table sees packets right at a network device, before anything else.",
});

export const CHAIN_TYPES = area("nft(8), CHAINS", {
  filter: "For deciding what passes. Every packet goes through it; works at all hooks.",
  nat: "For rewriting addresses. Only the first packet of each connection goes through it; the rest is treated alike. Not a place to filter.",
  route:
    "For packets of this host: when the chain changes a mark or an address, the packet's route is looked up again. Only at hook `output`.",
});

/** Hooks, with what passes them. */
export const HOOKS = area("nft(8), CHAINS; kernel uapi/linux/netfilter.h", {
  prerouting:
    "Sees every packet that comes in from outside, before routing decides whether it is for this host or passes through. Packets made on this host do not come here.",
  input: "Sees packets addressed to this host itself. An FTP server's firewall works here.",
  forward:
    "Sees packets that pass through this host from one interface to another. A gateway's firewall works here; hooks input and output never see these packets.",
  output: "Sees packets that programs on this host send. An FTP client's firewall works here.",
  postrouting:
    "Sees every packet just before it leaves, whether made here or passing through. Source NAT works here.",
  ingress:
    "Sees every packet as it arrives at a device, before prerouting and before connection tracking. Needs `device`.",
  egress: "Sees every packet as it leaves a device. Needs `device`.",
});

/** Names of priorities, with their number for all families but bridge. */
export const PRIORITIES = area("nft(8), CHAINS; kernel uapi/linux/netfilter_ipv4.h", {
  raw: "-300: before connection tracking (-200). Here `ct state` reads as invalid, and `ct helper set` does nothing.",
  mangle:
    "-150: just after connection tracking (-200) and before destination NAT. The safest place for `ct helper set`.",
  dstnat:
    "-100: where destination NAT happens; only at hook prerouting. Before it packets have the address that was dialled, after it the real one.",
  filter: "0: the usual place to decide. Connection tracking and destination NAT are done.",
  security: "50: after filter, for labels of mandatory access control.",
  srcnat: "100: where source NAT happens; only at hook postrouting.",
  out: "100, in tables of family bridge.",
});

/** What a plain number of a priority means; `-200` is the watershed for helpers. */
export const PRIORITY_RULES = area("nft(8), CHAINS; kernel net/netfilter/nft_ct.c, nf_conntrack_proto.c", {
  priority:
    "Chains at one hook run from the lowest number to the highest. Landmarks: raw -300, **connection tracking -200**, mangle -150, dstnat -100, filter 0, security 50, srcnat 100. A packet that one chain accepts still goes to the next; one that is dropped does not.",
  before:
    "This chain runs **before connection tracking** (-200): packets have no connection yet, so `ct state` reads as invalid and `ct helper set` silently does nothing.",
  at: "This is connection tracking's own priority. Whether this chain runs before or after it depends on which was registered first: it may work now and fail after a reload. Take -150.",
  after: "This chain runs after connection tracking (-200), so `ct state` and `ct helper set` work here.",
});

export const POLICIES = area("nft(8), CHAINS", {
  accept: "Packets that no rule of the chain decides pass. This is also the policy when none is written.",
  drop: "Packets that no rule of the chain accepts are thrown away: default-deny. FTP's data connections then need a rule, or the helper and a rule for related packets.",
});

/** Words that open a block or stand in one. */
export const NFT_STRUCTURE = area("nft(8)", {
  table:
    "Holds chains, sets, maps and objects of one family. What is in one table cannot be used from another, helper objects included.",
  chain:
    "A list of rules. With `type … hook … priority …` packets come here by themselves (a base chain); without, only by `jump` or `goto`.",
  set: "A named list of values: addresses, ports, interfaces. Rules ask it with `@name`.",
  map: "A named table from a value to another value, or to a verdict (then it is asked with `vmap`).",
  flowtable:
    "Lets established connections bypass the rules. Connections that have a helper are never put into it.",
  counter: "A named counter.",
  quota: "A named byte quota.",
  limit: "A named rate limit.",
  "ct helper":
    "An object for assigning a conntrack helper. `type` is the kernel's name of the helper, in quotes. The object alone does nothing: a rule with `ct helper set` must give it to the control connection, in a chain after priority -200.",
  "ct timeout": "An object with timeouts for connections.",
  "ct expectation": "An object that announces a connection by itself.",
  synproxy: "A named SYN proxy.",
  secmark: "A named security label.",
  tunnel: "A named tunnel.",
  type: "Makes this a base chain: its type, its hook and its priority. In a set: the kind of value it holds. In a `ct helper` object: the kernel's helper.",
  typeof: "The set holds values of this expression.",
  hook: "The place in the kernel where packets come to this chain.",
  policy:
    "What happens to packets that reach the end of the chain without a verdict: `accept` (also when none is written) or `drop`.",
  device: "The network device of an ingress or egress chain.",
  devices: "The network devices of an ingress or egress chain, or of a flow table.",
  define: "Gives a name to a value; the file uses it as `$name`.",
  redefine: "Gives another value to a name.",
  undefine: "Forgets a name.",
  include: "Reads another file here; `*` stands for several, in alphabetical order.",
  elements: "What the set or map holds when the file is loaded.",
  protocol: "In a `ct helper` object: `tcp` or `udp`. FTP's helper is for `tcp`.",
  l3proto: "In a `ct helper` object: the family it is for; the table's own when it is not written.",
  size: "The most elements the set can hold.",
  timeout: "How long an element stays.",
  "gc-interval": "How often expired elements are removed.",
  "auto-merge": "Joins intervals that touch or overlap.",
  comment: "A note that is stored with it. It decides nothing.",
  flags: "Properties of the set or table.",
});

export const SET_FLAGS = area("nft(8), SETS", {
  constant: "The elements never change while a rule uses the set.",
  dynamic: "Rules add elements to it while packets pass, so the file does not show all of them.",
  interval: "Elements may be ranges and networks.",
  timeout: "Elements expire after a time.",
  dormant: "The table is asleep: its chains see no packets.",
  owner: "The table belongs to a running program and vanishes with it.",
  persist: "The table stays when its owner ends.",
  offload: "The network card takes part of the work.",
});

/** Verbs of commands. */
export const COMMANDS = area("nft(8)", {
  add: "Adds it; a rule at the end of its chain. No error when a table, chain, set or element is there already.",
  create: "Adds it; an error when it is there already.",
  insert: "Puts the rule at the beginning of its chain, or before the one given.",
  replace: "Puts the rule in the place of another, given by its handle.",
  delete: "Removes it; an error when it is not there.",
  destroy: "Removes it if it is there.",
  flush:
    "Empties it: a chain of its rules, a set of its elements. `flush ruleset` removes everything, also the rules of iptables-nft.",
  list: "Prints it; changes nothing.",
  reset: "Sets counters or quotas back.",
  rename: "Gives the chain another name.",
});
