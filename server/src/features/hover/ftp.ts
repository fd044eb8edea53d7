import { MODES } from "../../ftp/scenario.ts";
import {
  FTP_LOGIN,
  FTP_PICTURE,
  FTP_SOURCE,
  FTP_TRANSFER,
  FTP_WAYS,
  type FtpStep,
} from "../../reference/ftp.ts";
import { relevantCases, sessionLines } from "./sessions.ts";
import { block, type HoverInput, plain } from "./topic.ts";

/** FTP's two modes, their picture, their dialogue and what the ruleset does to them: Markdown sections. */
export function ftpSections(input: HoverInput, keys: ReadonlySet<string>): string[] {
  return [verdicts(input, keys), `${picture()}\n\n${dialogue()}`];
}

/** Only what the ruleset does to each mode; undefined when no FTP session was judged. */
export function ftpVerdicts(input: HoverInput, keys: ReadonlySet<string>): string | undefined {
  const lines = sessionLines(input, relevantCases(input, keys));
  if (lines.length === 0) return undefined;
  return ["**FTP through this firewall**", "", ...lines, ...loadOrder(input)].join("\n");
}

/** In which order the host's files are loaded, where there are several. */
function loadOrder({ host }: HoverInput): string[] {
  if (host.files.length < 2) return [];
  const names = host.files.map(({ source }) => plain(source.path.slice(source.path.lastIndexOf("/") + 1)));
  return ["", `*Loaded in this order: ${names.join(", ")}.*`];
}

function verdicts(input: HoverInput, keys: ReadonlySet<string>): string {
  const found = ftpVerdicts(input, keys);
  if (found) return found;
  if (input.incomplete) return `**FTP through this firewall** was not judged: ${input.incomplete}.`;
  return "**FTP through this firewall**: no rule lets FTP's control connection in, so there is no session to judge.";
}

function picture(): string {
  return `**FTP makes two connections**; the mode says who opens the second.\n${block([FTP_PICTURE], "text")}`;
}

function dialogue(): string {
  const lines = [
    "on      client   server",
    ...FTP_LOGIN.map(line),
    ...MODES.flatMap((mode) => [`── ${mode} mode, each transfer`, ...FTP_TRANSFER[mode].map(line)]),
  ];
  return `**Who says what, and on which connection**\n${block(lines, "text")}\n${FTP_WAYS} *(${FTP_SOURCE})*`;
}

function line(step: FtpStep): string {
  const shaft = step.connection === "data" ? "═" : "─";
  const arrow = step.sender === "client" ? `${shaft.repeat(4)}▶` : `◀${shaft.repeat(4)}`;
  const connection = step.connection === "data" ? "DATA" : "control";
  return `${connection.padEnd(8)}   ${arrow}   ${step.text.padEnd(12)}  ${step.meaning}`.trimEnd();
}
