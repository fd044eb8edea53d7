import { area } from "./entry.ts";

/** Options of iptables and ip6tables themselves, by canonical long name. */
export const IPTABLES_CORE = area("iptables(8)", {
  append:
    "Adds the rule at the end of the chain. Rules are tried from top to bottom, so it only sees packets that no earlier rule has decided.",
  check:
    "Asks whether the chain holds exactly this rule; changes nothing. The exit status is 0 when it does.",
  delete: "Removes a rule, given by its number or by writing the same rule again.",
  insert:
    "Puts the rule before the rule with this number; without a number, at the top of the chain, so it is tried first.",
  replace: "Puts the rule in the place of the one with this number.",
  list: "Prints the rules of a chain or of the whole table; changes nothing.",
  "list-rules": "Prints the rules of a chain or of the whole table as commands; changes nothing.",
  flush: "Removes all rules of the chain, or of every chain of the table. Policies stay as they are.",
  zero: "Sets the packet and byte counters to zero; rules stay as they are.",
  "new-chain": "Creates a chain of its own. Packets only get there when a rule jumps to it.",
  "delete-chain":
    "Removes a user-defined chain that is empty and that no rule jumps to; without a name, all such chains of the table.",
  "rename-chain": "Gives a user-defined chain another name; rules that jump to it follow.",
  policy:
    "Sets what happens to packets that reach the end of a built-in chain without a verdict: `ACCEPT` or `DROP`. Only built-in chains have a policy, and `REJECT` cannot be one.",
  version: "Prints the program's version; changes nothing.",
  help: "Prints a help text; behind a `-m` or `-j`, that of the extension. Changes nothing.",
  source:
    "The packet's sender: an address, a network (`10.0.0.0/8`) or a comma-separated list, which makes one rule for each member. Host names are looked up once, while the rule is loaded.",
  destination:
    "The packet's receiver: an address, a network (`10.0.0.0/8`) or a comma-separated list, which makes one rule for each member. Before NAT it is the address that was dialled, after it the real one.",
  protocol:
    "The protocol above IP: `tcp`, `udp`, `icmp`, `ipv6-icmp`, a number, or `all`. Options such as `--dport` need `-p tcp` or `-p udp` before them. FTP, control and data, is always TCP.",
  "in-interface":
    "The interface the packet came in on; a trailing `+` stands for any ending (`eth+`). Only in PREROUTING, INPUT and FORWARD: packets that this host makes itself have none.",
  "out-interface":
    "The interface the packet will leave by; a trailing `+` stands for any ending (`ppp+`). Only in FORWARD, OUTPUT and POSTROUTING: before routing it is not known.",
  fragment:
    "The second and later fragments of an IPv4 packet. They carry no port numbers. With connection tracking on, fragments are put together before the rules see them.",
  jump: "What happens to a packet that fits the whole rule: a verdict (`ACCEPT`, `DROP`), an extension's target (`LOG`, `CT`) or a chain of your own. A rule without it only counts.",
  goto: "Continues in a user-defined chain like `-j`, but a `RETURN` there does not come back here: it returns to where this chain was called from.",
  table:
    "The table to work on; `filter` when it is not given. `raw` comes before connection tracking, `nat` rewrites addresses, `filter` decides.",
  match: "Loads a match extension, so that its options can be used in this rule.",
  numeric: "Prints addresses and ports as numbers; only for listing.",
  verbose: "Prints more, when listing also counters and interfaces.",
  exact: "Prints counters in full, without K, M or G; only for listing.",
  wait: "Waits for the lock that keeps two iptables programs from working at once, at most this many seconds, instead of failing.",
  "wait-interval": "How often to try for the lock, in microseconds. Current versions ignore it.",
  "line-numbers": "Prints each rule's number; only for listing.",
  modprobe: "The program that loads kernel modules for extensions.",
  "set-counters": "Starts the rule's packet and byte counters at these values.",
  ipv4: "This line is for IPv4 only: ip6tables-restore passes over it. It lets one file serve both families.",
  ipv6: "This line is for IPv6 only: iptables-restore passes over it. It lets one file serve both families.",
});

/** The tables of iptables. */
export const IPTABLES_TABLES = area("iptables(8)", {
  filter:
    "The default table, for deciding what passes. Chains `INPUT`, `FORWARD` and `OUTPUT`, at hook priority 0: after connection tracking and destination NAT.",
  nat: "Rewrites addresses and ports. Only the first packet of each connection passes through it; conntrack treats the rest alike. Not a place to filter.",
  mangle:
    "Alters packets: marks, TTL, TCP MSS. Chains at all five hooks, at priority -150, after connection tracking.",
  raw: "Chains `PREROUTING` and `OUTPUT` at priority -300, before connection tracking looks at the packet. The only table for `-j CT`, which gives FTP's control connection its helper. `--ctstate` has no meaning here yet.",
  security: "For labels of mandatory access control (SELinux), at priority 50, after `filter`.",
});

/** The built-in chains of iptables. */
export const BUILTIN_CHAINS = area("iptables(8)", {
  PREROUTING:
    "Sees every packet that comes in from outside, before the kernel decides whether it is for this host or passes through.",
  INPUT: "Sees packets addressed to this host itself. An FTP server's firewall works here.",
  FORWARD:
    "Sees packets that pass through this host from one interface to another. A gateway's firewall works here; `INPUT` and `OUTPUT` never see these packets.",
  OUTPUT: "Sees packets that programs on this host send. An FTP client's firewall works here.",
  POSTROUTING:
    "Sees every packet just before it leaves, whether made here or passing through. Source NAT works here.",
});
