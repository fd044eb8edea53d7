import type { DataType } from "./datatypes.ts";
import { ICMP_CODE, ICMPV6_CODE, ICMPX_CODE } from "./datatypes.ts";
import type { RuleScope, Shown } from "./scope.ts";
import { notListed } from "./text.ts";

const CODES: Readonly<Record<string, DataType>> = {
  icmp: ICMP_CODE,
  icmpv6: ICMPV6_CODE,
  icmpx: ICMPX_CODE,
};

const PORT_UNREACHABLE = "port-unreachable";

/** `reject [with icmp CODE | with tcp reset]`; what a family does by itself is left out. */
export function readReject(words: readonly string[], scope: RuleScope): Shown {
  const [, kind] = words;
  if (kind === "tcp") return tcpReset(scope);
  const { family, known } = scope;
  const one = family === "ip" || family === "ip6";
  const network = known.nh;
  const own = network === "ip" ? "icmp" : network === "ip6" ? "icmpv6" : "icmpx";
  const answer = kind ?? own;
  const type = CODES[answer] ?? notListed(`how nft prints "reject with ${answer}"`);
  const written = words.length > 2 ? words[words.length - 1]! : PORT_UNREACHABLE;
  if (kind !== undefined && !one && answer !== "icmpx")
    scope.needInFront("nh", answer === "icmp" ? "ip" : "ip6");
  const code = type.print(type.parse(written) ?? notListed(`what "${written}" stands for`));
  const implied = code === PORT_UNREACHABLE && (one || answer === "icmpx");
  const text = implied ? "reject" : `reject with ${answer} ${code}`;
  const tells = answer !== "icmpx" && !one;
  return { text, fields: [], ends: true, ...(tells && { implies: "nh" as const }) };
}

function tcpReset(scope: RuleScope): Shown {
  const { family } = scope;
  const one = family === "ip" || family === "ip6";
  scope.needInFront("th", "tcp");
  return { text: "reject with tcp reset", fields: [], ends: true, implies: one ? "th" : "nh" };
}
