const KEPT = 30;

/**
 * What a walk did: the last lines, which show why it failed, and how often each kind of thing
 * happened.
 */
export class Diary {
  readonly counts: Record<string, number> = {};
  readonly #lines: string[] = [];

  constructor(private readonly ledger: () => number) {}

  count(what: string, times = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + times;
  }
  say(line: string): void {
    this.#lines.push(`ledger ${this.ledger()}: ${line}`);
    if (this.#lines.length > KEPT) this.#lines.shift();
  }
  get last(): readonly string[] {
    return this.#lines;
  }
}
