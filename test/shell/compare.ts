import { firstDifferingCall } from "./calls.ts";
import { type Conclusion, conclude, TOOLS, type Tool } from "./product.ts";
import type { Reality, Script, ShellRig } from "./rig/rig.ts";

/** What a script is expected to leave open: nothing, unless it says so. */
export interface Expectation {
  /**
   * Lines of the real listings that come from values that nobody knows before the script runs. The lines of the script
   * that make them end in `# unknown` or `# maybe`.
   */
  readonly fromOutside?: readonly string[];
}

/** Everything in which the interpreter's conclusion is not what the real shell and the real tools did. */
export async function differences(
  rig: ShellRig,
  script: Script,
  expected: Expectation = {},
): Promise<string[]> {
  const reality = await rig.run(script);
  if (reality.status === "timeout") return ["the real shell did not come to an end"];
  return differencesFrom(shownBy(reality), script, expected);
}

/** For a script in which they differ: the first run of iptables that does, and what the real shell complained of. */
export async function explain(rig: ShellRig, script: Script): Promise<string> {
  const { calls, stderr, status } = await rig.run(script, true);
  const call = firstDifferingCall(calls, conclude(script));
  const parts = [
    call === undefined ? "every run of iptables is as concluded" : `the first that differs is ${call}`,
    stderr === "" ? "" : `the real shell (exit status ${status}) said: ${stderr.trim().slice(0, 600)}`,
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** What the tools show after a script; of the three, nft's without iptables' tables. */
export type Shown = Pick<Reality, "save" | "save6" | "nft">;

/** iptables-save shows iptables' tables, in other words than nft does. */
export function shownBy({ save, save6, nft }: Shown): Shown {
  return { save, save6, nft: nft.replace(OF_IPTABLES, "") };
}

/** In which the conclusion is not what was shown in reality, now or when it was recorded. */
export function differencesFrom(shown: Shown, script: Script, expected: Expectation = {}): string[] {
  const conclusion = conclude(script);
  const open = expected.fromOutside === undefined ? doubts(conclusion) : wronglyOpen(script, conclusion);
  return [...open, ...compare(shown, conclusion, expected)];
}

function compare(shown: Shown, conclusion: Conclusion, { fromOutside }: Expectation): string[] {
  const problems: string[] = [];
  const outside = new Set(fromOutside);
  for (const tool of TOOLS) {
    const certain = conclusion.listings[tool].filter(({ doubt }) => doubt === undefined);
    const problem = firstDifference(
      linesOf(shownOf(shown, tool)).filter((line) => !outside.has(line.trim())),
      linesOf(certain.map(({ text }) => text).join("\n")),
    );
    if (problem !== undefined) problems.push(`${tool}: ${problem}`);
  }
  return problems;
}

/** The lines that are open to the interpreter and not marked so, and the other way round. */
function wronglyOpen({ text }: Script, { openLines }: Conclusion): string[] {
  const lines = text.split("\n");
  const marked = lines.flatMap((line, i) => (/# (?:unknown|maybe)$/.test(line) ? [i + 1] : []));
  const shown = (line: number) => `line ${line}: ${lines[line - 1]!.trim()}`;
  return [
    ...openLines
      .filter((line) => !marked.includes(line))
      .map((line) => `not certain, and could be: ${shown(line)}`),
    ...marked
      .filter((line) => !openLines.includes(line))
      .map((line) => `certain, and cannot be: ${shown(line)}`),
  ];
}

/** What the interpreter says it does not know, where it could. */
export function doubts({ unknowns, maybes, listings }: Conclusion): string[] {
  const lines = TOOLS.flatMap((tool) =>
    listings[tool].flatMap(({ text, doubt }) =>
      doubt === undefined ? [] : [`${tool}: in doubt: ${text.trim()} (${doubt})`],
    ),
  );
  return [
    ...unknowns.map((fact) => `unknown: ${fact}`),
    ...maybes.map((where) => `taken for uncertain: ${where}`),
    ...lines,
  ];
}

/** iptables' tables, which nft shows too: in its own words, as iptables-save does in others. */
const OF_IPTABLES = /^table ip6? (?:filter|nat|mangle|raw|security) \{\n[\s\S]*?^\}\n?/gm;

function shownOf({ save, save6, nft }: Shown, tool: Tool): string {
  if (tool === "nft list ruleset") return nft;
  return tool === "iptables-save" ? save : save6;
}

/** Without comments, counters and empty lines. */
export function linesOf(listing: string): string[] {
  return listing
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s*#/.test(line))
    .map((line) =>
      line
        .replace(/^(:\S+ \S+) \[\d+:\d+\]$/, "$1")
        .replace(/\bcounter packets \d+ bytes \d+/g, "counter")
        .trimEnd(),
    );
}

function firstDifference(real: readonly string[], concluded: readonly string[]): string | undefined {
  const at = real.findIndex((line, i) => line !== concluded[i]);
  if (at < 0 && real.length === concluded.length) return undefined;
  const i = at < 0 ? real.length : at;
  return `line ${i + 1} of ${real.length}: really\n    ${real[i]?.trim() ?? "(the end)"}\n  concluded\n    ${concluded[i]?.trim() ?? "(the end)"}`;
}
