import { HoldfastError } from '../../common/errors.js';

export interface BuildLimits {
  /** Builds that ask the node at once. */
  readonly atOnce: number;
  /** A build that would wait longer for its turn is refused at once, milliseconds. */
  readonly waitMs: number;
}
/** Each asks for two replies at the same time, and the transport has 64 sockets. */
export const BUILDS_AT_ONCE = 32;
/** How much the newest build counts in the time that one takes. */
const NEWEST = 0.1;
/** Before the first build has ended. */
const ASSUMED_MS = 200;

/**
 * Bounds the transactions that are built at once on one node. A node that is asked for more answers
 * each of them later, and none of them faster. A build that could not begin in time is refused
 * before it costs a simulation.
 */
export class BuildTurns {
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private takesMs = ASSUMED_MS;

  constructor(private readonly limits: BuildLimits) {}

  /** @throws HoldfastError BUSY_RETRY when the turn would come too late */
  async run<T>(build: () => Promise<T>): Promise<T> {
    await this.turn();
    const since = performance.now();
    try {
      return await build();
    } finally {
      this.takesMs += (performance.now() - since - this.takesMs) * NEWEST;
      const next = this.waiting.shift();
      // the turn is handed on, so `running` stays as it is
      if (next) next();
      else this.running--;
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.limits.atOnce) {
      this.running++;
      return;
    }
    const waitMs = Math.ceil((this.waiting.length + 1) / this.limits.atOnce) * this.takesMs;
    if (waitMs > this.limits.waitMs) throw this.busy(waitMs);
    const turn = new Promise<void>((begin) => this.waiting.push(begin));
    await turn;
  }

  private busy(waitMs: number): HoldfastError {
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
    return new HoldfastError(
      'BUSY_RETRY',
      `The Stellar node is building ${this.running} transactions and ${this.waiting.length} wait; ` +
        `this one would wait ${Math.ceil(waitMs / 100) / 10} s. No hold was made; ask again in ` +
        `${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    );
  }
}
