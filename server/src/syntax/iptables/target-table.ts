/**
 * The target extensions of iptables 1.8.9 to 1.8.11, in the form of `match-table.ts`; besides,
 * `tables=`: the tables it may stand in, `proto=` as there.
 * Tables and hooks: what the kernel's xt_target entries (net/netfilter/xt_*.c) allow.
 */
export const TARGET_TABLE: readonly string[] = [
  "AUDIT need=type : type:audittype",
  "CHECKSUM tables=mangle need=checksum-fill : checksum-fill",
  "CLASSIFY hooks=FORWARD,OUTPUT,POSTROUTING need=set-class : set-class:text",
  "CLUSTERIP/4 tables=filter hooks=INPUT : new hashmode:text clustermac:text total-nodes:u16 local-node:u16 hash-init:u32",
  "CONNMARK need=any : set-xmark:mark set-mark:mark and-mark:u32 or-mark:u32 xor-mark:u32 save-mark restore-mark left-shift-mark:u32 right-shift-mark:u32 ctmask:u32 nfmask:u32 mask:u32",
  "CONNSECMARK tables=mangle,security need=any : save restore",
  "CT tables=raw : notrack helper:text timeout:text ctevents:text expevents:text zone:zone zone-orig:zone zone-reply:zone",
  "DNAT tables=nat hooks=PREROUTING,OUTPUT need=to-destination : to-destination:text random persistent",
  "DNPT/6 tables=mangle,raw hooks=PREROUTING,OUTPUT all=src-pfx|dst-pfx : src-pfx:prefix6 dst-pfx:prefix6",
  "DSCP tables=mangle need=any : set-dscp:u6 set-dscp-class:text",
  "ECN/4 tables=mangle proto=tcp need=any : ecn-tcp-remove ecn-tcp-cwr:text ecn-tcp-ece:text ecn-ip-ect:text",
  "HL/6 tables=mangle need=any : hl-set:u8 hl-dec:u8+ hl-inc:u8+",
  "HMARK need=any : hmark-tuple:text hmark-mod:u32 hmark-offset:u32 hmark-rnd:u32 hmark-src-prefix:u8 hmark-dst-prefix:u8 hmark-sport-mask:u16 hmark-dport-mask:u16 hmark-spi-mask:u32 hmark-sport:u16 hmark-dport:u16 hmark-spi:u32 hmark-proto-mask:u16",
  "IDLETIMER need=label : timeout:u32 label:text alarm",
  "LED need=led-trigger-id : led-trigger-id:text led-delay:text led-always-blink",
  "LOG : log-level:loglevel log-prefix:text log-tcp-sequence log-tcp-options log-ip-options log-uid log-macdecode",
  "MARK need=any : set-xmark:mark set-mark:mark and-mark:u32 or-mark:u32 xor-mark:u32",
  "MASQUERADE tables=nat hooks=POSTROUTING : to-ports:natports random random-fully",
  "NETMAP tables=nat need=to : to:text",
  "NFLOG : nflog-group:u16 nflog-range:u32 nflog-size:u32 nflog-threshold:u16 nflog-prefix:text",
  "NFQUEUE : queue-num:u16 queue-balance:queues queue-bypass queue-cpu-fanout",
  "NOTRACK tables=raw : ",
  "RATEEST need=rateest-name : rateest-name:text rateest-interval:text rateest-ewmalog:text",
  "REDIRECT tables=nat hooks=PREROUTING,OUTPUT : to-ports:natports random persistent",
  "REJECT tables=filter hooks=INPUT,FORWARD,OUTPUT : reject-with:rejecttype",
  "SECMARK tables=mangle,security need=selctx : selctx:text",
  "SET need=any : add-set:text:setflags del-set:text:setflags map-set:text:setflags exist timeout:u32 map-mark map-prio map-queue",
  "SNAT tables=nat hooks=POSTROUTING,INPUT need=to-source : to-source:text random random-fully persistent",
  "SNPT/6 tables=mangle,raw hooks=POSTROUTING,INPUT all=src-pfx|dst-pfx : src-pfx:prefix6 dst-pfx:prefix6",
  "SYNPROXY proto=tcp hooks=INPUT,FORWARD : sack-perm timestamp wscale:u8 mss:u16 ecn",
  "TCPMSS proto=tcp need=any : set-mss:u16 clamp-mss-to-pmtu",
  "TCPOPTSTRIP tables=mangle proto=tcp : strip-options:tcpoptions",
  "TEE need=gateway : gateway:host oif:interface",
  "TOS tables=mangle need=any : set-tos:tos and-tos:u8 or-tos:u8 xor-tos:u8",
  "TPROXY tables=mangle hooks=PREROUTING proto=tcp,udp need=on-port : on-port:port on-ip:text tproxy-mark:mark",
  "TRACE : ",
  "TTL/4 tables=mangle need=any : ttl-set:u8 ttl-dec:u8+ ttl-inc:u8+",
  "ULOG/4 : ulog-nlgroup:u32 ulog-cprange:u32 ulog-qthreshold:u32 ulog-prefix:text",
];

/** Targets of iptables itself; they take no options. */
export const STANDARD_TARGETS: readonly string[] = ["ACCEPT", "DROP", "RETURN", "QUEUE"];

/** Targets that stock iptables never had or no longer has, and where they come from. */
export const FOREIGN_TARGETS: ReadonlyMap<string, string> = new Map([
  ...[
    "TARPIT",
    "DELUDE",
    "CHAOS",
    "SYSRQ",
    "STEAL",
    "LOGMARK",
    "IPMARK",
    "ACCOUNT",
    "DHCPMAC",
    "DNETMAP",
    "ECHO",
    "PROTO",
    "RAWNAT",
    "RAWSNAT",
    "RAWDNAT",
  ].map((name): [string, string] => [name, "the add-on package xtables-addons"]),
  ...["MIRROR", "SAME", "ROUTE", "IMQ", "BALANCE", "FTOS", "POOL", "XOR"].map((name): [string, string] => [
    name,
    "old kernels; current ones have no such target",
  ]),
]);
