import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Analysis, Diagnostic } from "../../../server/src/service.ts";

// What is found in rulesets of others, in a file of this folder that the test writes itself: `RECORD=1` in its
// environment. Below each file's name a line for each code: the lines (from 1 on), the severity and the code.

/** Whether the tests write down what they find instead of comparing it. */
export const recording = process.env.RECORD !== undefined;

/** What is found in one file, in the form of the record. */
export function showFindings({ host, diagnostics, incomplete }: Analysis): string[] {
  const lines = host.files[0]!.lines;
  const byCode = new Map<string, number[]>();
  for (const { severity, code, place } of diagnostics) {
    const key = `${severity} ${code}`;
    byCode.set(key, [...(byCode.get(key) ?? []), lines.range(place.span).start.line + 1]);
  }
  const shown = [...byCode].map(([key, at]) => `${at.join(" ")} ${key}`);
  return incomplete === undefined ? shown : [...shown, `given up: ${incomplete}`];
}

/** Findings about FTP, unlike those about the text and the loading of it. */
export function aboutFtp({ diagnostics }: Analysis): Diagnostic[] {
  return diagnostics.filter(({ finding }) => finding !== undefined);
}

type Findings = ReadonlyMap<string, readonly string[]>;

export function readRecord(name: string): Findings {
  const file = new URL(name, import.meta.url);
  const record = new Map<string, string[]>();
  let path = "";
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) {
    if (line.startsWith("  ")) record.get(path)!.push(line.trim());
    else if (line !== "") {
      path = line;
      record.set(path, []);
    }
  }
  return record;
}

export function writeRecord(name: string, findings: Findings): void {
  const lines = [...findings].flatMap(([path, found]) => [path, ...found.map((line) => `  ${line}`)]);
  writeFileSync(new URL(name, import.meta.url), `${lines.join("\n")}\n`);
}
