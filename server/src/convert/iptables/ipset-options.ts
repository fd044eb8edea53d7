import type { IpsetTest } from "../../model/ipset.ts";
import type { IptablesOption } from "../../syntax/iptables/command.ts";

/** Options of `-m set` that ask for an entry's counters, which packets change. */
const COUNTERS = /^(?:packets|bytes)-(?:eq|lt|gt)$/;

/** What the options of `-m set` ask (iptables-extensions(8)); undefined where that is more than the content. */
export function ipsetTest(options: readonly IptablesOption[], family: 4 | 6): IpsetTest | undefined {
  const match = options.find((option) => option.name === "match-set");
  const [set, flags] = match?.values ?? [];
  if (!match || !set || !flags || set.unknown !== undefined || flags.unknown !== undefined) return undefined;
  if (options.some((option) => COUNTERS.test(option.name))) return undefined;
  const directions = flags.text.split(",").flatMap((flag) => (flag === "src" || flag === "dst" ? flag : []));
  const exceptions = options.some((option) => option.name === "return-nomatch");
  return { set: set.text, directions, family, negated: match.negated, exceptions };
}

/** The sets that `-j SET` fills, and those from which it takes. */
export function ipsetsOfTarget(
  options: readonly IptablesOption[],
): readonly { readonly set: string; readonly adds: boolean }[] {
  return options.flatMap(({ name, values: [set] }) =>
    (name === "add-set" || name === "del-set") && set && set.unknown === undefined
      ? { set: set.text, adds: name === "add-set" }
      : [],
  );
}
