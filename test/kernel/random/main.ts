// npm run test:kernel:random -- --seed N --count M
// Random rulesets, the real transfers through them, and the simulator's verdicts beside them.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { usualInterfaces } from "../host.ts";
import { inLanes, wholeNumber } from "../many.ts";
import { whatIsMissing } from "../rig/requirements.ts";
import type { Backend } from "../rig/ruleset-loader.ts";
import { type SessionName, sessionNames } from "../rig/sessions.ts";
import { places } from "../rig/topology.ts";
import { RigPool } from "../rig-pool.ts";
import { featuresOf, featureTable, isUndecidable, sessionFeaturesOf } from "./features.ts";
import { generate, generateNat, type RandomHost } from "./generate.ts";
import { minimise } from "./minimise.ts";
import { foundFolder, writeRecorded } from "./recorded.ts";
import { type Comparison, compareSurely } from "./trial.ts";

const usage = `npm run test:kernel:random -- [--seed N] [--count M] [options]
  --seed N         which rulesets (default 1)
  --count M        how many (default 200)
  --only I         just ruleset I of the seed, printed in full
  --backend B      nft (default), legacy, or both: the same iptables rulesets through each
  --nat            rulesets that translate addresses, mostly for gateways
  --on HOST        with --nat: for the gateway, server or client only
  --iptables       iptables files only
  --lanes L        rulesets tried at the same time (default 10)
  --keep           do not minimise or save what disagrees`;

const { values: options } = readOptions();

function readOptions() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        count: { type: "string", default: "200" },
        only: { type: "string" },
        backend: { type: "string", default: "nft" },
        nat: { type: "boolean", default: false },
        on: { type: "string" },
        iptables: { type: "boolean", default: false },
        lanes: { type: "string", default: "10" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(why: string): never {
  console.error(`test:kernel:random: ${why}\n\n${usage}`);
  process.exit(2);
}

function numberOf(option: "seed" | "count" | "lanes" | "only", least: number): number {
  return wholeNumber(option, options[option], least, refuse);
}

const pool = new RigPool();
const lanes = numberOf("lanes", 1);
const seed = numberOf("seed", 0);
const count = numberOf("count", 1);
if (!["nft", "legacy", "both"].includes(options.backend)) refuse("--backend is nft, legacy or both");
const backends: Backend[] =
  options.backend === "both" ? ["nft", "legacy"] : [options.backend === "legacy" ? "legacy" : "nft"];
const on = places.find((place) => place === options.on);
if (options.on !== undefined && (on === undefined || !options.nat)) {
  refuse("--on is gateway, server or client, and needs --nat");
}
const iptablesOnly = options.iptables || options.backend !== "nft";

function hostNumber(number: number): RandomHost {
  return options.nat
    ? generateNat(seed, number, { iptablesOnly, on })
    : generate(seed, number, { iptablesOnly });
}

/** What came out, added up. */
const sums = { rulesets: 0, refused: 0, sessions: 0, disagreeing: 0, unknown: 0, decidable: 0 };
const outcomes = new Map<string, number>();
const features = new Map<string, number>();
const refusals = new Map<string, number>();
const unknowns = new Map<string, number>();

function tally(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function compared(host: RandomHost, backend: Backend): Promise<Comparison> {
  return pool.use(host.interfaces ?? usualInterfaces, (rig) => compareSurely(rig, host, backend));
}

async function tryOne(number: number): Promise<void> {
  const host = hostNumber(number);
  for (const backend of backends) {
    const comparison = await compared(host, backend);
    note(host, comparison, number);
    if (comparison.differing.length > 0) await report(host, comparison, number, backend);
  }
}

function note(host: RandomHost, comparison: Comparison, number: number): void {
  if (comparison.refused !== undefined) {
    sums.refused++;
    tally(refusals, comparison.refused.replace(/\s+/g, " ").slice(0, 160));
    return;
  }
  sums.rulesets++;
  sums.sessions += sessionNames.length;
  if (!isUndecidable(host.files)) sums.decidable += sessionNames.length;
  sums.unknown += comparison.unknown.length;
  for (const name of comparison.unknown) {
    tally(unknowns, `${comparison.simulator![name].reason ?? "?"}  (ruleset ${number})`);
  }
  for (const name of sessionNames) tally(outcomes, comparison.kernel![name]);
  for (const feature of [...featuresOf(host.files), ...sessionFeaturesOf(host)]) tally(features, feature);
}

/** Says what disagrees, makes it small and keeps it. */
async function report(
  host: RandomHost,
  comparison: Comparison,
  number: number,
  backend: Backend,
): Promise<void> {
  sums.disagreeing += comparison.differing.length;
  console.log(`\nDISAGREEMENT: seed ${seed}, ruleset ${number}, on the ${host.on}, backend ${backend}`);
  console.log(differencesOf(comparison));
  if (options.keep) return;
  const small = await minimise(
    host,
    async (candidate) => {
      const found = await compared(candidate, backend);
      return found.differing.some((name) => differenceOf(found, name) === differenceOf(comparison, name));
    },
    2,
  );
  const last = await compared(small, backend);
  console.log(`ruleset ${number}, minimised:\n${differencesOf(last)}`);
  if (last.kernel === undefined) return;
  const text = writeRecorded({ ...small, kernel: last.kernel });
  if (!existsSync(foundFolder)) mkdirSync(foundFolder);
  const file = new URL(`${options.nat ? "nat" : "seed"}-${seed}-${number}.txt`, foundFolder);
  writeFileSync(file, text);
  console.log(text);
}

/** What a smaller ruleset has to show, too: not any difference, but this one. */
function differenceOf({ kernel, simulator, differing }: Comparison, name: SessionName): string | undefined {
  if (!differing.includes(name)) return undefined;
  return `${simulator![name].verdict} ${simulator![name].reason ?? ""} ${kernel![name]}`;
}

function differencesOf({ differing, kernel, simulator }: Comparison): string {
  return differing
    .map((name) => {
      const { verdict, reason } = simulator![name];
      return `  ${name}: the simulator says ${verdict}${reason === undefined ? "" : ` (${reason})`}, the kernel ${kernel![name]}`;
    })
    .join("\n");
}

function summary(): string {
  const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(2)} %`;
  const seen = [...outcomes]
    .map(([outcome, sessions]) => `${outcome} ${share(sessions, sums.sessions)}`)
    .join(", ");
  const top = (map: Map<string, number>) =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 12)
      .map(([what, times]) => `${String(times).padStart(6)}  ${what}`)
      .join("\n");
  return [
    `\nrulesets with each feature:\n${featureTable(features)}`,
    refusals.size > 0 ? `\nrefused by the real tools (not counted):\n${top(refusals)}` : "",
    unknowns.size > 0 ? `\nunknown without an undecidable test:\n${top(unknowns)}` : "",
    `\nkernel: ${seen}`,
    `seed ${seed}: ${sums.rulesets} rulesets, ${sums.refused} refused; ${sums.sessions} sessions, ${sums.disagreeing} disagreeing; ` +
      `unknown in ${sums.unknown} of ${sums.decidable} decidable sessions (${share(sums.unknown, sums.decidable)})`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(`the kernel cannot be asked: ${missing}`);
  if (options.only !== undefined) {
    const number = numberOf("only", 0);
    for (const { kind, text } of hostNumber(number).files) {
      console.log(`--- ${kind}\n${text}`);
    }
    await tryOne(number);
  } else {
    await inLanes(
      Array.from({ length: count }, (_, i) => i),
      lanes,
      tryOne,
    );
    console.log(summary());
  }
  process.exitCode = sums.disagreeing > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // The other lanes may be waiting for a rig that is gone.
  pool.close();
  process.exit(2);
}
pool.close();
