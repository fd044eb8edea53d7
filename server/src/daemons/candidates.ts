import { below, folderOf, isRoot, nameOf } from "./paths.ts";

/** The options of Debian's folder /etc/pure-ftpd/conf that are read here. */
const PURE_OPTIONS = [
  "PassivePortRange",
  "ForcePassiveIP",
  "Bind",
  "TLS",
  "IPV4Only",
  "IPV6Only",
  "NATmode",
].map((name) => `pure-ftpd/conf/${name}`);

/** Where distributions keep the files, below /etc; and where somebody keeps them beside the rules. */
const BESIDE = ["vsftpd.conf", "proftpd.conf", "pure-ftpd.conf", ...PURE_OPTIONS];
const IN_ETC = [
  "vsftpd.conf",
  "vsftpd/vsftpd.conf",
  "proftpd.conf",
  "proftpd/proftpd.conf",
  "pure-ftpd.conf",
  "pure-ftpd/pure-ftpd.conf",
  ...PURE_OPTIONS,
];

/** Folders of /etc that hold rulesets, and files that lie in /etc itself: what is above them is taken for /etc. */
const RULES_FOLDERS =
  /^(iptables|nftables|nftables\.d|sysconfig|ufw|firewall|firewall\.d|network|if-(pre-)?up\.d|init\.d|conf\.d|local\.d)$/;
const RULES_FILES = /^(nftables\.conf|iptables\.rules|rc\.(local|firewall))$/;

/** Parent folders that are looked at. */
const FARTHEST = 3;

/**
 * Paths at which an FTP server's configuration may lie beside a ruleset, likeliest first: in the ruleset's own
 * folder, and where the ruleset seems to lie in /etc or a copy of it, in that. Nothing for a text without a place.
 */
export function serverConfigCandidates(rulesPath: string): string[] {
  if (/^untitled:/.test(rulesPath)) return [];
  const own = folderOf(rulesPath);
  const beside = BESIDE.map((name) => below(own, name));
  const etc = etcFoldersOf(rulesPath).flatMap((folder) => IN_ETC.map((name) => below(folder, name)));
  return [...new Set([...beside, ...etc])];
}

/** The folders at or above the file that look like /etc: by their name, or by what the path goes on with. */
function etcFoldersOf(path: string): string[] {
  const found: string[] = [];
  let inner = nameOf(path);
  let folder = folderOf(path);
  for (let up = 0; up <= FARTHEST; up++) {
    const telling = up === 0 ? RULES_FILES : RULES_FOLDERS;
    if (nameOf(folder) === "etc" || telling.test(inner)) found.push(folder);
    if (isRoot(folder) || nameOf(folder) === "etc") break;
    inner = nameOf(folder);
    folder = folderOf(folder);
  }
  return found;
}
