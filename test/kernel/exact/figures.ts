import { families, modes } from "./points.ts";
import { type Comparison, isDecided } from "./trial.ts";

/** What came out, added up: also whether the rulesets told anything apart. */
export class Figures {
  rulesets = 0;
  refused = 0;
  points = 0;
  errors = 0;
  unknown = 0;
  differing = 0;
  /** Rulesets in which some port, some client of one session's passes and another does not. */
  splitByPort = 0;
  splitByClient = 0;
  readonly outcomes = new Map<string, number>();
  /** Why the simulator does not commit itself. */
  readonly doubts = new Map<string, number>();

  add({ refused, compared, differing }: Comparison): void {
    if (refused !== undefined) {
      this.refused++;
      return;
    }
    this.rulesets++;
    this.points += compared.length;
    this.differing += differing.length;
    for (const one of compared) {
      const { outcome } = one.result;
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      if (outcome === "error") this.errors++;
      else if (!isDecided(one)) {
        this.unknown++;
        for (const doubt of one.prediction.doubts) this.doubts.set(doubt, (this.doubts.get(doubt) ?? 0) + 1);
      }
    }
    if (isSplit(compared, ({ client }) => `client ${client}`)) this.splitByPort++;
    if (isSplit(compared, ({ serverPort, clientPort }) => `ports ${serverPort} ${clientPort}`))
      this.splitByClient++;
  }

  text(): string {
    const share = (part: number) => `${((100 * part) / Math.max(1, this.points)).toFixed(2)} %`;
    const outcomes = [...this.outcomes].map(([outcome, points]) => `${outcome} ${share(points)}`).join(", ");
    return (
      `${this.rulesets} rulesets (${this.refused} refused, not counted), ${this.splitByPort} split among ports and ` +
      `${this.splitByClient} among clients; ${this.points} points: ${outcomes}; ` +
      `${this.unknown} unknown (${share(this.unknown)}), ${this.differing} disagreeing`
    );
  }
}

/** Whether of the sessions that are alike in mode, family and `fixed` some pass and others do not. */
function isSplit(
  compared: Comparison["compared"],
  fixed: (point: Comparison["compared"][number]["point"]) => string,
): boolean {
  return modes.some((mode) =>
    families.some((family) => {
      const seen = new Map<string, boolean>();
      return compared.some(({ point, result }) => {
        if (point.mode !== mode || point.family !== family || result.outcome === "error") return false;
        const key = fixed(point);
        const passes = result.outcome === "works";
        const before = seen.get(key);
        seen.set(key, passes);
        return before !== undefined && before !== passes;
      });
    }),
  );
}
