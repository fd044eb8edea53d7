import { activeDataBlocked } from "./active-data-blocked.ts";
import type { Check, RepairWay } from "./check.ts";
import { controlRepliesBlocked } from "./control-replies-blocked.ts";
import { forwardingSwitchedOff } from "./forwarding-switched-off.ts";
import { ftpRuleUnreachable } from "./ftp-rule-unreachable.ts";
import { helperAfterDstnat } from "./helper-after-dstnat.ts";
import { helperCannotReadTls } from "./helper-cannot-read-tls.ts";
import { helperForEveryPort } from "./helper-for-every-port.ts";
import { helperNeverMatched } from "./helper-never-matched.ts";
import { helperNotAssigned } from "./helper-not-assigned.ts";
import { helperPortNotLetIn } from "./helper-port-not-let-in.ts";
import { helperPriorityUnstable } from "./helper-priority-unstable.ts";
import { helperSwitchWithoutEffect } from "./helper-switch-without-effect.ts";
import { highPortsOpen } from "./high-ports-open.ts";
import { ipv6LeftOpen } from "./ipv6-left-open.ts";
import { neighbourDiscoveryBlocked } from "./neighbour-discovery-blocked.ts";
import { passiveDataBlocked } from "./passive-data-blocked.ts";
import { passiveRangeMismatch } from "./passive-range-mismatch.ts";
import { passiveRangeUnconfirmed } from "./passive-range-unconfirmed.ts";
import { pathMtuDiscoveryBlocked } from "./path-mtu-discovery-blocked.ts";
import { port20Opened } from "./port-20-opened.ts";
import { publishedControlBlocked } from "./published-control-blocked.ts";
import { relatedUnrestricted } from "./related-unrestricted.ts";
import { sourcePortOpen } from "./source-port-open.ts";
import { udpOpened } from "./udp-opened.ts";

/** Every check of FTP, sorted by id. */
export const CHECKS: readonly Check[] = [
  activeDataBlocked,
  controlRepliesBlocked,
  forwardingSwitchedOff,
  ftpRuleUnreachable,
  helperAfterDstnat,
  helperCannotReadTls,
  helperForEveryPort,
  helperNeverMatched,
  helperNotAssigned,
  helperPortNotLetIn,
  helperPriorityUnstable,
  helperSwitchWithoutEffect,
  highPortsOpen,
  ipv6LeftOpen,
  neighbourDiscoveryBlocked,
  passiveDataBlocked,
  passiveRangeMismatch,
  passiveRangeUnconfirmed,
  pathMtuDiscoveryBlocked,
  port20Opened,
  publishedControlBlocked,
  relatedUnrestricted,
  sourcePortOpen,
  udpOpened,
];

/** What mends a finding of one of these checks. */
export function repairWay(code: string): RepairWay {
  return CHECKS.find((check) => check.id === code)?.repair ?? "none";
}
