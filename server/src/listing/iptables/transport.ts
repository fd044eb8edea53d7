import { parseInteger, parsePortRange, parseTcpFlags } from "../../syntax/iptables/values.ts";
import { rangeText } from "./formats.ts";
import type { Given } from "./given.ts";

/**
 * What one `-m tcp` or `-m udp` asks for. iptables-nft makes these comparisons of the kernel's own, unless the match is
 * empty or asks for a TCP option; reading them back, it makes one match of all, at the place of the first.
 */
export interface Transport {
  /** In the order in which they are printed; absent where nothing is compared. */
  readonly parts: Readonly<Partial<Record<TransportPart, string>>>;
  /** Kept as it is: `parts` stand where the match was written. */
  readonly opaque: boolean;
}

export type TransportPart = "sport" | "dport" | "option" | "flags";
const ORDER: readonly TransportPart[] = ["sport", "dport", "option", "flags"];

export function transportTexts(parts: Transport["parts"]): string[] {
  return ORDER.flatMap((part) => parts[part] ?? []);
}

/** The later comparison is shown; a negation of the earlier one sticks to it (measured). */
export function joinTransport(earlier: Transport["parts"], later: Transport["parts"]): Transport["parts"] {
  const joined = { ...earlier, ...later };
  for (const part of ORDER) {
    const text = later[part];
    if (text !== undefined && earlier[part]?.startsWith("! ") && !text.startsWith("! "))
      joined[part] = `! ${text}`;
  }
  return joined;
}

export function readTransport(given: Given): Transport | undefined {
  const option = given.option("tcp-option");
  const number = option ? parseInteger(given.text("tcp-option") ?? "", 255) : undefined;
  const sport = given.has("sport") ? parsePortRange(given.text("sport") ?? "") : WHOLE;
  const dport = given.has("dport") ? parsePortRange(given.text("dport") ?? "") : WHOLE;
  const flags = readFlags(given);
  if (!sport || !dport || flags === "unreadable" || (option && number === undefined)) return undefined;
  const compared = flags !== undefined && (flags.mask !== 0 || flags.wanted !== 0);
  const negated = given.all.some((one) => one.negated);
  const opaque = option !== undefined || (isWhole(sport) && isWhole(dport) && !compared && !negated);
  const port = (name: "sport" | "dport", range: readonly [number, number]) =>
    portText(name, range, given.option(name)?.negated ?? false, opaque);
  return {
    opaque,
    parts: {
      ...port("sport", sport),
      ...port("dport", dport),
      ...(option ? { option: `${given.not("tcp-option")}--tcp-option ${number}` } : {}),
      ...(flags && flags.mask !== 0
        ? { flags: `${flags.not}--tcp-flags ${flagNames(flags.mask)} ${flagNames(flags.wanted)}` }
        : {}),
    },
  };
}

const WHOLE: [number, number] = [0, 65535];
const isWhole = ([low, high]: readonly [number, number]) => low === 0 && high === 65535;

/** A port comparison. The kernel has "not up to 1023" as "above 1023", and so it comes back. */
function portText(
  name: "sport" | "dport",
  range: readonly [number, number],
  negated: boolean,
  opaque: boolean,
): Transport["parts"] {
  if (isWhole(range)) return {};
  const [low, high] = range;
  const above = !opaque && negated && low === 0 && high > 0;
  const text = above
    ? `--${name} ${rangeText([high + 1, 65535])}`
    : `${negated ? "! " : ""}--${name} ${rangeText(range)}`;
  return { [name]: text };
}

interface Flags {
  readonly mask: number;
  readonly wanted: number;
  readonly not: string;
}

function readFlags(given: Given): Flags | "unreadable" | undefined {
  const option = given.option("tcp-flags") ?? given.option("syn");
  if (!option) return undefined;
  const not = option.negated ? "! " : "";
  if (option.name === "syn") return { mask: 0x17, wanted: 0x02, not };
  const [mask, wanted] = [0, 1].map((i) => parseTcpFlags(option.values[i]?.text ?? ""));
  return mask === undefined || wanted === undefined ? "unreadable" : { mask, wanted, not };
}

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];

function flagNames(bits: number): string {
  return FLAGS.filter((_, i) => bits & (1 << i)).join(",") || "NONE";
}
