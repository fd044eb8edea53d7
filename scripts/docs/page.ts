import { findCode } from "../../server/src/checks/codes.ts";
import { checkText } from "../../server/src/cli/check-text.ts";
import { Places, type Report } from "../../server/src/cli/places.ts";
import {
  type ConfigFile,
  DEFAULT_SETTINGS,
  Service,
  type Settings,
  type SourceFile,
} from "../../server/src/service.ts";
import { familyOfFile } from "../../server/src/syntax/detect.ts";
import type { Dialect } from "../../server/src/syntax/dialect.ts";

/** The headings of a check's page, in their order. */
export const HEADINGS = [
  "What it means",
  "Faulty",
  "Output",
  "Fixed",
  "How it was measured",
  "When to live with it",
] as const;

type Heading = (typeof HEADINGS)[number];

/** One host of a page: its rulesets in loading order, and the FTP server's configuration beside them. */
export interface Example {
  readonly files: readonly SourceFile[];
  readonly serverFiles: readonly ConfigFile[];
}

const LANGUAGES: Readonly<Record<string, { readonly dialect: Dialect; readonly name: string }>> = {
  nft: { dialect: "nft", name: "nftables.conf" },
  iptables: { dialect: "iptables-save", name: "rules.v4" },
  sh: { dialect: "shell", name: "firewall.sh" },
};

/** What stands below a heading, up to the next one; empty where there is no such heading. */
export function sectionOf(page: string, heading: Heading): string {
  return page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
}

/** The page's first paragraph: the finding in a sentence. */
export function leadOf(page: string): string {
  const paragraphs = page.split(/\n\s*\n/).map((one) => one.trim());
  return (paragraphs.find((one) => one !== "" && !one.startsWith("#")) ?? "").replace(/\s+/g, " ");
}

/**
 * The fenced blocks below a heading, each a file: of the language's usual name, or of the one that stands behind the
 * language (`iptables rules.v6`). A block of `conf` is the FTP server's.
 */
export function exampleBelow(page: string, heading: Heading): Example {
  const files: SourceFile[] = [];
  const serverFiles: ConfigFile[] = [];
  for (const [, language, stated, text] of sectionOf(page, heading).matchAll(
    /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm,
  )) {
    const known = LANGUAGES[language!];
    const path = stated ?? known?.name ?? "vsftpd.conf";
    if (known) files.push({ path, text: text!, dialect: known.dialect, family: familyOfFile(path, text!) });
    else if (language === "conf") serverFiles.push({ path, text: text! });
  }
  return { files, serverFiles };
}

/** What a page's example is judged by: a check that is off unless asked for is asked for on its own page. */
export function settingsFor(code: string): Settings {
  const known = findCode(code);
  return { ...DEFAULT_SETTINGS, checks: known?.level === "off" ? { [code]: known.severity } : {} };
}

/** What `ftp-firewall check` prints where the example is the whole folder. */
export function checkOutput({ files, serverFiles }: Example, code: string, service = new Service()): string {
  const analysis = service.analyse(files, { serverFiles, settings: settingsFor(code) });
  const report: Report = {
    analysis,
    places: new Places(analysis.host, serverFiles),
    given: new Set(files.map(({ path }) => path)),
  };
  return checkText(service, [report], (text) => text);
}

/** What has to stand in `.ftp-firewall.json` beside the example. */
export function configOf({ files }: Example, code: string): { hosts?: string[][]; checks?: object } {
  const { checks } = settingsFor(code);
  return {
    ...(files.length > 1 && { hosts: [files.map(({ path }) => path)] }),
    ...(Object.keys(checks).length > 0 && { checks }),
  };
}

/** The page of a code with what the tool says now below "Output". */
export function withOutput(page: string, code: string): string {
  const example = exampleBelow(page, "Faulty");
  const section = `\n${commandFor(example, code)}\n\n\`\`\`text\n${checkOutput(example, code)}\`\`\`\n`;
  const before = page.split("\n## Output\n");
  if (before.length > 1) return page.replace(sectionOf(page, "Output"), () => section);
  return page.replace("\n## Fixed\n", () => `\n## Output\n${section}\n## Fixed\n`);
}

function commandFor(example: Example, code: string): string {
  const names = example.files.map(({ path }) => path);
  const beside = example.serverFiles.map(({ path }) => `\`${path}\``).join(" and ");
  const where = beside === "" ? "" : ` beside ${beside}`;
  const config = configOf(example, code);
  if (Object.keys(config).length === 0) return `\`ftp-firewall check ${names.join(" ")}\`${where} prints:`;
  const stated = JSON.stringify(config).replaceAll('":', '": ').replaceAll(",", ", ");
  return `\`ftp-firewall check ${names.join(" ")}\`${where}, with \`${stated}\` in \`.ftp-firewall.json\`, prints:`;
}
