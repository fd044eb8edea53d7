import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const syntaxes = new URL("../../../syntaxes/", import.meta.url);

/** A stand-in for VS Code's own shell grammar, which is not part of this project: comments only. */
const SHELL = JSON.stringify({
  scopeName: "source.shell",
  patterns: [{ name: "comment.line.shell", match: "#.*$" }],
});

const registry = new textmate.Registry({
  onigLib: loadOniguruma(),
  getInjections: (scope) => (scope === "source.shell" ? ["shell-iptables.injection"] : undefined),
  loadGrammar: async (scope) => {
    if (scope === "source.shell") return textmate.parseRawGrammar(SHELL, "shell.json");
    const name = scope.replace(/^source\./, "");
    const file = fileURLToPath(new URL(`${name}.tmLanguage.json`, syntaxes));
    return textmate.parseRawGrammar(readFileSync(file, "utf8"), file);
  },
});

async function loadOniguruma(): Promise<textmate.IOnigLib> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(new Uint8Array(readFileSync(wasm)).buffer);
  return {
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  };
}

/**
 * Colours a text and writes the result down: one line per coloured token, `token  scope`, the innermost scope only.
 * Tokens without a scope of their own are left out.
 */
export async function coloured(rootScope: string, text: string): Promise<string> {
  const grammar = await registry.loadGrammar(rootScope);
  if (grammar === null) throw new Error(`no grammar for ${rootScope}`);
  const lines: string[] = [];
  let state = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const token of result.tokens) {
      const word = line.slice(token.startIndex, token.endIndex).trim();
      const scope = token.scopes.at(-1) ?? rootScope;
      if (word !== "" && !/^(?:source|meta)\./.test(scope)) lines.push(`${word}  ${scope}`);
    }
  }
  return lines.join("\n");
}
