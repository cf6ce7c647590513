import { AsyncLocalStorage } from 'node:async_hooks';
import { asError, HoldfastError } from '../../../common/errors.js';
import { measure, secondsSince, set } from '../../../telemetry/metrics.js';
import { currentLink, type Link } from '../../../telemetry/tracing.js';
import { retryableCode } from '../../../database/transaction.js';
import type { CompressedRequest } from './hold-writes.sql.js';
import type { HoldOutcome } from '../reservation.js';

export interface LaneLimits {
  readonly queueMax: number;
  readonly batchMax: number;
  /** How long a request may wait for its batch to begin, milliseconds. */
  readonly waitMs: number;
}

interface Waiting {
  readonly since: number;
  readonly request: CompressedRequest;
  /** Of its own request: its log lines and spans. */ readonly scope: <T>(work: () => T) => T;
  readonly link: Link | undefined;
  resolve(outcome: HoldOutcome): void;
  reject(error: Error): void;
}

/**
 * Group commit: waiting requests of all pools go into one transaction, one batch in flight per
 * process, so a batch is as large as the load makes it
 * (one alone waits for nobody). No timer: pumped on setImmediate. Two batches in flight were no
 * faster: callers who wait for their answers come back together, and
 * smaller batches pay the 2 ms of a batch more often. Per-pool lanes were rejected: 6k/s against
 * 37k/s on 1,000 pools.
 */
export class HoldLane {
  private readonly queue: Waiting[] = [];
  private running = false;
  private idle: (() => void)[] = [];
  /**
   * Of no request: a batch belongs to all its members, and the loop must not go on in the scope of
   * whoever woke it.
   */
  private readonly apart = AsyncLocalStorage.snapshot();

  constructor(
    private readonly decide: (
      requests: readonly CompressedRequest[],
      links: readonly Link[],
    ) => Promise<HoldOutcome[]>,
    private readonly limits: LaneLimits,
  ) {
    set('holdfast_hold_queue_limit', {}, limits.queueMax);
  }

  /**
   * @throws HoldfastError BUSY_RETRY when the queue is full or the batch could not finish in time
   */
  ask(request: CompressedRequest): Promise<HoldOutcome> {
    if (this.queue.length >= this.limits.queueMax) {
      return Promise.reject(
        new HoldfastError(
          'BUSY_RETRY',
          `${this.queue.length} requests are waiting for the ledger already. No hold was made; ask again shortly.`,
          { retryAfterSeconds: 1 },
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.queue.push({
        since: performance.now(),
        request,
        scope: AsyncLocalStorage.snapshot() as Waiting['scope'],
        link: currentLink(),
        resolve,
        reject,
      });
      set('holdfast_hold_queue_length', {}, this.queue.length);
      this.pump();
    });
  }

  /** Resolves when nothing waits and nothing runs: for a graceful stop. */
  async drain(): Promise<void> {
    if (!this.running && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    if (this.running) return;
    this.running = true;
    this.apart(() =>
      setImmediate(() => {
        void this.run();
      }),
    );
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue
        .splice(0, this.limits.batchMax)
        .filter((member) => this.stillInTime(member));
      set('holdfast_hold_queue_length', {}, this.queue.length);
      for (const { since } of batch) measure('holdfast_hold_wait_seconds', {}, secondsSince(since));
      if (batch.length > 0) await this.settle(batch);
    }
    this.running = false;
    for (const wake of this.idle.splice(0)) wake();
  }

  /**
   * Behind a database that is silent a caller would else hear of it after every batch before it has
   * failed. Nothing was tried, so nothing is unknown.
   */
  private stillInTime(member: Waiting): boolean {
    if (performance.now() - member.since < this.limits.waitMs) return true;
    member.reject(
      new HoldfastError(
        'BUSY_RETRY',
        'The ledger did not come to this request in time. No hold was made; ask again shortly.',
        { retryAfterSeconds: 1, commitUnknown: false },
      ),
    );
    return false;
  }

  /**
   * Alone, a member's transaction is part of its own trace; together they are linked to by one of
   * no request's.
   */
  private decideFor(batch: readonly Waiting[]): Promise<HoldOutcome[]> {
    const [first, ...others] = batch;
    const requests = batch.map((member) => member.request);
    if (first && others.length === 0) return first.scope(() => this.decide(requests, []));
    return this.decide(
      requests,
      batch.flatMap(({ link }) => (link ? [link] : [])),
    );
  }

  /**
   * Every member gets its answer, whatever happens to its neighbours: a poisoned batch is halved
   * until the bad member stands alone.
   */
  private async settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.decideFor(batch);
      for (const [index, member] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome) member.resolve(outcome);
        else member.reject(new Error('the ledger gave no outcome'));
      }
    } catch (thrown) {
      const error = asError(thrown);
      const cannotHelp = error instanceof HoldfastError || retryableCode(error) !== undefined;
      if (batch.length === 1 || cannotHelp) {
        for (const member of batch) member.reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await this.settle(batch.slice(0, middle));
      await this.settle(batch.slice(middle));
    }
  }
}
