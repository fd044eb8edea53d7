import type { Command } from "commander";
import { CODES, codeNames, findCode } from "../checks/codes.ts";
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

function list(): string {
  const line = (code: string, title: string) => `${code.padEnd(29)} ${title}\n`;
  const checks = Object.keys(PAGES).sort();
  const others = CODES.filter(({ code }) => !Object.hasOwn(PAGES, code));
  return [
    ...checks.map((code) => line(code, titleOf(PAGES[code]!))),
    "\nReported because nft, iptables or the shell would refuse or misread it:\n",
    ...others.map(({ code, sentence }) => line(code, sentence)),
  ].join("");
}

/** What the page says first below its heading, which is the code. */
function titleOf(text: string): string {
  const paragraphs = text.split(/\r?\n\s*\r?\n/).map((one) => one.trim());
  const first = paragraphs.find((one) => one !== "" && !one.startsWith("#")) ?? "";
  return first.replace(/\s+/g, " ");
}

function page(code: string): string {
  const text = Object.hasOwn(PAGES, code) ? PAGES[code] : undefined;
  if (text !== undefined) return text.endsWith("\n") ? text : `${text}\n`;
  const known = findCode(code);
  if (known) {
    return `# ${code}\n\n${known.sentence}\n\nnft and iptables-restore load a file as a whole or not at all; in a script one command fails and the rest goes on.\n`;
  }
  const near = didYouMean(code, codeNames());
  const hint = near ? `; ${near}` : "; `ftp-firewall explain` lists them";
  throw new UsageError(`there is no check “${code}”${hint}`);
}
