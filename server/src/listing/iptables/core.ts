import type { IptablesCommand, IptablesOption } from "../../syntax/iptables/command.ts";
import { protocolName, protocolNumber } from "../../syntax/iptables/protocols.ts";
import { savedNetwork } from "./addresses.ts";
import { type Saved, unknownValue } from "./given.ts";

/** What iptables prints first, in its own order whatever order it was written in. */
const ORDER: readonly (readonly [name: string, flag: string])[] = [
  ["source", "-s"],
  ["destination", "-d"],
  ["in-interface", "-i"],
  ["out-interface", "-o"],
  ["protocol", "-p"],
  ["fragment", "-f"],
];

/** The addresses, interfaces and protocol of a rule; what matches everything is left out. */
export function coreParts(command: IptablesCommand): Saved {
  const family = command.program === "iptables" ? 4 : 6;
  const parts: string[] = [];
  let unknown: string | undefined;
  for (const [name, flag] of ORDER) {
    const option = command.options.findLast((one) => one.owner.kind === "core" && one.name === name);
    if (!option) continue;
    const value = coreValue(option, family);
    if (value === undefined) continue;
    unknown ??= value.unknown;
    parts.push(
      [...(option.negated ? ["!"] : []), flag, ...(value.text === "" ? [] : [value.text])].join(" "),
    );
  }
  return { parts, ...(unknown === undefined ? {} : { unknown }) };
}

/** Undefined where the option says nothing. */
function coreValue(option: IptablesOption, family: 4 | 6): { text: string; unknown?: string } | undefined {
  const text = option.values[0]?.text ?? "";
  const unknown = unknownValue([option]);
  if (unknown !== undefined) return { text, unknown };
  switch (option.name) {
    case "source":
    case "destination":
      return networkValue(text, option.negated, family);
    case "protocol": {
      const number = protocolNumber(text);
      if (number === undefined) return { text, unknown: `the number of the protocol ${text}` };
      return number === 0 ? undefined : { text: protocolName(number) ?? String(number) };
    }
    case "fragment":
      return { text: "" };
    default:
      return text === "+" && !option.negated ? undefined : { text };
  }
}

function networkValue(
  text: string,
  negated: boolean,
  family: 4 | 6,
): { text: string; unknown?: string } | undefined {
  const network = savedNetwork(text, family);
  if (network.kind === "network") return network.any && !negated ? undefined : { text: network.text };
  return {
    text,
    unknown: network.kind === "name" ? `the address of ${network.name}` : `the address ${text}`,
  };
}
