/** A local monotonic clock is enough, because it decides no amount. */
const REPEAT_MS = 60_000;

/** Logs a line about a lasting fault once a minute instead of every round. */
export class LogThrottle {
  readonly #logged = new Map<string, number>();

  /** @returns whether to log the line now; it then counts as logged */
  isDue(line: string): boolean {
    const now = performance.now();
    for (const [known, at] of this.#logged) if (now - at >= REPEAT_MS) this.#logged.delete(known);
    if (this.#logged.has(line)) return false;
    this.#logged.set(line, now);
    return true;
  }
}
