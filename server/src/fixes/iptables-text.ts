import type { IntervalSet } from "../model/interval-set.ts";
import type { AcceptPlan } from "./need.ts";
import type { Restriction } from "./restrictions.ts";
import { mirrored } from "./restrictions.ts";

/** How an author writes iptables rules. */
export interface IptablesStyle {
  /** `-m state --state` or `-m conntrack --ctstate`. */
  readonly state: "state" | "conntrack";
  /** `-p tcp -m tcp --dport`, as iptables-save prints it. */
  readonly explicitTcp: boolean;
}

export function styleOf(text: string, sample: string): IptablesStyle {
  return {
    state: /-m\s+state\b/.test(text) && !/-m\s+conntrack\b/.test(text) ? "state" : "conntrack",
    explicitTcp: /-m\s+tcp\b/.test(sample),
  };
}

/** The options of an accept rule, without `-A CHAIN`. */
export function acceptOptions(
  plan: AcceptPlan,
  carried: readonly Restriction[],
  style: IptablesStyle,
  target = "-j ACCEPT",
): string {
  const restrictions = plan.carry === "mirrored" ? mirrored(carried, swapOption) : carried;
  const parts = plan.carry ? restrictions.map((one) => one.text) : [];
  if (plan.daddr) parts.push(`-d ${plan.daddr}`);
  parts.push(plan.icmp ? `-p ${plan.icmp === "ip6" ? "ipv6-icmp" : "icmp"}` : "-p tcp");
  if (style.explicitTcp && (plan.sport || plan.dport)) parts.push("-m tcp");
  if (plan.sport) parts.push(`--sport ${portText(plan.sport)}`);
  if (plan.dport) parts.push(`--dport ${portText(plan.dport)}`);
  if (plan.state) {
    const state = plan.state.toUpperCase();
    parts.push(style.state === "state" ? `-m state --state ${state}` : `-m conntrack --ctstate ${state}`);
  }
  if (plan.helper) parts.push("-m helper --helper ftp");
  parts.push(target);
  return parts.join(" ");
}

export function helperOptions(port: number, style: IptablesStyle): string {
  return `-p tcp ${style.explicitTcp ? "-m tcp " : ""}--dport ${port} -j CT --helper ftp`;
}

function portText(ports: IntervalSet<number>): string {
  const [low, end] = [ports.min!, ports.end!];
  return end - low === 1 ? String(low) : `${low}:${end - 1}`;
}

const SWAPS: Record<string, string> = {
  "-i": "-o",
  "-o": "-i",
  "--in-interface": "--out-interface",
  "--out-interface": "--in-interface",
  "-s": "-d",
  "-d": "-s",
  "--source": "--destination",
  "--src": "--dst",
  "--destination": "--source",
  "--dst": "--src",
};

function swapOption(text: string): string {
  return text.replace(/(^|\s)(--?[a-z-]+)(?=[\s=])/, (all, space: string, option: string) =>
    option in SWAPS ? `${space}${SWAPS[option]}` : all,
  );
}
