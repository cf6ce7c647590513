/** A local monotonic clock is enough: it decides no money. */
const REPEAT_MS = 60_000;

/** Lets a line about a lasting fault into the log once a minute, not on every round. */
export class LogThrottle {
  readonly #logged = new Map<string, number>();

  /** @returns whether to log the line now; then it counts as logged */
  isDue(line: string): boolean {
    const now = performance.now();
    for (const [known, at] of this.#logged) if (now - at >= REPEAT_MS) this.#logged.delete(known);
    if (this.#logged.has(line)) return false;
    this.#logged.set(line, now);
    return true;
  }
}
