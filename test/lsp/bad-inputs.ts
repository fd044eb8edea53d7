/** Language ids of the three dialects, each with the name of a file of it. */
export const LANGUAGES = [
  { languageId: "nft", name: "nftables.conf" },
  { languageId: "iptables", name: "rules.v4" },
  { languageId: "shellscript", name: "firewall.sh" },
] as const;

/** A file with port 21 open and its data connections forgotten. */
export const RULESETS: Readonly<Record<string, string>> = {
  nft: `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    tcp dport 21 accept
  }
}
`,
  iptables: `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 21 -m comment --comment "ftp" -j ACCEPT
COMMIT
`,
  shellscript: `#!/bin/sh
iptables -P INPUT DROP
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -p tcp --dport 21 -j ACCEPT
`,
};

/** What no tool should be handed, and every tool is. */
export const RUBBISH: Readonly<Record<string, () => string>> = {
  "an empty file": () => "",
  "only blank lines": () => "\n\n   \n\t\n",
  "a binary file": () =>
    String.fromCharCode(...Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)).repeat(4),
  "zero bytes": () => "\0".repeat(1000),
  "10 MB of one line": () => "iptables -A INPUT -p tcp --dport 21 ".repeat(290_000),
  "10 MB of one word": () => `table ${"x".repeat(10_000_000)}`,
  "20,000 nested braces": () => `#!/bin/sh\nnft ${"{".repeat(20_000)}${"}".repeat(20_000)}`,
  "20,000 open braces": () => "table inet t { chain c {".repeat(10_000),
  "20,000 nested parentheses": () => `#!/bin/sh\niptables ${"$(".repeat(20_000)}`,
  "an unclosed quote": () => '-A INPUT -m comment --comment "ftp\n-A INPUT -p tcp --dport 21 -j ACCEPT\n',
  "lone surrogates": () => "tcp dport \ud800 21 \udc00 accept\n",
};
