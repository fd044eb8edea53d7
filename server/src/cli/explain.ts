import type { Command } from "commander";
import { CODES, type Code, codeNames, findCode, usualLevel } from "../checks/codes.ts";
import { didYouMean } from "../text/similar.ts";
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
  const width = Math.max(...CODES.map(({ code }) => code.length));
  const line = (one: Code) => `${one.code.padEnd(width)}  ${usualLevel(one).padEnd(7)}  ${one.title}.\n`;
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
  const known = findCode(code);
  if (!known) return undefined;
  return `# ${code}\n\n${known.title}.\n\nnft and iptables-restore load a file as a whole or not at all; in a script one command fails and the rest goes on.\n`;
}

function page(code: string): string {
  const text = explanation(code);
  if (text !== undefined) return text;
  const near = didYouMean(code, codeNames());
  const hint = near ? `; ${near}` : "; `ftp-firewall explain` lists them";
  throw new UsageError(`there is no check “${code}”${hint}`);
}
