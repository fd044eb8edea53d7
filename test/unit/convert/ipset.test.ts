import assert from "node:assert/strict";
import { test } from "node:test";
import { Loader, type Snapshot } from "../../../server/src/convert/host.ts";
import type { IntervalSet } from "../../../server/src/model/interval-set.ts";
import type { Condition, Field } from "../../../server/src/model/rule.ts";
import { parseV4, parseV6, type ValueSet } from "../../../server/src/model/values.ts";
import { absoluteSpan } from "../../../server/src/text/origin.ts";
import { IPSET_CASES } from "../../kernel/ipset-cases.ts";

type Packet = Partial<Record<Field, number | bigint | string>>;

/** `tcp 127.0.0.2 21` as it leaves this host. */
function packetOf(text: string): Packet {
  const [protocol, address, port] = text.split(" ") as [string, string, string];
  const common = {
    l4proto: protocol === "tcp" ? 6 : 17,
    dport: Number(port),
    sport: 40000,
    oif: "lo",
    iif: "",
  };
  const v4 = parseV4(address);
  return v4 === undefined
    ? { ...common, nfproto: 6, daddr6: parseV6(address)!, saddr6: 1n }
    : { ...common, nfproto: 4, daddr4: v4, saddr4: parseV4("127.0.0.1")! };
}

function holds(condition: Condition, packet: Packet): boolean | string {
  const has = (field: Field, values: ValueSet) => {
    const value = packet[field];
    return value !== undefined && (values as IntervalSet).has(value);
  };
  switch (condition.kind) {
    case "match":
      return has(condition.field, condition.values);
    case "tuple":
      return condition.elements.some((values) =>
        values.every((value, i) => has(condition.fields[i]!, value)),
      );
    case "allOf":
    case "anyOf": {
      const parts = condition.conditions.map((one) => holds(one, packet));
      const decides = condition.kind === "anyOf";
      if (parts.includes(decides)) return decides;
      return parts.find((one) => typeof one === "string") ?? !decides;
    }
    case "not": {
      const inner = holds(condition.condition, packet);
      return typeof inner === "string" ? inner : !inner;
    }
    case "opaque":
      return condition.fact;
    default:
      throw new Error(`no ipset becomes ${condition.kind}`);
  }
}

function load(script: string, snapshot?: Snapshot) {
  return new Loader().load([{ path: "fw.sh", text: script, dialect: "shell", family: 4 }], snapshot);
}

/** What the last rule of `table`'s chain says of a packet: true, false or what it depends on. */
function answer(script: string, packet: string, snapshot?: Snapshot): boolean | string {
  const { ruleset } = load(script, snapshot);
  const family = packet.includes(":") ? "ip6" : "ip";
  const rule = ruleset.tables.get(`iptables ${family} filter`)?.chains.get("OUTPUT")?.rules.at(-1);
  const item = rule?.body.items[0];
  if (item?.item !== "condition") return "no rule";
  return holds(item.condition, packetOf(packet));
}

function problems(script: string): string[] {
  return load(script).problems.map(({ code, origin, refused }) => {
    const { start, end } = absoluteSpan(origin);
    return `${code}${refused ? "" : " (not refused)"}: ${script.slice(start, end)}`;
  });
}

for (const { commands, match, holds, lacks } of IPSET_CASES)
  test(`${commands.replaceAll("\n", "; ")}: ${match}`, () => {
    const lines = commands.split("\n").map((line) => `ipset ${line.replace(/^! /, "")}`);
    for (const packet of [...holds, ...lacks]) {
      const tool = packet.includes(":") ? "ip6tables" : "iptables";
      const script = [...lines, `${tool} -A OUTPUT ${match}`].join("\n");
      assert.equal(answer(script, packet), holds.includes(packet), packet);
      const before = script.replace(/\n/, `\n${tool} -A OUTPUT -m comment --comment x\n`);
      assert.equal(answer(before, packet), holds.includes(packet), packet);
    }
  });

const RULE = "iptables -A OUTPUT -m set --match-set s dst -j ACCEPT";
const IN = "tcp 127.0.0.2 21";
const OTHER = "tcp 127.0.0.9 21";

test("sets are filled before and after the rule, in loops, here-documents and files", () => {
  for (const script of [
    `ipset create s hash:ip\n${RULE}\nipset add s 127.0.0.2`,
    `S=s; IPS="127.0.0.2 127.0.0.3"\nipset -N $S iphash\nfor ip in $IPS; do ipset -A $S $ip; done\n${RULE}`,
    `ipset restore <<EOF\ncreate s hash:ip family inet hashsize 1024 maxelem 65536\n# a comment\nadd s 127.0.0.2\nEOF\n${RULE}`,
    `echo "create s hash:ip\nadd s 127.0.0.2" | ipset -! restore\n${RULE}`,
    `ipset restore -f sets\n${RULE}`,
    `ipset restore < sets\n${RULE}`,
    `ipset list s >/dev/null 2>&1 || ipset create s hash:ip\nipset flush s\nipset add s 127.0.0.2\n${RULE}`,
    `ipset destroy s 2>/dev/null\nipset create s hash:ip\nipset add s 127.0.0.2\n${RULE}`,
    `run() { "$@"; }\nrun ipset create s hash:ip\nrun ipset add s 127.0.0.2\n${RULE}`,
    `ipset -exist create s hash:ip hashsize $SIZE\nipset add s 127.0.0.2 comment "the office"\n${RULE}`,
    `$IPSET create s hash:ip\n$IPSET add s 127.0.0.2\n${RULE}`,
  ]) {
    const snapshot: Snapshot = {
      read: (path) => (path === "sets" ? { path, text: "create s hash:ip\nadd s 127.0.0.2\n" } : "missing"),
    };
    assert.equal(answer(script, IN, snapshot), true, script);
    assert.equal(answer(script, OTHER, snapshot), false, script);
  }
});

for (const [name, script, known, reason] of [
  ["made elsewhere", RULE, "the content of the ipset s", "the content of the ipset s"],
  [
    "filled from outside",
    `ipset create s hash:ip\nipset add s 127.0.0.2\nipset add s $HOME_IP\n${RULE}`,
    true,
    "the content of the ipset s (the environment variable HOME_IP)",
  ],
  [
    "filled by xargs",
    `ipset create s hash:ip\nipset add s 127.0.0.2\ncurl x | xargs -n1 ipset add s\n${RULE}`,
    true,
    "the content of the ipset s (the output of curl x)",
  ],
  [
    "filled by a rule",
    `ipset create s hash:ip\nipset add s 127.0.0.2\niptables -A INPUT -j SET --add-set s src\n${RULE}`,
    true,
    "the content of the ipset s (what the target SET adds to it)",
  ],
  [
    "emptied by a rule",
    `ipset create s hash:ip\nipset add s 127.0.0.2\niptables -A INPUT -j SET --del-set s src\n${RULE}`,
    "the content of the ipset s (what the target SET takes from it)",
    "the content of the ipset s (what the target SET takes from it)",
  ],
  [
    "entries that expire",
    `ipset create s hash:ip timeout 60\nipset add s 127.0.0.2 timeout 0\nipset add s 127.0.0.9\n${RULE}`,
    true,
    "the content of the ipset s (whether an entry has expired)",
  ],
  [
    "restored from a file that is not there",
    `ipset restore < /etc/ipset.conf\n${RULE}`,
    "the content of the ipset s",
    "the content of the ipset s",
  ],
  [
    "filled where it is not known whether that runs",
    `ipset create s hash:ip\nif [ "$1" = x ]; then ipset add s 127.0.0.2; fi\n${RULE}`,
    "the content of the ipset s (the positional parameter $1)",
    "the content of the ipset s (the positional parameter $1)",
  ],
  [
    "named by the environment",
    `ipset create s hash:ip\nipset add $SET 127.0.0.9\n${RULE}`,
    "the content of the ipset s (the environment variable SET)",
    "the content of the ipset s (the environment variable SET)",
  ],
  [
    "a range that meets an entry",
    `ipset create s hash:ip\nipset add s 127.0.0.2\nipset add s 127.0.0.0/29\n${RULE}`,
    true,
    "the content of the ipset s (how far ipset gets with a range of which a part is there already)",
  ],
] as const)
  test(`unknown: ${name}`, () => {
    assert.equal(answer(script, IN), known);
    assert.equal(answer(script, OTHER), reason);
  });

for (const [script, ...expected] of [
  [`${RULE}\nipset create s hash:ip`, `undefined-set: ${RULE}`],
  [RULE],
  [`ipset restore < /etc/ipset.conf\nipset add s 1.2.3.4\n${RULE}`],
  ["ipset create s hash:ip\nipset create s hash:ip", "set-exists: ipset create s hash:ip"],
  ["ipset create s hash:ip\nipset create s hash:ip -exist\nipset -! create s hash:ip"],
  ["ipset create s hash:ip\nipset -! create s hash:net", "set-exists: ipset -! create s hash:net"],
  ["ipset create s hash:ip\nipset destroy s\nipset create s hash:net"],
  [`ipset create s hash:ip\n${RULE}\nipset destroy s`, "set-in-use: ipset destroy s"],
  ["ipset destroy s\nipset create s hash:ip"],
  ["ipset add s 127.0.0.1"],
  ["ipset create s hash:ip\nipset destroy s\nipset add s 127.0.0.1", "undefined-set: ipset add s 127.0.0.1"],
  ["ipset create s hash:ip\nipset add s 127.0.0.300", "invalid-value: ipset add s 127.0.0.300"],
  ["ipset create s hash:net\nipset add s 0.0.0.0/0", "invalid-value: ipset add s 0.0.0.0/0"],
  ["ipset create s hash:ip\nipset add s 2001:db8::1", "invalid-value: ipset add s 2001:db8::1"],
  ["ipset create s hash:ip,port\nipset add s 127.0.0.1", "invalid-value: ipset add s 127.0.0.1"],
  [`ipset create s hash:ip family inet6\n${RULE}`, `key-mismatch: ${RULE}`],
  ["ipset restore <<EOF\ncreate s hash:ip\nadd s nonsense:1\nEOF", "invalid-value: add s nonsense:1"],
] as const)
  test(`${script.replaceAll("\n", "; ")}: ${expected[0] ?? "nothing to say"}`, () => {
    assert.deepEqual(problems(script), expected);
  });

test("ten thousand entries do not take long", () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `add s 10.0.${i >> 8}.${i & 255}`);
  const script = `ipset restore <<EOF\ncreate s hash:ip\n${lines.join("\n")}\nEOF\n${RULE}`;
  const start = performance.now();
  assert.equal(answer(script, "tcp 10.0.3.3 21"), true);
  assert.equal(answer(script, "tcp 10.9.3.3 21"), false);
  assert.ok(performance.now() - start < 4000);
});
