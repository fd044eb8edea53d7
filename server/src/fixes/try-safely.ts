import type { Host, SourceFile } from "../convert/host.ts";
import type { Dialect } from "../syntax/dialect.ts";

/** How to try changed rules so that a mistake locks nobody out. */
export interface SafeTrial {
  readonly dialect: Dialect;
  readonly sentence: string;
}

/**
 * How to try a host's files of which some were changed: a sentence for each program that loads them. What is included
 * is tried with the file that includes it; an FTP server's configuration is no matter of loading.
 */
export function safeTrials(
  { files }: Host,
  changed: Iterable<string>,
  nameOf: (path: string) => string = (path) => path,
): SafeTrial[] {
  const paths = new Set(changed);
  const loaded = files.filter(
    ({ source, includes }) => paths.has(source.path) || includes.some((path) => paths.has(path)),
  );
  const trials = new Map<string, SafeTrial>();
  for (const { source } of loaded) {
    const program = source.dialect === "iptables-save" ? `iptables${source.family}` : source.dialect;
    if (!trials.has(program)) trials.set(program, safeTrial(source, quoted(nameOf(source.path))));
  }
  return [...trials.values()];
}

function safeTrial({ dialect, family, text }: SourceFile, name: string): SafeTrial {
  switch (dialect) {
    case "nft":
      return { dialect, sentence: `Try it safely: \`nft -c -f ${name}\` checks it without loading it.` };
    case "iptables-save": {
      const program = family === 4 ? "iptables" : "ip6tables";
      const sentence = `Try it safely: \`${program}-restore --test ${name}\` checks it, \`${program}-apply ${name}\` loads it and goes back unless you confirm.`;
      return { dialect, sentence };
    }
    case "shell": {
      const sentence = `Try it safely: after \`${wayBack(text)}\` the old rules come back a minute later, unless \`kill $!\` keeps the new ones.`;
      return { dialect, sentence };
    }
  }
}

/** Each program's way to save its rules and to restore them. nft goes first: it erases those of the others. */
const PROGRAMS = [
  { name: /\bnft\b/, save: "nft list ruleset > before.nft", restore: "nft flush ruleset; nft -f before.nft" },
  { name: /\biptables\b/, save: "iptables-save > before.v4", restore: "iptables-restore < before.v4" },
  { name: /\bip6tables\b/, save: "ip6tables-save > before.v6", restore: "ip6tables-restore < before.v6" },
] as const;

/** What to type before a script is run: it may lock out the one who runs it before its last line. */
function wayBack(script: string): string {
  const used = PROGRAMS.filter(({ name }) => name.test(script));
  const all = (part: "save" | "restore") => used.map((one) => one[part]).join("; ");
  return `${all("save")}; (sleep 60; ${all("restore")}) &`;
}

/** For a shell. */
function quoted(name: string): string {
  return /^[\w./:@%+,-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
