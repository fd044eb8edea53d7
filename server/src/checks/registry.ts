import { activeDataBlocked } from "./active-data-blocked.ts";
import type { Check, RepairWay } from "./check.ts";
import { controlRepliesBlocked } from "./control-replies-blocked.ts";
import { helperCannotReadTls } from "./helper-cannot-read-tls.ts";
import { helperNotAssigned } from "./helper-not-assigned.ts";
import { neighbourDiscoveryBlocked } from "./neighbour-discovery-blocked.ts";
import { passiveDataBlocked } from "./passive-data-blocked.ts";
import { passiveRangeMismatch } from "./passive-range-mismatch.ts";
import { passiveRangeUnconfirmed } from "./passive-range-unconfirmed.ts";
import { pathMtuDiscoveryBlocked } from "./path-mtu-discovery-blocked.ts";

/** Every check of FTP, sorted by id. */
export const CHECKS: readonly Check[] = [
  activeDataBlocked,
  controlRepliesBlocked,
  helperCannotReadTls,
  helperNotAssigned,
  neighbourDiscoveryBlocked,
  passiveDataBlocked,
  passiveRangeMismatch,
  passiveRangeUnconfirmed,
  pathMtuDiscoveryBlocked,
];

/** What mends a finding of one of these checks. */
export function repairWay(code: string): RepairWay {
  return CHECKS.find((check) => check.id === code)?.repair ?? "none";
}
