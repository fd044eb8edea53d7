import { below, folderOf, nameOf } from "./paths.ts";
import type { ConfigFile } from "./server-config.ts";

/** Debian's folder of ProFTPD's configuration; elsewhere it is /etc itself. */
const ROOTS = ["/etc/proftpd/", "/etc/"];

/**
 * The given files that an Include means, in the order in which ProFTPD reads them. A copy of the configuration
 * counts: what the pattern names below /etc/proftpd is looked for below the including file's folder as well.
 */
export function includedFiles(pattern: string, from: string, files: readonly ConfigFile[]): ConfigFile[] {
  const patterns = places(pattern, from);
  const found = files.filter((file) => patterns.some((one) => matches(one, file.path)));
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Paths worth a try for an Include that names one file; none for a folder or a pattern. */
export function includeCandidates(pattern: string, from: string): string[] {
  return /[*?[]|\/$/.test(pattern) ? [] : places(pattern, from);
}

/** Where the pattern points to, in a copy of the configuration and as it is written. */
function places(pattern: string, from: string): string[] {
  const root = ROOTS.find((one) => pattern.startsWith(one));
  if (pattern.startsWith("/") && !root) return [pattern];
  const folder = folderOf(from);
  // A file in conf.d names its neighbours from the folder above.
  const base = root && /\.d$/.test(nameOf(folder)) ? folderOf(folder) : folder;
  const moved = below(base, root ? pattern.slice(root.length) : pattern);
  return [...new Set(root ? [moved, pattern] : [moved])];
}

/** A folder means the files in it; * and ? stay within one name. */
function matches(pattern: string, path: string): boolean {
  const parts = plain(pattern).replace(/\/$/, "").split("/");
  const names = plain(path).split("/");
  const isInside = names.length === parts.length + 1;
  if (names.length !== parts.length && !isInside) return false;
  return parts.every((part, i) => matchesName(part, names[i]!));
}

/** Whether a name fits a pattern with * and ?; goes back to the last * alone, which is enough. */
function matchesName(pattern: string, name: string): boolean {
  let p = 0;
  let star = -1;
  let retry = 0;
  for (let n = 0; n < name.length; ) {
    if (pattern[p] === "*") {
      star = p++;
      retry = n;
    } else if (pattern[p] === "?" || pattern[p] === name[n]) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++retry;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p >= pattern.length;
}

function plain(path: string): string {
  return path.replaceAll("\\", "/");
}

/** Whether the file is one that a proftpd.conf usually includes: beside it or in its conf.d. */
export function isFragment(path: string): boolean {
  const folder = folderOf(path);
  const own = nameOf(folder);
  return own === "proftpd" || (/\.d$/.test(own) && nameOf(folderOf(folder)) === "proftpd");
}
