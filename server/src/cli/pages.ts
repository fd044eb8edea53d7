import activeDataBlocked from "../../../docs/checks/active-data-blocked.md";
import controlRepliesBlocked from "../../../docs/checks/control-replies-blocked.md";
import forwardingSwitchedOff from "../../../docs/checks/forwarding-switched-off.md";
import ftpRuleUnreachable from "../../../docs/checks/ftp-rule-unreachable.md";
import helperAfterDstnat from "../../../docs/checks/helper-after-dstnat.md";
import helperCannotReadTls from "../../../docs/checks/helper-cannot-read-tls.md";
import helperForEveryPort from "../../../docs/checks/helper-for-every-port.md";
import helperNeverMatched from "../../../docs/checks/helper-never-matched.md";
import helperNotAssigned from "../../../docs/checks/helper-not-assigned.md";
import helperPortNotLetIn from "../../../docs/checks/helper-port-not-let-in.md";
import helperPriorityUnstable from "../../../docs/checks/helper-priority-unstable.md";
import helperSwitchWithoutEffect from "../../../docs/checks/helper-switch-without-effect.md";
import highPortsOpen from "../../../docs/checks/high-ports-open.md";
import ipv6LeftOpen from "../../../docs/checks/ipv6-left-open.md";
import neighbourDiscoveryBlocked from "../../../docs/checks/neighbour-discovery-blocked.md";
import passiveDataBlocked from "../../../docs/checks/passive-data-blocked.md";
import passiveRangeMismatch from "../../../docs/checks/passive-range-mismatch.md";
import passiveRangeUnconfirmed from "../../../docs/checks/passive-range-unconfirmed.md";
import pathMtuDiscoveryBlocked from "../../../docs/checks/path-mtu-discovery-blocked.md";
import port20Opened from "../../../docs/checks/port-20-opened.md";
import publishedControlBlocked from "../../../docs/checks/published-control-blocked.md";
import relatedUnrestricted from "../../../docs/checks/related-unrestricted.md";
import rulesOfOtherFileErased from "../../../docs/checks/rules-of-other-file-erased.md";
import serverConfiguration from "../../../docs/checks/server-configuration.md";
import sourcePortOpen from "../../../docs/checks/source-port-open.md";
import syntaxError from "../../../docs/checks/syntax-error.md";
import udpOpened from "../../../docs/checks/udp-opened.md";
import unknownCheck from "../../../docs/checks/unknown-check.md";
import unknownDirective from "../../../docs/checks/unknown-directive.md";
import unusedAssumption from "../../../docs/checks/unused-assumption.md";
import unusedSuppression from "../../../docs/checks/unused-suppression.md";

/**
 * The documentation page of each check, by its code. Bundled with the program, so that it needs no file beside it.
 * Written by `npm run generate`: one line for each page in docs/checks.
 */
export const PAGES: Readonly<Record<string, string>> = {
  "active-data-blocked": activeDataBlocked,
  "control-replies-blocked": controlRepliesBlocked,
  "forwarding-switched-off": forwardingSwitchedOff,
  "ftp-rule-unreachable": ftpRuleUnreachable,
  "helper-after-dstnat": helperAfterDstnat,
  "helper-cannot-read-tls": helperCannotReadTls,
  "helper-for-every-port": helperForEveryPort,
  "helper-never-matched": helperNeverMatched,
  "helper-not-assigned": helperNotAssigned,
  "helper-port-not-let-in": helperPortNotLetIn,
  "helper-priority-unstable": helperPriorityUnstable,
  "helper-switch-without-effect": helperSwitchWithoutEffect,
  "high-ports-open": highPortsOpen,
  "ipv6-left-open": ipv6LeftOpen,
  "neighbour-discovery-blocked": neighbourDiscoveryBlocked,
  "passive-data-blocked": passiveDataBlocked,
  "passive-range-mismatch": passiveRangeMismatch,
  "passive-range-unconfirmed": passiveRangeUnconfirmed,
  "path-mtu-discovery-blocked": pathMtuDiscoveryBlocked,
  "port-20-opened": port20Opened,
  "published-control-blocked": publishedControlBlocked,
  "related-unrestricted": relatedUnrestricted,
  "rules-of-other-file-erased": rulesOfOtherFileErased,
  "server-configuration": serverConfiguration,
  "source-port-open": sourcePortOpen,
  "syntax-error": syntaxError,
  "udp-opened": udpOpened,
  "unknown-check": unknownCheck,
  "unknown-directive": unknownDirective,
  "unused-assumption": unusedAssumption,
  "unused-suppression": unusedSuppression,
};
