import type { IntervalSet } from "../model/interval-set.ts";
import type { AcceptPlan } from "./need.ts";
import type { Restriction } from "./restrictions.ts";
import { mirrored } from "./restrictions.ts";

/** An accept rule as nft prints it. */
export function acceptRule(plan: AcceptPlan, carried: readonly Restriction[], target = "accept"): string {
  const restrictions = plan.carry === "mirrored" ? mirrored(carried, swapKeyword) : carried;
  const parts = plan.carry ? restrictions.map((one) => one.text) : [];
  if (plan.daddr) parts.push(`${plan.daddr.includes(":") ? "ip6" : "ip"} daddr ${plan.daddr}`);
  if (plan.state) parts.push(`ct state ${plan.state}`);
  if (plan.icmp) parts.push(`meta l4proto ${ICMP_OF[plan.icmp] ?? ICMP_OF.inet}`);
  if (plan.helper) parts.push('ct helper "ftp"');
  if (plan.sport) parts.push(`tcp sport ${portText(plan.sport)}`);
  if (plan.dport) parts.push(`tcp dport ${portText(plan.dport)}`);
  parts.push(target);
  return parts.join(" ");
}

const ICMP_OF: Readonly<Record<string, string>> = {
  ip: "icmp",
  ip6: "ipv6-icmp",
  inet: "{ icmp, ipv6-icmp }",
};

function portText(ports: IntervalSet<number>): string {
  const [low, end] = [ports.min!, ports.end!];
  return end - low === 1 ? String(low) : `${low}-${end - 1}`;
}

const SWAPS: Record<string, string> = {
  iif: "oif",
  oif: "iif",
  iifname: "oifname",
  oifname: "iifname",
  saddr: "daddr",
  daddr: "saddr",
};

function swapKeyword(text: string): string {
  return text.replace(/\b(iifname|oifname|iif|oif|saddr|daddr)\b/, (word) => SWAPS[word] ?? word);
}
