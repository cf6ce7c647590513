/** Steps of known length, with the time that is left. */
export class Progress {
  readonly #begun = performance.now();
  #done = 0;

  constructor(
    private readonly totalSeconds: number,
    private readonly say: (line: string) => void,
  ) {}

  /** @param seconds planned for what comes now */
  next(what: string, seconds: number): void {
    const spent = (performance.now() - this.#begun) / 1000;
    // a slow machine needs longer than planned, and so will the rest
    const pace = this.#done > 0 ? Math.max(1, spent / this.#done) : 1;
    const left = Math.max(0, this.totalSeconds - this.#done) * pace;
    const share = Math.min(99, Math.round((this.#done / this.totalSeconds) * 100));
    this.say(`${String(share).padStart(3)} %  ${timeOf(left).padStart(7)} left  ${what}`);
    this.#done += seconds;
  }
}

const timeOf = (seconds: number): string =>
  seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
