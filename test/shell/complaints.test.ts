import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parseShell } from "../../server/src/syntax/shell/parse.ts";
import { SCRIPTS } from "./broken-scripts.ts";

const missing = ["bash", "dash"].filter((shell) => spawnSync(shell, ["-c", ":"]).status !== 0);
const skip = missing.length > 0 ? `no ${missing.join(" and no ")} on this machine` : undefined;
if (skip !== undefined && process.env.CI === "true") throw new Error(`SKIPPED: ${skip}`);

/** What `shell -n` says, which reads the script and runs nothing: the line of the error, 0 for none. */
function errorLine(shell: "bash" | "dash", script: string): { readonly line: number; readonly text: string } {
  // With -n the script's own `shopt` is not run, and changes nothing about what is read after it.
  const extended = shell === "bash" && /^shopt -s (?:\w+ )*extglob\b/m.test(script) ? ["-O", "extglob"] : [];
  const { status, stderr } = spawnSync(shell, [...extended, "-n"], { input: script, encoding: "utf8" });
  const line = /(?:line |dash: )(\d+): (?!warning)/.exec(stderr)?.[1];
  return { line: status === 0 || line === undefined ? 0 : Number(line), text: stderr };
}

function linesOf(script: string, severity: string): number[] {
  const problems = parseShell(script).problems.filter((one) => one.severity === severity);
  return problems.map(({ span }) => script.slice(0, span.start).split("\n").length);
}

for (const [script] of SCRIPTS)
  test(`bash and dash read ${JSON.stringify(script)}`, { skip }, () => {
    const bash = errorLine("bash", script);
    const [first] = linesOf(script, "error");
    assert.equal(first !== undefined, bash.line > 0, bash.text);
    if (first !== undefined) assert.ok(first <= bash.line, `we say line ${first}, bash ${bash.text}`);
    if (/here-document/.test(bash.text)) assert.equal(linesOf(script, "warning").length, 1);
    if (!script.startsWith("#!/bin/sh")) return;
    const dash = errorLine("dash", script);
    const stops = parseShell(script).problems.some(
      ({ code, message }) => code === "bash-only" && message.includes("Syntax error"),
    );
    assert.equal(stops, dash.line > 0, dash.text);
  });

/** The project's own scripts, and those of its tests and examples. */
function scripts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sh") && !/(?:^|\/)(?:node_modules|dist|\.git)\//.test(path))
    .map((path) => `${folder}/${path}`);
}

for (const path of [...scripts("scripts"), ...scripts("test"), ...scripts("examples"), ...scripts("docs")])
  test(`${path} is read as bash reads it`, { skip }, () => {
    const text = readFileSync(path, "utf8");
    const bash = errorLine("bash", text);
    assert.equal(linesOf(text, "error").length > 0, bash.line > 0, bash.text);
    if (!/^#!\s*\S*\bsh\b/.test(text)) return;
    const dash = errorLine("dash", text);
    const stops = parseShell(text).problems.some(({ message }) => message.includes("Syntax error"));
    assert.equal(stops, dash.line > 0 && bash.line === 0, dash.text);
  });
