import { totals } from "../comparison.ts";
import type { Rig } from "../rig/rig.ts";
import { type SessionName, sessionNames } from "../rig/sessions.ts";
import { askKernel } from "../suite.ts";
import { isUndecidable } from "./features.ts";
import { generate, generateNat, type RandomHost } from "./generate.ts";
import { recordedRulesets } from "./recorded.ts";
import { compareSurely } from "./trial.ts";

/** What every run asks anew; `npm run test:kernel:random` asks for as many as one likes. */
const seed = 20;
const count = 120;
const natCount = 60;

interface Asked extends RandomHost {
  readonly title: string;
  readonly stated?: Readonly<Record<SessionName, string>>;
  readonly mayBeUnknown: boolean;
}

const found = recordedRulesets().map(
  ({ name, kernel, unknown, ...host }): Asked => ({
    ...host,
    title: `found: ${name}`,
    stated: kernel,
    mayBeUnknown: unknown !== undefined || isUndecidable(host.files),
  }),
);

const random = Array.from({ length: count }, (_, number): Asked => {
  const host = generate(seed, number);
  return { ...host, title: `random: seed ${seed}, ruleset ${number}`, mayBeUnknown: true };
});

const translating = Array.from({ length: natCount }, (_, number): Asked => {
  const host = generateNat(seed, number);
  return { ...host, title: `random with NAT: seed ${seed}, ruleset ${number}`, mayBeUnknown: true };
});

askKernel(
  "what the kernel does to FTP through rulesets that nobody chose",
  [...found, ...random, ...translating],
  ({ title }) => title,
  judge,
);

async function judge(rig: Rig, host: Asked): Promise<string[]> {
  const { refused, kernel, simulator, differing, unknown } = await compareSurely(rig, host);
  // Some random rulesets contradict themselves; those that were found are known to load.
  if (refused !== undefined) return host.stated ? [`the real tools refuse it: ${refused}`] : [];
  totals.rulesets++;
  totals.sessions += sessionNames.length;
  totals.agreeing += sessionNames.length - differing.length;
  const problems = differing.map(
    (name) => `${name}: the simulator says ${simulator![name].verdict}, the kernel ${kernel![name]}`,
  );
  if (!host.mayBeUnknown) problems.push(...unknown.map((name) => `${name}: the simulator says unknown`));
  for (const name of host.stated ? sessionNames : []) {
    if (host.stated![name] !== kernel![name]) {
      problems.push(`${name}: recorded as ${host.stated![name]}, now the kernel says ${kernel![name]}`);
    }
  }
  return problems;
}
