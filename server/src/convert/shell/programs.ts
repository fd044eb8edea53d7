import type { Field } from "./value.ts";

/** What a firewall program does with the words that follow it. */
export type Tool =
  | { readonly kind: "iptables"; readonly program: "iptables" | "ip6tables" }
  | { readonly kind: "restore"; readonly program: "iptables" | "ip6tables" }
  | { readonly kind: "save"; readonly program: "iptables" | "ip6tables" }
  | { readonly kind: "nft" }
  | { readonly kind: "ipset" };

const TOOLS = new Map<string, Tool>();
for (const program of ["iptables", "ip6tables"] as const) {
  for (const variant of ["", "-legacy", "-nft"]) {
    TOOLS.set(`${program}${variant}`, { kind: "iptables", program });
    TOOLS.set(`${program}${variant}-restore`, { kind: "restore", program });
    TOOLS.set(`${program}${variant}-save`, { kind: "save", program });
  }
}
TOOLS.set("nft", { kind: "nft" });
TOOLS.set("ipset", { kind: "ipset" });

const OTHER_FIREWALL_PROGRAMS = new Set(["ebtables", "modprobe"]);

export function toolOf(command: string): Tool | undefined {
  return TOOLS.get(command.slice(command.lastIndexOf("/") + 1));
}

export function isFirewallProgram(path: string): boolean {
  return toolOf(path) !== undefined || OTHER_FIREWALL_PROGRAMS.has(path.slice(path.lastIndexOf("/") + 1));
}

/** A firewall command among expanded words: which tool, and where its own arguments begin. */
export interface Recognised {
  readonly tool: Tool;
  /** Index of the tool's first argument. */
  readonly first: number;
  /** The program's name is a guess from the name of an unknown variable. */
  readonly guessed?: string;
}

/** Words that stand between the options of a program and the command that it runs: how long, under which lock. */
const OWN_WORDS: ReadonlyMap<string, number> = new Map([
  ["timeout", 1],
  ["flock", 1],
  ["chrt", 1],
]);

/** Programs that run the command behind their own options; those with a value are listed. */
const WRAPPERS: ReadonlyMap<string, string> = new Map([
  ["timeout", "ks"],
  ["flock", "wE"],
  ["chrt", ""],
  ["setsid", ""],
  ["stdbuf", "ioe"],
  ["sudo", "ugpCDhrtTU"],
  ["doas", "uC"],
  ["command", ""],
  ["exec", "a"],
  ["env", "uCS"],
  ["nohup", ""],
  ["nice", "n"],
  ["ionice", "cn"],
  ["time", "fo"],
  ["busybox", ""],
  ["builtin", ""],
]);

/** Looks through `sudo`, `command`, `env X=y` and the like for iptables, ip6tables, their -restore, or nft. */
export function recognise(fields: readonly Field[]): Recognised | undefined {
  let at = commandIndex(fields);
  const command = fields[at];
  if (command === undefined) return undefined;
  if (command.unknown !== undefined) return guess(fields, at);
  const tool = toolOf(command.text);
  at++;
  return tool && { tool, first: at };
}

/** Index of the word that names the program, behind wrappers and their options. */
export function commandIndex(fields: readonly Field[]): number {
  let at = 0;
  for (let guard = 0; guard < 8; guard++) {
    const field = fields[at];
    const name = field?.unknown === undefined ? baseName(field?.text ?? "") : "";
    const withValue = WRAPPERS.get(name);
    if (withValue === undefined) return at;
    at = skipOptions(fields, at + 1, withValue) + (OWN_WORDS.get(name) ?? 0);
  }
  return at;
}

function skipOptions(fields: readonly Field[], from: number, withValue: string): number {
  let at = from;
  for (; at < fields.length; at++) {
    const text = fields[at]!.text;
    if (text === "--") return at + 1;
    if (/^[A-Za-z_]\w*=/.test(text)) continue;
    if (!/^-./.test(text)) return at;
    if (text.length === 2 && withValue.includes(text.charAt(1))) at++;
  }
  return at;
}

const RULE_OPERATION = /^(?:-[AIDRNXPFCEZ]|--(?:append|insert|delete|replace|new-chain|policy|flush)\b.*)$/;

/** `$IPT -A INPUT …` where IPT comes from elsewhere: its name and its arguments say what it is. */
function guess(fields: readonly Field[], at: number): Recognised | undefined {
  const command = fields[at]!;
  const variable = guessedName(command);
  if (variable !== undefined && /ip_?set/i.test(variable))
    return { tool: { kind: "ipset" }, first: at + 1, guessed: `$${variable}` };
  if (!fields.slice(at + 1).some((field) => RULE_OPERATION.test(field.text))) return undefined;
  const name = guessedName(command);
  if (name === undefined || !/ip_?6?_?t/i.test(name)) return undefined;
  const program = name.includes("6") ? "ip6tables" : "iptables";
  return { tool: { kind: "iptables", program }, first: at + 1, guessed: `$${name}` };
}

/** The variable whose unknown value is run as a program: its name says which one is meant. */
export function guessedName({ text }: Field): string | undefined {
  return /^["']?\$\{?([A-Za-z_]\w*)/.exec(text)?.[1];
}

/** Whether the words of a command we cannot name look like a rule for iptables. */
export function looksLikeRule(fields: readonly Field[]): boolean {
  return (
    fields.some((field) => /^(?:-[AI]|--(?:append|insert))$/.test(field.text)) &&
    fields.some((field) => /^(?:-j|--jump)$/.test(field.text))
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether a text that is not followed names a program that changes rules. */
export function mentionsFirewall(text: string): boolean {
  return /\b(?:ip6?tables(?:-\w+)*|nft|ipset)\b/.test(text);
}
