/** A local monotonic clock is enough: it decides no money. */
const REPEAT_MS = 60_000;

/** Lets each line of a lasting problem into the log once a minute instead of every round. */
export class LogThrottle {
  readonly #loggedAt = new Map<string, number>();

  /** @returns whether to log the line now; if so, it counts as logged */
  isDue(line: string): boolean {
    const now = performance.now();
    for (const [known, at] of this.#loggedAt)
      if (now - at >= REPEAT_MS) this.#loggedAt.delete(known);
    if (this.#loggedAt.has(line)) return false;
    this.#loggedAt.set(line, now);
    return true;
  }
}
