import type { FixTrial } from "./fix-trial.ts";

/** What came out of the fixes with one strategy, added up. */
export class FixFigures {
  #rulesets = 0;
  #found = 0;
  #changed = 0;
  #blocked = 0;
  #repaired = 0;
  #declinedSessions = 0;
  #undecidedSessions = 0;
  #wrong = 0;
  #declined = 0;
  readonly #declines = new Map<string, string[]>();
  readonly #undecided = new Map<string, string[]>();

  /** `name` is how the ruleset is called where reasons are listed. */
  add(trial: FixTrial, name: string): void {
    this.#rulesets++;
    this.#blocked += trial.blocked.length;
    this.#repaired += trial.repaired.length;
    if (trial.found) this.#found++;
    if (trial.changed) this.#changed++;
    if (trial.wrong.length > 0) this.#wrong++;
    const declined = Object.values(trial.declined);
    const undecided = Object.values(trial.undecided);
    this.#declinedSessions += declined.length;
    this.#undecidedSessions += undecided.length;
    if (trial.found && declined.length > 0) this.#declined++;
    for (const reason of new Set(declined)) list(this.#declines, reason, name);
    for (const reason of new Set(undecided)) list(this.#undecided, reason, name);
  }

  get wrong(): number {
    return this.#wrong;
  }

  /** Of the sessions that were blocked, the share that is repaired. */
  get repairedShare(): number {
    return this.#repaired / Math.max(1, this.#blocked);
  }

  summary(strategy: string): string {
    return [
      ...reasonTable(`declined with ${strategy}`, this.#declines),
      ...reasonTable(`undecided after a fix with ${strategy}`, this.#undecided),
      this.sums(strategy),
    ].join("\n");
  }

  sums(strategy: string): string {
    const share = ((100 * this.#declined) / Math.max(1, this.#found)).toFixed(1);
    return (
      `${strategy}: ${this.#rulesets} rulesets, ${this.#found} with findings, ${this.#changed} changed; ` +
      `${this.#blocked} sessions blocked, ${this.#repaired} repaired, ${this.#declinedSessions} declined, ` +
      `${this.#undecidedSessions} undecided; ${this.#declined} rulesets declined (${share} % of those with findings), ` +
      `${this.#wrong} wrong`
    );
  }
}

function list(map: Map<string, string[]>, reason: string, name: string): void {
  map.set(reason, [...(map.get(reason) ?? []), name]);
}

function reasonTable(title: string, reasons: ReadonlyMap<string, readonly string[]>): string[] {
  if (reasons.size === 0) return [];
  const lines = [...reasons]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, names]) => {
      const examples = names.slice(0, 4).join(", ");
      return `${String(names.length).padStart(6)}  ${reason}  (ruleset ${examples})`;
    });
  return [`\n${title}:`, ...lines];
}
