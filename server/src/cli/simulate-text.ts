import type { SimulatedSession } from "../ftp/simulate.ts";
import type { VerdictName } from "../ftp/verdict.ts";
import type { Rule } from "../model/rule.ts";
import type { Step } from "../netfilter/state.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { Paint } from "./output.ts";
import { passingLines } from "./passing.ts";
import type { Places } from "./places.ts";
import { showPlace } from "./places.ts";
import { decidingPlace, decidingStep, reasonOf, showEffect, stepPlace, withPort } from "./reasons.ts";

const STYLES = {
  works: "green",
  blocked: "red",
  "no-control": "red",
  unknown: "yellow",
} as const satisfies Record<VerdictName, string>;

/**
 * The four verdicts as a table, then for each session that does not work (or for every one) what stops it and the way
 * there, packet by packet, with the text of the rules that did something.
 */
export function simulateText(
  sessions: readonly SimulatedSession[],
  places: Places,
  paint: Paint,
  traceAll = false,
): string {
  const told = sessions.filter((one) => traceAll || one.verdict.verdict !== "works");
  const ports = sessions.flatMap(passingLines);
  const between = ports.length > 0 ? `\n${ports.join("\n")}\n` : "";
  return `${table(sessions, paint)}\n${between}${told.map((one) => `\n${explanation(one, places, paint)}`).join("")}`;
}

function table(sessions: readonly SimulatedSession[], paint: Paint): string {
  const modes = [...new Set(sessions.map((one) => one.mode))];
  const rows = modes.map((mode) => {
    const cells = ([4, 6] as const).map((family) => {
      const session = sessions.find((one) => one.mode === mode && one.family === family);
      const verdict = session?.verdict.verdict;
      return verdict ? paint(verdict.padEnd(12), STYLES[verdict]) : "".padEnd(12);
    });
    return `${mode.padEnd(10)}${cells.join("")}`.trimEnd();
  });
  return [`${"".padEnd(10)}${"IPv4".padEnd(12)}IPv6`, ...rows].join("\n");
}

function explanation(session: SimulatedSession, places: Places, paint: Paint): string {
  const { mode, family, verdict, scenario } = session;
  const title = `${mode} over IPv${family}: ${paint(verdict.verdict, STYLES[verdict.verdict])}`;
  const lines = [paint(title, "bold")];
  const reason = reasonOf(verdict);
  if (reason !== undefined) {
    const at = decidingPlace(verdict);
    const said = verdict.verdict === "unknown" ? `it depends on ${reason}${optionFor(reason)}` : reason;
    lines.push(`  ${said}${at ? `  (${showPlace(places.of(at))})` : ""}`);
  }
  const step = decidingStep(verdict.outcome, scenario);
  if (step) lines.push(`  at the packet: ${step}`);
  return `${[...lines, ...trace(session, places, paint)].join("\n")}\n`;
}

/** Facts that whoever asks can state. */
const OPTIONS: Readonly<Record<string, string>> = {
  "the interface towards the client": "--client-interface (and --server-interface)",
  "the interface towards the server": "--server-interface (and --client-interface)",
  "the client's address": "--client",
  "the address that the client dials": "--server or --connect-to",
  "the client's source port of the control connection": "--client-ports",
  "the client's port of the data connection": "--client-ports",
};

function optionFor(reason: string): string {
  const option = Object.hasOwn(OPTIONS, reason) ? OPTIONS[reason] : undefined;
  return option === undefined ? "" : `; state it with ${option}`;
}

/** Packet by packet, each with what became of it at every hook, in order. */
function trace({ verdict, scenario }: SimulatedSession, places: Places, paint: Paint): string[] {
  const { outcome } = verdict;
  if (!outcome) return [];
  const steps = traceSteps(outcome.state.trace);
  const several = new Set(steps.map((step) => stepPlace(step)?.path)).size > 2;
  const lines: string[] = [];
  let packet = "";
  for (const [i, step] of steps.entries()) {
    if (step.packet !== packet) {
      packet = step.packet;
      lines.push("", `  ${paint(withPort(packet, outcome, scenario), "bold")}`);
    }
    lines.push(`    ${stepLine(step, passedOver(steps.slice(0, i), step), places, several, paint)}`);
  }
  return lines;
}

/** How many rules of the step's chain the packet met before, without effect. */
function passedOver(before: readonly Step[], { packet, hook, chain, rule }: Step): number {
  if (!chain) return 0;
  const placeIn = (one: Rule | undefined) => (one ? chain.rules.indexOf(one) : chain.rules.length);
  const here = placeIn(rule);
  const previous = before.filter(
    (one) => one.packet === packet && one.hook === hook && one.chain === chain && one.rule,
  );
  const last = Math.max(-1, ...previous.map((one) => placeIn(one.rule)).filter((at) => at < here));
  return Math.max(0, here - last - 1);
}

const WIDEST_RULE = 70;

function stepLine(step: Step, skipped: number, places: Places, several: boolean, paint: Paint): string {
  if (step.effect.kind === "conntrack") return paint(`${step.hook.padEnd(12)} ${showEffect(step)}`, "dim");
  const place = stepPlace(step);
  const where = place && places.of(place);
  const line = where ? `${several ? `${where.path}:` : "line "}${where.range.start.line + 1}` : "";
  const text = where && step.rule ? shortened(places.line(where.path, where.range.start.line).trim()) : "";
  const others =
    skipped === 0
      ? ""
      : paint(`  (${skipped} ${skipped === 1 ? "rule" : "rules"} before it did not decide)`, "dim");
  const chain = step.chain?.name ?? "";
  return (
    `${step.hook.padEnd(12)} ${chain.padEnd(16)} ${showEffect(step).padEnd(20)} ${line.padEnd(9)} ${text}`.trimEnd() +
    others
  );
}

function shortened(text: string): string {
  return text.length > WIDEST_RULE ? `${text.slice(0, WIDEST_RULE - 1)}…` : text;
}
