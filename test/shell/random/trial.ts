import { differences, doubts } from "../compare.ts";
import { conclude } from "../product.ts";
import type { ShellRig } from "../rig/rig.ts";
import { generate, type RandomScript, scriptOf } from "./generate.ts";
import { minimise } from "./minimise.ts";

/** A random script in which the interpreter is wrong. */
export interface Failure {
  readonly number: number;
  readonly script: RandomScript;
  readonly problems: readonly string[];
}

/** Tries scripts 0 to `count` - 1 of a seed, `lanes` at a time. */
export async function tryMany(
  rig: ShellRig,
  seed: number,
  count: number,
  lanes: number,
  failed: (failure: Failure) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const number = next++;
      const script = generate(seed, number);
      const problems = await differences(rig, scriptOf(script));
      if (problems.length > 0) await failed({ number, script, problems });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** The smallest script that shows the first of the problems. */
export function minimised(rig: ShellRig, { script, problems }: Failure): Promise<RandomScript> {
  const kind = kindOf(problems[0]!);
  return minimise(script, async (candidate) => {
    const smaller = scriptOf(candidate);
    // What the interpreter does not know, it does not know without a kernel.
    const said = doubts(conclude(smaller));
    const found = said.length > 0 || DOUBT.test(kind) ? said : await differences(rig, smaller);
    return found.length > 0 && kindOf(found[0]!) === kind;
  });
}

const DOUBT = /^(?:unknown|taken for uncertain)|: in doubt/;

/** What a smaller script has to show, too: not any difference, but this kind; an unknown with its reason. */
export function kindOf(problem: string): string {
  const inDoubt = /^([^:]*: in doubt): .* \(((?:\S+ ){0,3}\S*)[^()]*\)$/.exec(problem);
  if (inDoubt !== null) return `${inDoubt[1]}: ${inDoubt[2]}`;
  const [, kind = problem, rest = ""] = /^([^:]*): (.*)/.exec(problem) ?? [];
  if (!DOUBT.test(kind)) return kind;
  const reason = rest.replace(/^.*?line \d+: /, "");
  return `${kind} ${kind === "unknown" ? reason.slice(0, 12) : ""}`;
}
