import activeDataBlocked from "../../../docs/checks/active-data-blocked.md";
import controlRepliesBlocked from "../../../docs/checks/control-replies-blocked.md";
import helperCannotReadTls from "../../../docs/checks/helper-cannot-read-tls.md";
import helperNotAssigned from "../../../docs/checks/helper-not-assigned.md";
import helperPortNotLetIn from "../../../docs/checks/helper-port-not-let-in.md";
import helperSwitchWithoutEffect from "../../../docs/checks/helper-switch-without-effect.md";
import neighbourDiscoveryBlocked from "../../../docs/checks/neighbour-discovery-blocked.md";
import passiveDataBlocked from "../../../docs/checks/passive-data-blocked.md";
import passiveRangeMismatch from "../../../docs/checks/passive-range-mismatch.md";
import passiveRangeUnconfirmed from "../../../docs/checks/passive-range-unconfirmed.md";
import pathMtuDiscoveryBlocked from "../../../docs/checks/path-mtu-discovery-blocked.md";
import publishedControlBlocked from "../../../docs/checks/published-control-blocked.md";
import relatedUnrestricted from "../../../docs/checks/related-unrestricted.md";
import rulesOfOtherFileErased from "../../../docs/checks/rules-of-other-file-erased.md";
import serverConfiguration from "../../../docs/checks/server-configuration.md";
import syntaxError from "../../../docs/checks/syntax-error.md";
import unknownCheck from "../../../docs/checks/unknown-check.md";
import unknownDirective from "../../../docs/checks/unknown-directive.md";
import unusedSuppression from "../../../docs/checks/unused-suppression.md";

/**
 * The documentation page of each check, by its code. Bundled with the program, so that it needs no file beside it.
 * Written by `npm run generate`: one line for each page in docs/checks.
 */
export const PAGES: Readonly<Record<string, string>> = {
  "active-data-blocked": activeDataBlocked,
  "control-replies-blocked": controlRepliesBlocked,
  "helper-cannot-read-tls": helperCannotReadTls,
  "helper-not-assigned": helperNotAssigned,
  "helper-port-not-let-in": helperPortNotLetIn,
  "helper-switch-without-effect": helperSwitchWithoutEffect,
  "neighbour-discovery-blocked": neighbourDiscoveryBlocked,
  "passive-data-blocked": passiveDataBlocked,
  "passive-range-mismatch": passiveRangeMismatch,
  "passive-range-unconfirmed": passiveRangeUnconfirmed,
  "path-mtu-discovery-blocked": pathMtuDiscoveryBlocked,
  "published-control-blocked": publishedControlBlocked,
  "related-unrestricted": relatedUnrestricted,
  "rules-of-other-file-erased": rulesOfOtherFileErased,
  "server-configuration": serverConfiguration,
  "syntax-error": syntaxError,
  "unknown-check": unknownCheck,
  "unknown-directive": unknownDirective,
  "unused-suppression": unusedSuppression,
};
