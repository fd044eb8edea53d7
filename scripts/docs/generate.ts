import { readdirSync, readFileSync } from "node:fs";
import { expandExample } from "./expand.ts";
import { codesReported, FAILURE_MODES, modesOfPage, withModes } from "./failure-modes.ts";
import { withOutput } from "./page.ts";
import {
  briefTable,
  type Claims,
  checksTable,
  exceptionsText,
  failureModesTable,
  loadErrorsTable,
  loadErrorsText,
  pageIndex,
} from "./tables.ts";

const ROOT = new URL("../../", import.meta.url);

/** A file that is written by the script, wholly or in parts, as it has to be. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  /** Whether it is something else now. */
  readonly stale: boolean;
}

/** The codes that have a page, sorted. */
export function pageCodes(): string[] {
  return readdirSync(new URL("docs/checks/", ROOT))
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .map((name) => name.slice(0, -".md".length))
    .sort();
}

/** Everything in the documentation that follows from the checks, the pages and what the tool prints. */
export function generateDocs(): GeneratedFile[] {
  const reported = new Map(FAILURE_MODES.map((mode) => [mode.number, codesReported(mode)]));
  const pages = pageCodes().map((code) => ({ code, path: `docs/checks/${code}.md` }));
  const texts = new Map(
    pages.map(({ code, path }) => [code, withOutput(withModes(current(path), code, reported), code)]),
  );
  const claims: Claims = new Map([...texts].map(([code, text]) => [code, modesOfPage(text) ?? []]));
  const parts = (path: string, generated: Readonly<Record<string, (before: string) => string>>) =>
    file(path, withParts(current(path), generated));
  return [
    ...pages.map(({ code, path }) => file(path, texts.get(code)!)),
    file("server/src/cli/pages.ts", pagesModule([...texts.keys()])),
    file("docs/checks/index.json", pageIndex()),
    parts("docs/checks/README.md", {
      checks: () => checksTable(claims),
      "load errors": loadErrorsTable,
      exceptions: exceptionsText,
    }),
    parts("docs/load-errors.md", { "load errors": loadErrorsText }),
    parts("docs/failure-modes.md", { "failure modes": (before) => failureModesTable(before, claims) }),
    parts("README.md", { checks: () => briefTable("docs/checks/"), expand: expandExample }),
  ];
}

function current(path: string): string {
  try {
    return readFileSync(new URL(path, ROOT), "utf8");
  } catch {
    return "";
  }
}

function file(path: string, text: string): GeneratedFile {
  return { path, text, stale: current(path) !== text };
}

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
function withParts(text: string, generated: Readonly<Record<string, (before: string) => string>>): string {
  return text.replace(
    /(<!-- generated: (.+?) -->\n)([\s\S]*?)(<!-- end -->)/g,
    (whole, start: string, name: string, before: string, end: string) => {
      const part = generated[name]?.(before);
      if (part === undefined) return whole;
      return `${start}${part === "" ? "" : `${part}\n`}${end}`;
    },
  );
}

/** The module that builds the pages into the command line tool. */
function pagesModule(codes: readonly string[]): string {
  const variable = (code: string) => code.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return [
    ...codes.map((code) => `import ${variable(code)} from "../../../docs/checks/${code}.md";`),
    "",
    "/**",
    " * The documentation page of each check, by its code. Bundled with the program, so that it needs no file beside it.",
    " * Written by `npm run generate`: one line for each page in docs/checks.",
    " */",
    "export const PAGES: Readonly<Record<string, string>> = {",
    ...codes.map((code) => `  ${code.includes("-") ? `"${code}"` : code}: ${variable(code)},`),
    "};",
    "",
  ].join("\n");
}
