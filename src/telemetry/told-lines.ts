/** A local monotonic clock is enough: it decides no money. */
const REPEAT_MS = 60_000;

/** Lines of the log about a trouble that lasts: each is told once a minute, not each round. */
export class ToldLines {
  readonly #told = new Map<string, number>();

  /** @returns whether the line is to be told now; then it counts as told */
  isDue(line: string): boolean {
    const now = performance.now();
    for (const [known, at] of this.#told) if (now - at >= REPEAT_MS) this.#told.delete(known);
    if (this.#told.has(line)) return false;
    this.#told.set(line, now);
    return true;
  }
}
