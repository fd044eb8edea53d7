import { ruleKey } from "../ftp/judgement.ts";
import type { Origin } from "../text/origin.ts";
import type { Finding } from "./check.ts";

// One text of a script makes a rule for each round of a loop and each call of a function. What is wrong with these
// rules is said once, where the author wrote them, with the values that make it so.

/** The same of several rules of one text once, and with the values of the loops and calls around them. */
export function oncePerText(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, { readonly finding: Finding; readonly origins: Origin[] }>();
  for (const [index, finding] of findings.entries()) {
    // Findings about sessions are grouped already.
    const key = finding.cases.length > 0 ? String(index) : textKey(finding);
    const known = kept.get(key);
    if (known) known.origins.push(finding.origin);
    else kept.set(key, { finding, origins: originsOf(finding) });
  }
  return [...kept.values()].map(({ finding, origins }) => {
    const values = valuesOf(origins);
    return values === "" ? finding : { ...finding, message: `${finding.message} ${values}` };
  });
}

/** Of what loops and calls make, the first message stands for all. */
function textKey({ code, message, origin }: Finding): string {
  const place = `${code} ${origin.file}:${origin.statement.start}:${origin.span.start}`;
  return origin.frames.length > 0 ? place : `${place} ${message}`;
}

/** Where the rules of a finding's text come from, those that its sessions pass. */
function originsOf({ origin, cases }: Finding): Origin[] {
  const key = ruleKey({ origin });
  const letIn = cases.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ verdict, state }) => (verdict === "works" ? [] : state.controlPermits.named)),
  );
  return [origin, ...letIn.filter((rule) => ruleKey(rule) === key).map((rule) => rule.origin)];
}

/** More values than this are not told one by one. */
const MOST_VALUES = 4;

/** "This is the rule with port=21, as `allow eth0` makes it."; empty where only one rule is made of the text. */
function valuesOf(origins: readonly Origin[]): string {
  const loops = new Map<string, Set<string>>();
  const calls = new Set<string>();
  for (const { frames } of origins) {
    for (const { kind, name, detail = "" } of frames) {
      if (kind !== "loop" || !detail.startsWith(`${name}=`)) continue;
      const values = loops.get(name) ?? new Set();
      loops.set(name, values.add(detail.slice(name.length + 1)));
    }
    // What calls the caller says nothing of this rule.
    const call = frames.findLast(({ kind }) => kind === "function");
    if (call?.detail) calls.add(`\`${call.name} ${call.detail}\``);
  }
  const parts = [
    ...(loops.size > 0
      ? [`with ${[...loops].map(([name, values]) => `${name}=${list(values)}`).join(", ")}`]
      : []),
    ...(calls.size > 0 ? [`as ${list(calls)} ${calls.size === 1 ? "makes" : "make"} it`] : []),
  ];
  return parts.length === 0 ? "" : `This is the rule ${parts.join(", ")}.`;
}

function list(values: ReadonlySet<string>): string {
  const shown = [...values].slice(0, MOST_VALUES);
  return `${shown.join(" or ")}${values.size > shown.length ? " and so on" : ""}`;
}
