import type { Host } from "../convert/host.ts";
import type { HostCommand } from "../convert/shell/host-command.ts";
import { absoluteSpan } from "../text/origin.ts";
import type { Related } from "./check.ts";

export type HelperSwitch = HostCommand & { readonly kind: "sets-helper-switch" };

/** The FTP helper's modules and the names that they had before Linux 2.6.20; each loads what it needs. */
const FTP_MODULES: ReadonlySet<string> = new Set([
  "nf_conntrack_ftp",
  "nf_nat_ftp",
  "ip_conntrack_ftp",
  "ip_nat_ftp",
]);

/** Where scripts switch automatic assignment on; a text that is run more than once is here once. */
export function helperSwitches({ hostCommands }: Host): HelperSwitch[] {
  return onceForEachText(hostCommands.filter((one) => one.kind === "sets-helper-switch"));
}

/** What scripts do to get the helper without a rule, each with why that is not enough. */
export function relatedCommands({ hostCommands }: Host): Related[] {
  const meant = hostCommands.filter(
    (one) => one.kind === "sets-helper-switch" || FTP_MODULES.has(one.module),
  );
  return onceForEachText(meant).map((one) => ({
    message: whyNotEnough(one),
    origin: one.origin,
    explains: true,
  }));
}

function whyNotEnough(one: HostCommand): string {
  return one.kind === "loads-module"
    ? `The module ${one.module} is loaded here, but since Linux 4.7 no connection gets its helper without a rule.`
    : `Automatic assignment is switched on here, but Linux 6.0 has removed the switch: since then ${effectOf(one)}.`;
}

/** What becomes of it where the switch is gone. */
export function effectOf({ by, presence }: HelperSwitch): string {
  if (by === "module-parameter") return "the kernel ignores the parameter";
  // What asks first whether the switch is there does not fail.
  return presence === "certain"
    ? 'the command fails ("No such file or directory")'
    : "the command has no effect";
}

function onceForEachText<Kind extends HostCommand>(commands: readonly Kind[]): Kind[] {
  const placeOf = ({ origin }: Kind) => `${origin.file}:${absoluteSpan(origin).start}`;
  const seen = new Set<string>();
  return commands.filter((one) => !seen.has(placeOf(one)) && seen.add(placeOf(one)));
}
