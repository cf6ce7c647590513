import { performance } from 'node:perf_hooks';
import { HoldfastError } from '../../common/errors.js';

/** The part of `performance` that tells how busy the event loop was. */
export interface Utilisation {
  /** Share of the time since the last call that the process was busy, 0 to 1. */
  sinceLast(): number;
}
export interface TurnstileLimits {
  /** Requests that are worked on at once: the fewest, and the most while the process is not busy. */
  readonly least: number;
  readonly most: number;
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
const LIMITS: TurnstileLimits = { least: 16, most: 32, urgent: 4, free: 64, waitMs: 10_000 };

const LOOK_MS = 100;
/** Above it more work at once makes every answer later and none faster. */
const BUSY = 0.9;
/** How much the newest interval counts in the rate at which requests end. */
const NEWEST = 0.3;
/** Before the first interval in which requests waited. */
const RATE_ASSUMED = 0.1;
/** How many times its limit a wait may last before the turn comes as a refusal. */
const LATE = 2;
/** Waiting requests of one process, whatever the rate. */
const WAITING_MAX = 1000;

interface Waiting {
  readonly caller: string;
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
  /** Callers that wait, in the order of their turns. */
  private readonly queues = new Map<string, Waiting[]>();
  private waiting = 0;
  private running = 0;
  private limit: number;
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
    this.utilisation = utilisation;
    this.isLate = isLate;
    this.limit = limits.least;
  }

  /**
   * Resolves when the request may begin. Call the result once, when its answer has been sent or its
   * caller has gone.
   * @param gone its callback is called when the caller has gone
   * @throws HoldfastError BUSY_RETRY at once when the wait would be too long
   */
  async enter(caller: string, gone: (callback: () => void) => void): Promise<() => void> {
    this.look();
    if (this.running < Math.min(this.limit, this.limits.least) && this.waiting === 0)
      return this.begun();
    const wait = this.waitOf(caller);
    const before = this.running + this.waiting;
    if (before >= this.limits.free && (wait > this.limits.waitMs || this.waiting >= WAITING_MAX)) {
      this.pressed = true;
      throw tooBusy(before, wait);
    }
    if (this.running < this.limit && this.waiting === 0) return this.begun();
    return new Promise((resolve, reject) => {
      const member: Waiting = {
        caller,
        since: performance.now(),
        begin: () => {
          resolve(this.begun());
        },
        refuse: (waitedMs) => {
          reject(tooBusy(this.running + this.waiting, waitedMs));
        },
      };
      const queue = this.queues.get(caller);
      if (queue) queue.push(member);
      else this.queues.set(caller, [member]);
      this.waiting++;
      this.pressed = true;
      gone(() => {
        if (this.remove(member)) reject(new HoldfastError('BUSY_RETRY', 'The caller has gone.'));
      });
    });
  }

  private begun(): () => void {
    this.running++;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.running--;
      this.ended++;
      this.look();
      this.next();
    };
  }

  private next(): void {
    while (this.running < this.limit) {
      const [turn] = this.queues;
      if (!turn) return;
      const [caller, queue] = turn;
      const member = queue.shift();
      // to the end of the turns
      this.queues.delete(caller);
      if (queue.length > 0) this.queues.set(caller, queue);
      if (!member) continue;
      this.waiting--;
      const waited = performance.now() - member.since;
      if (waited > LATE * this.limits.waitMs) member.refuse(waited);
      else member.begin();
    }
  }

  private remove(member: Waiting): boolean {
    const queue = this.queues.get(member.caller);
    const at = queue?.indexOf(member) ?? -1;
    if (!queue || at < 0) return false;
    queue.splice(at, 1);
    if (queue.length === 0) this.queues.delete(member.caller);
    this.waiting--;
    return true;
  }

  /** Milliseconds until those that begin before a new request of this caller have ended. */
  private waitOf(caller: string): number {
    const own = this.queues.get(caller)?.length ?? 0;
    let before = this.running;
    for (const [other, queue] of this.queues)
      before += other === caller ? queue.length : Math.min(queue.length, own + 1);
    return before / Math.max(this.rate, 1 / this.limits.waitMs);
  }

  /** Adapts to what the process can do, from the last interval. */
  private look(): void {
    const elapsed = performance.now() - this.lookedAt;
    if (elapsed < LOOK_MS) return;
    const busy = this.utilisation.sinceLast();
    // a rate at which nobody waited says nothing about what the process can do
    if (this.pressed) this.rate = this.rate * (1 - NEWEST) + (this.ended / elapsed) * NEWEST;
    this.pressed = this.waiting > 0;
    // a node or a database that is slow is relieved too, but may be slow for another reason
    if (this.isLate()) this.limit = busy >= BUSY ? this.limits.urgent : this.limits.least;
    else if (busy >= BUSY) this.limit = Math.max(this.limits.least, Math.floor(this.limit * 0.8));
    else if (this.running >= this.limit) this.limit = Math.min(this.limits.most, this.limit * 2);
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
