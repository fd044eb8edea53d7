/** Thrown when an analysis was cancelled or used up its steps; the answer is then "unknown: too large". */
export class BudgetExceeded extends Error {
  readonly cancelled: boolean;

  constructor(cancelled: boolean) {
    super(cancelled ? "cancelled" : "too large to follow");
    this.cancelled = cancelled;
  }
}

/** Bounds the work of one analysis; checks for cancellation now and then. */
export class Budget {
  #left: number;
  readonly #cancelled: () => boolean;

  /** `steps`: how many rule evaluations and forks are allowed. */
  constructor(steps = 10_000_000, cancelled: () => boolean = () => false) {
    this.#left = steps;
    this.#cancelled = cancelled;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BudgetExceeded(false);
    if (this.#cancelled()) throw new BudgetExceeded(true);
  }
}
