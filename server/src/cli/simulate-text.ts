import type { SimulatedSession } from "../ftp/simulate.ts";
import type { VerdictName } from "../ftp/verdict.ts";
import type { Step } from "../netfilter/state.ts";
import { traceSteps } from "../netfilter/state.ts";
import type { Paint } from "./output.ts";
import type { Places } from "./places.ts";
import { showPlace } from "./places.ts";
import { decidingPlace, decidingStep, reasonOf, showEffect, stepPlace, withPort } from "./reasons.ts";

const STYLES = {
  works: "green",
  blocked: "red",
  "no-control": "red",
  unknown: "yellow",
} as const satisfies Record<VerdictName, string>;

/** The four verdicts as a table, then for each session that does not work what stops it and the way there. */
export function simulateText(sessions: readonly SimulatedSession[], places: Places, paint: Paint): string {
  const failing = sessions.filter((one) => one.verdict.verdict !== "works");
  return `${table(sessions, paint)}\n${failing.map((one) => `\n${explanation(one, places, paint)}`).join("")}`;
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
  const step = decidingStep(verdict.outcome, scenario);
  const at = decidingPlace(verdict);
  const reason = verdict.verdict === "unknown" ? `it depends: ${reasonOf(verdict)}` : reasonOf(verdict);
  const lines = [paint(title, "bold"), `  ${reason}${at ? `  (${showPlace(places.of(at))})` : ""}`];
  if (step) lines.push(`  at the packet: ${step}`);
  return `${[...lines, ...trace(session, places)].join("\n")}\n`;
}

/** Packet by packet, each with the rules that did something to it, in the order they did. */
function trace({ verdict, scenario }: SimulatedSession, places: Places): string[] {
  const { outcome } = verdict;
  if (!outcome) return [];
  const lines: string[] = [];
  let packet = "";
  for (const step of traceSteps(outcome.state.trace)) {
    if (step.packet !== packet) {
      packet = step.packet;
      lines.push(`  ${withPort(packet, outcome, scenario)}`);
    }
    lines.push(`    ${stepLine(step, places)}`);
  }
  return lines;
}

function stepLine(step: Step, places: Places): string {
  const place = stepPlace(step);
  const where = place ? showPlace(places.of(place)) : "";
  const chain = step.chain ? `${step.hook}/${step.chain.name}` : step.hook;
  return `${chain.padEnd(24)} ${showEffect(step).padEnd(18)} ${where}`.trimEnd();
}
