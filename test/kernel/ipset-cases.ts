/** Sets as a script fills them, a rule that asks one, and which packets it holds. */
export interface IpsetCase {
  /** Words behind `ipset`, one command a line. A line with `!` in front is refused, and the script goes on. */
  readonly commands: string;
  /** `iptables -A OUTPUT …`; ip6tables where a packet is one of IPv6. */
  readonly match: string;
  /** `tcp 127.0.0.2 21`: where a packet from this host goes; it comes from 127.0.0.1 or ::1. */
  readonly holds: readonly string[];
  readonly lacks: readonly string[];
}

const dst = (name = "s") => `-m set --match-set ${name} dst`;

/** What they say was seen in the kernel (`ipset.test.ts`). */
export const IPSET_CASES: readonly IpsetCase[] = [
  {
    commands: "create s hash:ip\nadd s 127.0.0.2\nadd s 127.0.0.8-127.0.0.9\nadd s 127.0.1.0/31",
    match: dst(),
    holds: ["tcp 127.0.0.2 21", "udp 127.0.0.9 53", "tcp 127.0.1.0 1", "tcp 127.0.1.1 1"],
    lacks: ["tcp 127.0.0.3 21", "tcp 127.0.0.10 21", "tcp 127.0.1.2 1"],
  },
  {
    commands: "create s hash:ip\nadd s 127.0.0.2",
    match: `-m set ! --match-set s dst`,
    holds: ["tcp 127.0.0.3 21"],
    lacks: ["tcp 127.0.0.2 21"],
  },
  {
    commands: "create s hash:ip\nadd s 127.0.0.1",
    match: "-m set --match-set s src",
    holds: ["tcp 127.0.0.3 21"],
    lacks: [],
  },
  {
    commands: "create s hash:ip\nadd s 127.0.0.0/29\ndel s 127.0.0.4-127.0.0.5",
    match: dst(),
    holds: ["tcp 127.0.0.3 21", "tcp 127.0.0.6 21"],
    lacks: ["tcp 127.0.0.4 21", "tcp 127.0.0.5 21"],
  },
  {
    commands: "create s hash:ip netmask 24\nadd s 127.0.7.9",
    match: dst(),
    holds: ["tcp 127.0.7.1 21"],
    lacks: ["tcp 127.0.8.9 21"],
  },
  {
    commands: "create s hash:net\nadd s 127.0.0.0/16\nadd s 127.0.2.0/24 nomatch\nadd s 127.0.2.7",
    match: dst(),
    holds: ["tcp 127.0.0.2 21", "tcp 127.0.2.7 21"],
    lacks: ["tcp 127.0.2.8 21", "tcp 127.1.0.1 21"],
  },
  {
    commands: "create s hash:net\nadd s 127.0.0.0/16\nadd s 127.0.2.0/24 nomatch\nadd s 127.0.2.7",
    match: "-m set --match-set s dst --return-nomatch",
    holds: ["tcp 127.0.2.8 21"],
    lacks: ["tcp 127.0.0.2 21", "tcp 127.0.2.7 21", "tcp 127.1.0.1 21"],
  },
  {
    commands: "create s hash:net\nadd s 127.0.0.0-127.0.0.6\ndel s 127.0.0.0/30\n! add s 0.0.0.0/0",
    match: dst(),
    holds: ["tcp 127.0.0.4 21", "tcp 127.0.0.6 21"],
    lacks: ["tcp 127.0.0.2 21", "tcp 127.0.0.7 21"],
  },
  {
    commands: "create s hash:net\nadd s 127.0.0.0/24\n! del s 127.0.0.1",
    match: dst(),
    holds: ["tcp 127.0.0.1 21"],
    lacks: [],
  },
  {
    commands:
      "create s hash:ip,port\nadd s 127.0.0.2,21\nadd s 127.0.0.3,udp:53\nadd s 127.0.0.4,tcp:50000-50010",
    match: "-m set --match-set s dst,dst",
    holds: ["tcp 127.0.0.2 21", "udp 127.0.0.3 53", "tcp 127.0.0.4 50010"],
    lacks: ["udp 127.0.0.2 21", "tcp 127.0.0.3 53", "tcp 127.0.0.2 22", "tcp 127.0.0.4 50011"],
  },
  {
    commands: "create s hash:ip,port\nadd s 127.0.0.2,21",
    match: "-m set --match-set s src,dst",
    holds: [],
    lacks: ["tcp 127.0.0.2 21"],
  },
  {
    commands: "create s hash:ip,port\nadd s 127.0.0.2,21",
    match: dst(),
    holds: [],
    lacks: ["tcp 127.0.0.2 21"],
  },
  {
    commands: "create s hash:ip\nadd s 127.0.0.2",
    match: "-m set --match-set s dst,dst",
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "create s bitmap:port range 0-1023\nadd s 20-21\nadd s domain\n! add s 5000",
    match: dst(),
    holds: ["tcp 127.0.0.2 21", "udp 127.0.0.2 20", "tcp 127.0.0.2 53"],
    lacks: ["tcp 127.0.0.2 22", "tcp 127.0.0.2 5000"],
  },
  {
    commands: "create s bitmap:ip range 127.0.0.0/24\nadd s 127.0.0.2\n! add s 127.0.1.1",
    match: dst(),
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "create s hash:net,port\nadd s 127.0.0.0/16,21\nadd s 127.0.2.0/24,21 nomatch",
    match: "-m set --match-set s dst,dst",
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.2.2 21", "tcp 127.0.0.2 22"],
  },
  {
    commands: "create s hash:ip,port,net\nadd s 127.0.0.2,21,127.0.0.0/30",
    match: "-m set --match-set s dst,dst,src",
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "create s hash:net,iface\nadd s 0.0.0.0/0,lo",
    match: "-m set --match-set s dst,dst",
    holds: ["tcp 127.0.0.2 21"],
    lacks: [],
  },
  {
    commands: "create s hash:net,iface\nadd s 127.0.0.0/8,eth0",
    match: "-m set --match-set s dst,dst",
    holds: [],
    lacks: ["tcp 127.0.0.2 21"],
  },
  {
    commands:
      "create a hash:ip\ncreate b hash:net\nadd b 127.0.3.0/24\nadd a 127.0.0.2\ncreate s list:set\nadd s a\nadd s b",
    match: dst(),
    holds: ["tcp 127.0.0.2 21", "tcp 127.0.3.7 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "create a hash:ip\ncreate s hash:ip\nadd a 127.0.0.2\nadd s 127.0.0.3\nswap a s\ndestroy a",
    match: dst(),
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "create a hash:ip\nadd a 127.0.0.2\nrename a s\n! add a 127.0.0.3",
    match: dst(),
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "create s hash:ip\nadd s 127.0.0.2\nflush s\nadd s 127.0.0.4",
    match: dst(),
    holds: ["tcp 127.0.0.4 21"],
    lacks: ["tcp 127.0.0.2 21"],
  },
  {
    commands: "create s hash:ip\nadd s 127.0.0.2\ncreate s hash:ip -exist\n! create s hash:net -exist",
    match: dst(),
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "-N s iphash\n-A s 127.0.0.2",
    match: dst(),
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp 127.0.0.3 21"],
  },
  {
    commands: "-N s nethash\n-A s 127.0.0.0/24\n-D s 127.0.0.0/24\n-A s 127.0.1.0/24",
    match: dst(),
    holds: ["tcp 127.0.1.2 21"],
    lacks: ["tcp 127.0.0.2 21"],
  },
  {
    commands: "-N s portmap --from 1 --to 1024\n-A s 21",
    match: dst(),
    holds: ["tcp 127.0.0.2 21", "tcp ::1 21"],
    lacks: ["tcp 127.0.0.2 22", "tcp ::1 22"],
  },
  {
    commands: "create s hash:net family inet6\nadd s ::/64",
    match: dst(),
    holds: ["tcp ::1 21"],
    lacks: [],
  },
  {
    commands: "create s hash:ip,port family inet6\nadd s ::1,21",
    match: "-m set --match-set s dst,dst",
    holds: ["tcp ::1 21"],
    lacks: ["tcp ::1 22"],
  },
  {
    commands: "create a hash:ip\ncreate s list:set\nadd a 127.0.0.2\nadd s a",
    match: dst(),
    holds: ["tcp 127.0.0.2 21"],
    lacks: ["tcp ::1 21"],
  },
  {
    commands: "create s hash:ip timeout 0\nadd s 127.0.0.2\nadd s 127.0.0.3 -exist",
    match: dst(),
    holds: ["tcp 127.0.0.2 21", "tcp 127.0.0.3 21"],
    lacks: ["tcp 127.0.0.4 21"],
  },
];
