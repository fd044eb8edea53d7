import type { Command } from "commander";
import { CODES, type KnownCode, knownCode } from "./codes.ts";
import { UsageError } from "./errors.ts";
import { print } from "./output.ts";
import { PAGES } from "./pages.ts";

/** `ftp-firewall explain [CODE]` */
export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("print the page that explains a check; without a code, list them all")
    .argument("[code]", "as in a diagnostic: passive-data-blocked")
    .action((code: string | undefined) => {
      print(code === undefined ? list() : page(code));
    });
}

/** All codes: those that have a page, then what keeps a file from loading. */
function list(): string {
  const line = ({ code, severity, title }: KnownCode) =>
    `${code.padEnd(28)} ${severity.padEnd(8)} ${title}.\n`;
  const paged = CODES.filter(({ hasPage }) => hasPage);
  const others = CODES.filter(({ hasPage }) => !hasPage);
  return [
    ...paged.map(line),
    "\nReported because nft, iptables or the shell would refuse or misread it:\n",
    ...others.map(line),
  ].join("");
}

/** The documentation of a code, as Markdown; undefined where there is no such code. */
export function explanation(code: string): string | undefined {
  const text = Object.hasOwn(PAGES, code) ? PAGES[code] : undefined;
  if (text !== undefined) return text.endsWith("\n") ? text : `${text}\n`;
  const known = knownCode(code);
  if (!known) return undefined;
  return `# ${code}\n\n${known.title}.\n\nnft and iptables-restore load a file as a whole or not at all; in a script one command fails and the rest goes on.\n`;
}

function page(code: string): string {
  const text = explanation(code);
  if (text !== undefined) return text;
  const near = nearest(code);
  const hint =
    near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "; `ftp-firewall explain` lists them";
  throw new UsageError(`there is no check “${code}”${hint}`);
}

function nearest(code: string): string[] {
  const wanted = code.toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return CODES.map(({ code: name }) => name)
    .map((name) => ({ name, far: wanted.length > 2 && name.includes(wanted) ? 0 : distance(wanted, name) }))
    .filter(({ far }) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j]! + (a[i] === b[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
