import { type Compared, type Comparison, differs, isDecided, isShown } from "./trial.ts";

/** What came out, added up: also whether the rulesets told anything apart. */
export class Figures {
  rulesets = 0;
  refused = 0;
  points = 0;
  errors = 0;
  /** Sessions that the sets leave open, because they hold for any control connection or because of a doubt. */
  doubtful = 0;
  /** Sessions that have several verdicts although all their ports are known. */
  unknown = 0;
  differing = 0;
  /** Came out as predicted only when they were tried again, alone. */
  disturbed = 0;
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
    this.disturbed += compared.filter(differs).length - differing.length;
    for (const one of compared) {
      const { outcome } = one.result;
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      if (outcome === "error") {
        this.errors++;
        continue;
      }
      if (!isShown(one)) this.doubtful++;
      if (!isDecided(one)) {
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
      `${this.doubtful} left open by the sets (${share(this.doubtful)}), ${this.unknown} unknown ` +
      `(${share(this.unknown)}), ${this.disturbed} only right when alone, ${this.differing} disagreeing`
    );
  }
}

/** Whether of the sessions that are alike in mode, family and what `alike` says some pass and others do not. */
function isSplit(compared: readonly Compared[], alike: (point: Compared["point"]) => string): boolean {
  const seen = new Map<string, boolean>();
  return compared.some(({ point, result }) => {
    if (result.outcome === "error") return false;
    const key = `${point.mode} ${point.family} ${alike(point)}`;
    const passes = result.outcome === "works";
    const before = seen.get(key) ?? passes;
    seen.set(key, passes);
    return before !== passes;
  });
}
