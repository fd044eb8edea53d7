/**
 * What makes a document this extension's business. A language server starts only when such a document is open:
 * many people have shell scripts open all day, few of them write firewalls.
 */

/** The languages whose files always concern a firewall. */
const RULESET_LANGUAGES: ReadonlySet<string> = new Set(["nft", "iptables"]);

/** The languages the language server serves. */
export const SERVED_LANGUAGES = ["nft", "iptables", "shellscript"] as const;

const FIREWALL_COMMAND = /\b(?:ip6?tables|nft)\b/;

/** Whether a shell script's text names one of the firewall commands, iptables-restore and its kind included. */
export function mentionsFirewallCommand(text: string): boolean {
  return FIREWALL_COMMAND.test(text);
}

/** The parts of VS Code's TextDocument that the decision needs; `getText` is called for shell scripts only. */
export interface Candidate {
  readonly languageId: string;
  getText(): string;
}

/** Whether this open document is a reason to start the language server. */
export function needsServer(document: Candidate): boolean {
  if (RULESET_LANGUAGES.has(document.languageId)) return true;
  return document.languageId === "shellscript" && mentionsFirewallCommand(document.getText());
}
