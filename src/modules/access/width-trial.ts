export interface WidthTimes {
  /** How long each width is tried, milliseconds. */
  readonly trialMs: number;
  /** Until the next trial of both. */
  readonly cycleMs: number;
}
const TIMES: WidthTimes = { trialMs: 1_000, cycleMs: 10_000 };

/** Until the requests that began at the other width have ended. */
const SETTLES = 0.3;
/** Share of the wide rate that is enough to stay narrow. */
const ENOUGH = 0.7;
const NEWEST = 0.5;

type Width = 'narrow' | 'wide';

/**
 * Finds out whether the process ends about as many requests when few are worked on at once. Then
 * the others only wait in front of the node or the processor, where tenants have no turns, and one
 * that asks little waits behind all of them. Where each request waits for a reply that comes no
 * sooner, few at once would only waste what the process can do.
 */
export class WidthTrial {
  /** Position in the cycle: a trial of each width, then the better one. */
  private at = 0;
  /** Requests and milliseconds of this trial. */
  private ended = 0;
  private lasted = 0;
  /** Requests that end in a millisecond. */
  private readonly rates: Partial<Record<Width, number>> = {};

  constructor(private readonly times: WidthTimes = TIMES) {}

  get isNarrow(): boolean {
    return this.width === 'narrow';
  }

  /** Call it only for time in which the width matters. */
  pass(elapsedMs: number, ended: number): void {
    const { trialMs, cycleMs } = this.times;
    const trial = this.trial;
    if (trial && this.at % trialMs >= SETTLES * trialMs) {
      this.ended += ended;
      this.lasted += elapsedMs;
    }
    this.at = (this.at + elapsedMs) % cycleMs;
    if (trial === undefined || this.trial === trial) return;
    if (this.lasted > 0) this.note(trial, this.ended / this.lasted);
    [this.ended, this.lasted] = [0, 0];
  }

  private note(width: Width, rate: number): void {
    this.rates[width] = rate * NEWEST + (this.rates[width] ?? rate) * (1 - NEWEST);
  }

  private get trial(): Width | undefined {
    if (this.at < this.times.trialMs) return 'narrow';
    return this.at < 2 * this.times.trialMs ? 'wide' : undefined;
  }

  private get width(): Width {
    if (this.trial) return this.trial;
    const { narrow = 0, wide = 0 } = this.rates;
    return narrow >= ENOUGH * wide ? 'narrow' : 'wide';
  }
}
