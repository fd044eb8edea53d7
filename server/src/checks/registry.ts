import { activeDataBlocked } from "./active-data-blocked.ts";
import type { Check } from "./check.ts";
import { controlRepliesBlocked } from "./control-replies-blocked.ts";
import { helperNotAssigned } from "./helper-not-assigned.ts";
import { neighbourDiscoveryBlocked } from "./neighbour-discovery-blocked.ts";
import { passiveDataBlocked } from "./passive-data-blocked.ts";
import { pathMtuDiscoveryBlocked } from "./path-mtu-discovery-blocked.ts";

/** Every check of FTP, sorted by id. */
export const CHECKS: readonly Check[] = [
  activeDataBlocked,
  controlRepliesBlocked,
  helperNotAssigned,
  neighbourDiscoveryBlocked,
  passiveDataBlocked,
  pathMtuDiscoveryBlocked,
];
