/** Runs a job for a document after a pause; a new wish for the same document takes the place of the old one. */
export class Schedule {
  readonly #job: (uri: string) => Promise<void>;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(job: (uri: string) => Promise<void>) {
    this.#job = job;
  }

  /** `delay` in milliseconds. */
  run(uri: string, delay: number): void {
    this.cancel(uri);
    const timer = setTimeout(() => {
      this.#timers.delete(uri);
      void this.#job(uri);
    }, delay);
    this.#timers.set(uri, timer);
  }

  cancel(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
  }

  isWaiting(uri: string): boolean {
    return this.#timers.has(uri);
  }
}
