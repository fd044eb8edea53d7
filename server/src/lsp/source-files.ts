import type { TextDocument } from "vscode-languageserver-textdocument";
import { URI, Utils } from "vscode-uri";
import type { SourceFile } from "../service.ts";
import { detectDialect, familyOfFile } from "../syntax/detect.ts";
import type { Dialect } from "../syntax/dialect.ts";
import { mainFiles, twinName } from "../twins.ts";

const NFT_LANGUAGES: ReadonlySet<string> = new Set(["nft", "nftables"]);
const IPTABLES_LANGUAGES: ReadonlySet<string> = new Set(["iptables", "iptables-save"]);
const SHELL_LANGUAGES: ReadonlySet<string> = new Set(["shellscript", "sh", "bash", "dash", "ksh", "zsh"]);

/**
 * A document as a file of a firewall; undefined when it is none. Shell scripts are served only where they call the
 * firewall's commands. A language id that says nothing (an editor without our languages) leaves it to name and text.
 */
export function sourceFile(document: TextDocument): SourceFile | undefined {
  const { uri, languageId } = document;
  const text = document.getText();
  const { path } = URI.parse(uri);
  const dialect = dialectOf(languageId, detectDialect(path, text));
  return dialect && { path: uri, text, dialect, family: familyOfFile(path, text) };
}

function dialectOf(languageId: string, detected: Dialect | undefined): Dialect | undefined {
  if (NFT_LANGUAGES.has(languageId)) return detected === "shell" ? "shell" : "nft";
  if (IPTABLES_LANGUAGES.has(languageId)) return detected ?? "iptables-save";
  if (SHELL_LANGUAGES.has(languageId)) return detected === "shell" ? "shell" : undefined;
  return detected;
}

/** As a person calls the file. */
export function nameOf(uri: string): string {
  return Utils.basename(URI.parse(uri));
}

/** A file of the workspace that is not open; undefined where it is none of ours. */
export function closedFile(uri: string, text: string): SourceFile | undefined {
  const { path } = URI.parse(uri);
  const dialect = detectDialect(path, text);
  return dialect && { path: uri, text, dialect, family: familyOfFile(path, text) };
}

/** Where the same firewall's rules for the other IP version would be. */
export function twinUri({ path, dialect }: SourceFile): string | undefined {
  const uri = URI.parse(path);
  const name = dialect === "iptables-save" ? twinName(Utils.basename(uri)) : undefined;
  return name && uri.scheme !== "untitled" ? Utils.joinPath(Utils.dirname(uri), name).toString() : undefined;
}

/** Where the nftables file would be that is loaded at boot and may include this one. */
export function mainUris({ path, dialect }: SourceFile): string[] {
  const uri = URI.parse(path);
  if (dialect !== "nft" || uri.scheme === "untitled") return [];
  const uris = mainFiles(uri.path).map((name) => Utils.joinPath(Utils.dirname(uri), name).toString());
  return uris.filter((one) => one !== path);
}
