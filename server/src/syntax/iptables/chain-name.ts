/** Why a name cannot be that of a new chain; undefined when it can. */
export function chainNameError(name: string): string | undefined {
  if (name.length > 28)
    return `The chain name “${name}” has ${name.length} characters; iptables takes at most 28. Shorten it.`;
  if (/^[-!]/.test(name)) return `A chain name cannot start with “${name[0]}”. Choose another one.`;
  if (/\s/.test(name)) return "A chain name cannot have blanks. Choose another one.";
  return undefined;
}
