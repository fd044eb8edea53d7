import { folderOf, nameOf } from "./paths.ts";
import { isFragment } from "./proftpd-include.ts";
import { isPureFtpdFolder } from "./pure-ftpd.ts";
import type { Daemon } from "./server-config.ts";

/** Which server's configuration a file is. */
export interface Recognised {
  readonly daemon: Daemon;
  /** `fragment`: a file that a proftpd.conf includes. `option`: a file of Debian's folder /etc/pure-ftpd/conf. */
  readonly form: "whole" | "fragment" | "option";
}

/** Content is judged by this much of a text. */
const ENOUGH = 200_000;

/** By path alone where that tells, else by content; undefined when it is no FTP server's configuration. */
export function recogniseServerConfig(path: string, text: string): Recognised | undefined {
  if (isOtherKind(text.slice(0, ENOUGH))) return undefined;
  return recogniseByPath(path) ?? recogniseByContent(path, text.slice(0, ENOUGH));
}

/** Binary, JSON, or sections as no FTP server has them: whatever it is called, it is something else. */
function isOtherKind(text: string): boolean {
  return text.includes("\0") || /^\s*[{[]/.test(text) || /^\[[\w:.-]+\]\s*$/m.test(text);
}

function recogniseByPath(path: string): Recognised | undefined {
  const name = nameOf(path);
  if (isPureFtpdFolder(path))
    return /^[A-Za-z][A-Za-z0-9]+$/.test(name) ? { daemon: "pure-ftpd", form: "option" } : undefined;
  if (!name.endsWith(".conf")) return undefined;
  if (/^vsftpd/.test(name)) return { daemon: "vsftpd", form: "whole" };
  if (/^proftpd/.test(name)) return { daemon: "proftpd", form: "whole" };
  if (isFragment(path)) return { daemon: "proftpd", form: "fragment" };
  if (/^pure-?ftpd/.test(name))
    return /^pure-?ftpd-(my|pg)sql|^pure-?ftpd-ldap/.test(name) ? undefined : PURE;
  return nameOf(folderOf(path)) === "vsftpd" ? { daemon: "vsftpd", form: "whole" } : undefined;
}

const PURE: Recognised = { daemon: "pure-ftpd", form: "whole" };

/** Settings that no other program's configuration has, by program. Two different ones have to be there. */
const TELLING: readonly (readonly [Daemon, RegExp])[] = [
  [
    "vsftpd",
    /^[ \t]*(pasv_min_port|pasv_max_port|pasv_address|listen_ipv6|connect_from_port_20|anonymous_enable|local_enable|xferlog_enable)[ \t]*=/gm,
  ],
  [
    "proftpd",
    /^[ \t]*(DefaultServer|MasqueradeAddress|PassivePorts|RequireValidShell|ScoreboardFile|TLSEngine|UseFtpUsers|<Anonymous)[ \t]/gim,
  ],
  [
    "pure-ftpd",
    /^[ \t]*(ChrootEveryone|PassivePortRange|ForcePassiveIP|MaxClientsPerIP|NoAnonymous|BrokenClientsCompatibility|PureDB)[ \t=:]/gim,
  ],
];

function recogniseByContent(path: string, text: string): Recognised | undefined {
  if (!/\.(conf|cfg|txt|bak|orig|sample|dpkg-\w+)$|^[^.]*$/i.test(nameOf(path))) return undefined;
  const found = TELLING.find(([, pattern]) => {
    const names = new Set([...text.matchAll(pattern)].map((match) => match[1]!.toLowerCase()));
    return names.size >= 2;
  });
  return found && { daemon: found[0], form: "whole" };
}
