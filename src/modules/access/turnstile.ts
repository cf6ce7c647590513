import { performance } from 'node:perf_hooks';
import { HoldfastError } from '../../common/errors.js';
import { Appointments } from './appointments.js';
import { Turns } from './turns.js';
import { WidthTrial } from './width-trial.js';

/** The part of `performance` that tells how busy the event loop was. */
export interface Utilisation {
  /** Share of the time since the last call that the process was busy, 0 to 1. */
  sinceLast(): number;
}
export interface TurnstileLimits {
  /** Requests that are worked on at once: the fewest, and the most while the process is not busy. */
  readonly least: number;
  readonly most: number;
  /** The most while a tenant floods beside another, when that is enough. */
  readonly few: number;
  /** The fewest while the process is busy and something more urgent is late. */
  readonly urgent: number;
  /** With fewer before it, a request is never refused, however slow the machine is. */
  readonly free: number;
  /** A request that would take longer to be reached is refused at once, milliseconds. */
  readonly waitMs: number;
}
/**
 * The most is what one process builds at once. What is worked on has no turns any more: with 256 of
 * a flood before it, another tenant had a twentieth of its rate.
 */
const LIMITS: TurnstileLimits = {
  least: 16,
  most: 32,
  few: 8,
  urgent: 4,
  free: 64,
  waitMs: 10_000,
};

const LOOK_MS = 100;
/** How long a tenant that has no request is still one beside which another floods. */
const BESIDE_MS = 1_000;
/** Above it more work at once makes every answer later and none faster. */
const BUSY = 0.9;
/** Time over which the rate is taken at which requests end: a shorter one makes wrong promises. */
const RATE_OVER_MS = 1_000;
/** Before the first interval in which requests waited. */
const RATE_ASSUMED = 0.1;
/** How many times its limit a wait may last before the turn comes as a refusal. */
const LATE = 2;
/** How many times its limit a refused request may be told to wait. */
const LATEST = 3;
/** Waiting requests of one process, whatever the rate, and with those of tenants that do not flood. */
const WAITING_MAX = 1000;
const WAITING_MAX_OF_ALL = 2000;

interface Waiting {
  readonly since: number;
  begin(): void;
  refuse(waitedMs: number): void;
}

/**
 * Decides at the door which request is worked on next. Callers take turns, so one that floods makes
 * only its own requests wait. A request that would wait too long is refused at once, before it has
 * cost anything. When the process became slower meanwhile, its turn is a refusal: the rest of its
 * time would not be enough.
 */
export class Turnstile {
  private readonly limits: TurnstileLimits;
  private readonly utilisation: Utilisation;
  private readonly isLate: () => boolean;
  private readonly turns: Turns<Waiting>;
  private limit: number;
  private readonly trial = new WidthTrial();
  private readonly appointments = new Appointments();
  /** When a tenant was last seen to flood beside another. */
  private besideAt = -Infinity;
  private ended = 0;
  /** Requests that end in a millisecond while others wait. */
  private rate = RATE_ASSUMED;
  /** Whether requests waited, or were refused, since the last look. */
  private pressed = false;
  private lookedAt = performance.now();

  constructor({
    limits = LIMITS,
    utilisation = ownUtilisation(),
    isLate = () => false,
  }: {
    readonly limits?: TurnstileLimits;
    readonly utilisation?: Utilisation;
    /** Whether work that goes before new loans is late in this process. */
    readonly isLate?: () => boolean;
  } = {}) {
    this.limits = limits;
    this.turns = new Turns(limits.most);
    this.utilisation = utilisation;
    this.isLate = isLate;
    this.limit = limits.least;
  }

  /**
   * Costs next to nothing, so it may be asked before anything that waits.
   * @throws HoldfastError BUSY_RETRY when a request of this caller would wait too long
   */
  refuseIfBusy(caller: string): void {
    this.look();
    const { running, waiting } = this.turns;
    const before = running + waiting;
    if (before < this.limits.free) return;
    const wait = this.waitOf(caller);
    const most = this.turns.isFlooding(caller) ? WAITING_MAX : WAITING_MAX_OF_ALL;
    if (wait <= this.limits.waitMs && waiting < most) return;
    this.pressed = true;
    const everyMs = 1 / this.rateAtLeast;
    const mostMs = LATEST * this.limits.waitMs;
    throw tooBusy(before, this.appointments.make(caller, { waitMs: wait, everyMs, mostMs }));
  }

  /**
   * Resolves when the request may begin. Call the result once, when its answer has been sent or its
   * caller has gone.
   * @param gone its callback is called when the caller has gone
   * @throws HoldfastError BUSY_RETRY at once when the wait would be too long
   */
  async enter(caller: string, gone: (callback: () => void) => void): Promise<() => void> {
    this.refuseIfBusy(caller);
    const { running, waiting } = this.turns;
    if (running < this.limit && waiting === 0) return this.begun(caller);
    return new Promise((resolve, reject) => {
      const member: Waiting = {
        since: performance.now(),
        begin: () => {
          resolve(this.begun(caller));
        },
        refuse: (waitedMs) => {
          reject(tooBusy(this.turns.running + this.turns.waiting, waitedMs));
        },
      };
      this.turns.add(caller, member);
      this.pressed = true;
      gone(() => {
        if (this.turns.remove(caller, member))
          reject(new HoldfastError('BUSY_RETRY', 'The caller has gone.'));
      });
      // there may be room that a tenant that floods was not let into
      this.next();
    });
  }

  private begun(caller: string): () => void {
    this.turns.begin(caller);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.turns.end(caller);
      this.ended++;
      this.look();
      this.next();
    };
  }

  private next(): void {
    if (this.turns.hasFloodBeside) this.besideAt = performance.now();
    const few = this.isBeside && this.trial.isNarrow ? this.limits.few : undefined;
    while (this.turns.running < this.limit) {
      const member = this.turns.take(few);
      if (!member) return;
      const waited = performance.now() - member.since;
      if (waited > LATE * this.limits.waitMs) member.refuse(waited);
      else member.begin();
    }
  }

  /** Milliseconds until those that begin before a new request of this caller have ended. */
  private waitOf(caller: string): number {
    return this.turns.before(caller) / this.rateAtLeast;
  }

  /** The rate, without the promise of a wait for ever when nothing has ended. */
  private get rateAtLeast(): number {
    return Math.max(this.rate, 1 / this.limits.waitMs);
  }

  /** Whether a tenant floods while another has a request, or had one a moment ago. */
  private get isBeside(): boolean {
    return performance.now() - this.besideAt < BESIDE_MS;
  }

  /** Adapts to what the process can do, from the last interval. */
  private look(): void {
    const elapsed = performance.now() - this.lookedAt;
    if (elapsed < LOOK_MS) return;
    const busy = this.utilisation.sinceLast();
    // a rate at which nobody waited says nothing about what the process can do
    if (this.pressed)
      this.rate += (this.ended / elapsed - this.rate) * Math.min(1, elapsed / RATE_OVER_MS);
    if (this.isBeside) this.trial.pass(elapsed, this.ended);
    this.pressed = this.turns.waiting > 0;
    // a node or a database that is slow is relieved too, but may be slow for another reason
    if (this.isLate()) this.limit = busy >= BUSY ? this.limits.urgent : this.limits.least;
    else if (busy >= BUSY) this.limit = Math.max(this.limits.least, Math.floor(this.limit * 0.8));
    else if (this.turns.running >= this.limit)
      this.limit = Math.min(this.limits.most, this.limit * 2);
    this.appointments.sweep();
    this.ended = 0;
    this.lookedAt = performance.now();
  }
}

function ownUtilisation(): Utilisation {
  let last = performance.eventLoopUtilization();
  return {
    sinceLast: () => {
      const { utilization } = performance.eventLoopUtilization(last);
      last = performance.eventLoopUtilization();
      return utilization;
    },
  };
}

function tooBusy(before: number, waitMs: number): HoldfastError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new HoldfastError(
    'BUSY_RETRY',
    `${before} requests are being answered or wait for it; this one would take ` +
      `${Math.ceil(waitMs / 100) / 10} s. No hold was made; ask again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
