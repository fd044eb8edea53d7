import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../server/src/", import.meta.url));

/** A folder imports from itself and from those above it. Files beside the folders belong to "service". */
const LAYERS = [
  "text",
  "syntax",
  "model",
  "daemons",
  "listing",
  "convert",
  "netfilter",
  "ftp",
  "checks",
  "fixes",
  "reference",
  "features",
  "service",
  "lsp",
  "cli",
] as const;

/** What a layer may not see although it stands above. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  model: ["syntax"],
  daemons: ["syntax"],
  netfilter: ["syntax", "convert"],
  ftp: ["syntax", "convert"],
  cli: ["lsp"],
};

/** Packages by the only place that may use them; everything else in the core stands on its own. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  syntax: /^unbash$/,
  lsp: /^(?:node:.+|vscode-languageserver(?:\/.+)?|vscode-languageserver-textdocument|vscode-uri)$/,
  cli: /^(?:node:.+|commander|diff|sarif)$/,
};

/** In the language server only the Node main may know Node: the rest also runs in a web worker. */
const NODE_IN_SERVER = /^lsp\/node-[\w-]+\.ts$/;

const IMPORT = /(?:^import |^(?:import|export) [^;"]*?\bfrom |\bimport\()"([^"]+)"/gm;

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly target: string;
  readonly line: number;
}

const imports = sourceFiles(SOURCE).flatMap(importsOf);

test("the sources are found", () => {
  assert.ok(imports.length > 200, `${imports.length} imports`);
  assert.deepEqual([...new Set(imports.map(({ layer }) => layer))].sort(), [...LAYERS].sort());
});

test("a folder imports only from itself and from those above it", () => {
  const wrong = imports.filter(({ file, layer, target }) => {
    if (!target.startsWith(".")) return false;
    const other = layerOf(relative(SOURCE, join(SOURCE, dirname(file), target)));
    if (other === undefined) return layer !== "cli"; // the project's own texts and manifest, bundled into the tool
    const rank = (name: string) => (LAYERS as readonly string[]).indexOf(name);
    return rank(other) > rank(layer) || (FORBIDDEN[layer]?.includes(other) ?? false);
  });
  assert.deepEqual(wrong.map(show), []);
});

test("the core needs nothing from outside but the shell's parser: no Node, no editor, no library", () => {
  const wrong = imports.filter(({ file, layer, target }) => {
    if (target.startsWith(".")) return false;
    if (target.startsWith("node:") && layer === "lsp") return !NODE_IN_SERVER.test(file);
    return !PACKAGES[layer]?.test(target);
  });
  assert.deepEqual(wrong.map(show), []);
});

test("the compiler holds the core to what a web worker has, too", () => {
  const config = JSON.parse(readFileSync(join(SOURCE, "../tsconfig.core.json"), "utf8"));
  assert.deepEqual(config.compilerOptions, { lib: ["ES2023", "WebWorker"], types: [] });
  assert.deepEqual(config.exclude, ["src/lsp/**", "src/cli/**"]);
});

function sourceFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => name.replaceAll("\\", "/"));
}

/** Undefined outside server/src. */
function layerOf(file: string): string | undefined {
  const path = file.replaceAll("\\", "/");
  if (path.startsWith("..")) return undefined;
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "service";
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  const layer = layerOf(file)!;
  return [...text.matchAll(IMPORT)].map(({ 1: target, index }) => ({
    file,
    layer,
    target: target!,
    line: text.slice(0, index).split("\n").length,
  }));
}

function show({ file, line, target }: Import): string {
  return `server/src/${file}:${line} imports ${target}`;
}
