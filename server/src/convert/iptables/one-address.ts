import type { IptablesCommand, IptablesOption } from "../../syntax/iptables/command.ts";

/** More rules than this of one command are not followed. */
const MOST_RULES = 10_000;

/** Why a command's rules are not known, though all that is written in it is. */
export function tooManyRules(command: IptablesCommand): string | undefined {
  const several = [severalAddresses(command, "source"), severalAddresses(command, "destination")];
  const count = several.reduce(
    (product, option) => product * (option?.values[0]?.text.split(",").length ?? 1),
    1,
  );
  return count > MOST_RULES
    ? `a command for ${count} pairs of addresses, which is too long to follow`
    : undefined;
}

const split = new WeakMap<IptablesCommand, readonly IptablesCommand[]>();

/**
 * `-s A,B -d C,D` is a rule for each pair: A to C, A to D, B to C, B to D, in this order. A command with one source and
 * one destination stands for itself.
 */
export function rulesOf(command: IptablesCommand): readonly IptablesCommand[] {
  const source = severalAddresses(command, "source");
  const destination = severalAddresses(command, "destination");
  if (!source && !destination) return [command];
  let rules = split.get(command);
  if (!rules) {
    rules = forEach(source, [command]);
    rules = forEach(destination, rules);
    split.set(command, rules);
  }
  return rules;
}

/** The last one counts, as everywhere. Negated lists are refused, so they stay what they are. */
function severalAddresses(command: IptablesCommand, name: string): IptablesOption | undefined {
  const option = command.options.findLast((one) => one.owner.kind === "core" && one.name === name);
  const value = option?.values[0];
  const several = value?.unknown === undefined && value?.text.includes(",") && !option?.negated;
  return several ? option : undefined;
}

function forEach(
  option: IptablesOption | undefined,
  commands: readonly IptablesCommand[],
): readonly IptablesCommand[] {
  const value = option?.values[0];
  if (!option || !value) return commands;
  const addresses = value.text.split(",").map((part) => part.trim());
  return commands.flatMap((command) =>
    addresses.map((text) => {
      const one = { ...option, values: [{ ...value, text }] };
      return { ...command, options: command.options.map((each) => (each === option ? one : each)) };
    }),
  );
}
