// A ruleset of rulesets.mjs as the text of a file, in each dialect.

const BASE_CHAINS = { INPUT: "drop", FORWARD: "drop", OUTPUT: "accept" };

function iptablesRule({ chain, in: iif, from, to, proto, ports, state, limit, log, comment, verdict, set }) {
  const parts = ["-A", chain];
  if (from) parts.push("-s", from.includes("/") ? from : `${from}/32`);
  if (to) parts.push("-d", to.includes("/") ? to : `${to}/32`);
  if (iif) parts.push("-i", iif);
  if (proto) parts.push("-p", proto);
  if (set) parts.push("-s", "192.0.2.0/24");
  if (ports?.length === 1) parts.push("-m", proto, "--dport", `${ports[0]}`.replace("-", ":"));
  if (ports?.length > 1) parts.push("-m", "multiport", "--dports", ports.join(","));
  if (state) parts.push("-m", "conntrack", "--ctstate", state.join(",").toUpperCase());
  if (limit) parts.push("-m", "limit", "--limit", `${limit}/min`);
  if (comment) parts.push("-m", "comment", "--comment", `"${comment}"`);
  if (verdict === "log") parts.push("-j", "LOG", "--log-prefix", `"${log}: "`);
  else parts.push("-j", /^(?:accept|drop|reject|return)$/.test(verdict) ? verdict.toUpperCase() : verdict);
  return parts.join(" ");
}

const HELPER = "PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp";

function saveFile({ chains, rules, helper }) {
  const raw = `*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A ${HELPER}\nCOMMIT\n`;
  const policies = Object.entries(BASE_CHAINS).map(
    ([name, policy]) => `:${name} ${policy.toUpperCase()} [0:0]`,
  );
  const lines = [
    "*filter",
    ...policies,
    ...chains.map((name) => `:${name} - [0:0]`),
    ...rules.map(iptablesRule),
  ];
  return `${helper ? raw : ""}${lines.join("\n")}\nCOMMIT\n`;
}

function scriptFile({ chains, rules, helper }) {
  const lines = [
    "#!/bin/sh",
    "IPT=/sbin/iptables",
    "$IPT -F",
    "$IPT -X",
    ...Object.entries(BASE_CHAINS).map(([name, policy]) => `$IPT -P ${name} ${policy.toUpperCase()}`),
    ...(helper ? [`$IPT -t raw -A ${HELPER}`] : []),
    ...chains.map((name) => `$IPT -N ${name}`),
    ...rules.map((rule) => `$IPT ${iptablesRule(rule)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function nftRule({ in: iif, from, to, proto, ports, state, limit, log, comment, verdict, set }) {
  const parts = [];
  if (iif) parts.push(`iifname "${iif}"`);
  if (set) parts.push(`ip saddr @${set}`);
  if (from) parts.push(`ip saddr ${from}`);
  if (to) parts.push(`ip daddr ${to}`);
  if (proto === "icmp") parts.push("meta l4proto { icmp, ipv6-icmp }");
  else if (proto && !ports) parts.push(`meta l4proto ${proto}`);
  if (ports?.length === 1) parts.push(`${proto} dport ${ports[0]}`);
  if (ports?.length > 1) parts.push(`${proto} dport { ${ports.join(", ")} }`);
  if (state) parts.push(`ct state ${state.join(",")}`);
  if (limit) parts.push(`limit rate ${limit}/minute`);
  if (verdict === "log") parts.push(`log prefix "${log}: "`);
  else parts.push(/^(?:accept|drop|reject|return)$/.test(verdict) ? verdict : `jump ${verdict}`);
  if (comment) parts.push(`comment "${comment}"`);
  return parts.join(" ");
}

function nftChain(name, head, rules) {
  return `  chain ${name} {\n${[...head, ...rules].map((line) => `    ${line}\n`).join("")}  }\n`;
}

function nftFile({ chains, rules, helper, trusted }) {
  const byChain = grouped(rules);
  const rulesOf = (name) => (byChain.get(name) ?? []).map(nftRule);
  const parts = [`  set trusted {\n    type ipv4_addr\n    elements = { ${trusted.join(", ")} }\n  }\n`];
  if (helper) {
    parts.push('  ct helper ftp-standard {\n    type "ftp" protocol tcp\n  }\n');
    parts.push(
      nftChain(
        "assign",
        ["type filter hook prerouting priority 0"],
        ['tcp dport 21 ct helper set "ftp-standard"'],
      ),
    );
  }
  for (const name of chains) parts.push(nftChain(name, [], rulesOf(name)));
  for (const [name, policy] of Object.entries(BASE_CHAINS)) {
    const head = `type filter hook ${name.toLowerCase()} priority 0; policy ${policy};`;
    parts.push(nftChain(name, [head], rulesOf(name)));
  }
  return `flush ruleset\n\ntable inet filter {\n${parts.join("\n")}}\n`;
}

function grouped(rules) {
  const byChain = new Map();
  for (const rule of rules) {
    const list = byChain.get(rule.chain);
    if (list) list.push(rule);
    else byChain.set(rule.chain, [rule]);
  }
  return byChain;
}

/** What a file of each dialect is called, and how it is written. */
export const DIALECTS = {
  nft: { file: "nftables.conf", write: nftFile },
  "iptables-save": { file: "rules.v4", write: saveFile },
  shell: { file: "firewall.sh", write: scriptFile },
};
