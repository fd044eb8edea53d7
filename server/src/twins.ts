/**
 * The name of the file that holds the same firewall's rules for the other IP version, by the names that
 * distributions give such pairs: rules.v4 and rules.v6, iptables.rules and ip6tables.rules, /etc/sysconfig/iptables
 * and ip6tables, ufw's before.rules and before6.rules. Undefined for every other name.
 */
export function twinName(name: string): string | undefined {
  for (const [pattern, other] of PAIRS) if (pattern.test(name)) return name.replace(pattern, other);
  return undefined;
}

const PAIRS: readonly [RegExp, string][] = [
  [/\.v4$/, ".v6"],
  [/\.v6$/, ".v4"],
  [/^iptables(?=$|\.rules$|-save)/, "ip6tables"],
  [/^ip6tables(?=$|\.rules$|-save)/, "iptables"],
  [/^(?<stem>before|after|user)\.rules$/, "$<stem>6.rules"],
  [/^(?<stem>before|after|user)6\.rules$/, "$<stem>.rules"],
];

/**
 * Where, seen from an nftables file's folder, the file lies that distributions load at boot and that may include it:
 * /etc/nftables.conf with /etc/nftables.d/, Fedora's /etc/sysconfig/nftables.conf with /etc/nftables/.
 */
export function mainFiles(path: string): string[] {
  const parts = path.split(/[\\/]/);
  const folder = parts[parts.length - 2];
  const above = ["nftables.conf", "../nftables.conf", "../../nftables.conf"];
  return folder === "nftables" ? [...above, "../sysconfig/nftables.conf"] : above;
}

/**
 * Where a path below /etc is meant in a copy of /etc (a folder of a repository, say), likeliest first: in the folder
 * of that name that the file lies in, or beside the file.
 */
export function inCopyOfEtc(path: string, from: string): string[] {
  if (!path.startsWith("/etc/")) return [];
  const folder = from.slice(0, from.lastIndexOf("/"));
  const etc = `${folder}/`.lastIndexOf("/etc/");
  const beside = folder + path.slice("/etc".length);
  return etc < 0 ? [beside] : [folder.slice(0, etc) + path, beside];
}
