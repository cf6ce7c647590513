import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { asError, HoldfastError } from '../../../common/errors.js';
import * as metrics from '../../../telemetry/metrics.js';
import { currentLink, type Link } from '../../../telemetry/tracing.js';
import { retryableCode } from '../../../database/sqlstates.js';
import type { CompressedRequest } from './hold-rows.sql.js';
import type { HoldOutcome } from '../reservation.js';

export interface LaneLimits {
  readonly queueMax: number;
  readonly batchMax: number;
  /** How long a request may wait for its batch to begin, milliseconds. */
  readonly waitMs: number;
}

/**
 * Holds in one transaction.
 * @param onCommitting called when only COMMIT is under way; again when that is tried again
 */
type HoldTogether = (
  requests: readonly CompressedRequest[],
  links: readonly Link[],
  onCommitting: () => void,
) => Promise<HoldOutcome[]>;

interface Waiting {
  readonly since: number;
  readonly request: CompressedRequest;
  /** The scope of the request: its log lines and spans. A bound function costs more to make. */
  readonly scope: AsyncResource;
  readonly link: Link | undefined;
  resolve(outcome: HoldOutcome): void;
  reject(error: Error): void;
}

/** Fewer requests than this share one transaction: two would cost more than they overlap. */
const SPLIT_FROM = 128;
/** So many callers get their answers before the database is listened to again. */
const ANSWERS_AT_ONCE = 16;

/**
 * Group commit: the waiting requests of all pools share one transaction. The load sets the size of a
 * batch, without a timer. While the database commits one batch the next one begins behind it, and
 * while it writes, this process answers the callers of the one before (decision 0048).
 */
export class HoldLane {
  private readonly queue: Waiting[] = [];
  private running = false;
  /** Requests whose batch has not ended. */
  private underWay = 0;
  /** Ends with the batch before the one that runs. */
  private before: Promise<void> = Promise.resolve();
  private idle: (() => void)[] = [];
  /** Runs the loop outside any request's scope, because a batch belongs to all of its members. */
  private readonly outsideRequests = AsyncLocalStorage.snapshot();

  constructor(
    private readonly holdTogether: HoldTogether,
    private readonly limits: LaneLimits,
  ) {
    metrics.set('holdfast_hold_queue_limit', {}, limits.queueMax);
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
        scope: new AsyncResource('holdfast.hold'),
        link: currentLink(),
        resolve,
        reject,
      });
      metrics.set('holdfast_hold_queue_length', {}, this.queue.length);
      this.pump();
    });
  }

  /** Resolves when nothing waits and nothing runs. A graceful stop awaits it. */
  async drain(): Promise<void> {
    if (this.isIdle()) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    if (this.running) return;
    this.running = true;
    this.outsideRequests(() =>
      setImmediate(() => {
        void this.run();
      }),
    );
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue
        .splice(0, this.nextSize())
        .filter((member) => this.stillInTime(member));
      metrics.set('holdfast_hold_queue_length', {}, this.queue.length);
      for (const { since } of batch)
        metrics.measure('holdfast_hold_wait_seconds', {}, metrics.secondsSince(since));
      if (batch.length > 0) await this.begin(batch);
    }
    this.running = false;
    this.wakeIdle();
  }

  /**
   * At most half of the requests that wait or are under way, so that the next batch is as large and
   * the database has work while this process has.
   */
  private nextSize(): number {
    const all = this.queue.length + this.underWay;
    return Math.min(this.limits.batchMax, this.splits() ? Math.ceil(all / 2) : all);
  }
  private splits(): boolean {
    return this.queue.length + this.underWay >= SPLIT_FROM;
  }

  /** @returns when the next batch may begin: this one commits, and the one before it has ended */
  private async begin(batch: readonly Waiting[]): Promise<void> {
    const { before } = this;
    this.underWay += batch.length;
    await new Promise<void>((committing) => {
      this.before = this.deliver(batch, committing).finally(() => {
        this.underWay -= batch.length;
        committing();
        this.wakeIdle();
      });
    });
    await before;
  }

  private isIdle(): boolean {
    return !this.running && this.underWay === 0 && this.queue.length === 0;
  }
  private wakeIdle(): void {
    if (this.isIdle()) for (const wake of this.idle.splice(0)) wake();
  }

  /**
   * When the database hangs, queued requests fail on their own deadline instead of after every
   * earlier batch. Nothing was tried for them, so their outcome is certain.
   */
  private stillInTime(member: Waiting): boolean {
    if (performance.now() - member.since < this.limits.waitMs) return true;
    member.reject(
      new HoldfastError(
        'BUSY_RETRY',
        'The ledger did not get to this request in time. No hold was made; ask again shortly.',
        { retryAfterSeconds: 1, commitUnknown: false },
      ),
    );
    return false;
  }

  /**
   * The transaction of one request alone is part of its trace. The transaction of several belongs
   * to no trace and links to each of theirs.
   */
  private holdInScope(batch: readonly Waiting[], onCommitting: () => void): Promise<HoldOutcome[]> {
    const [first, ...others] = batch;
    const requests = batch.map((member) => member.request);
    if (first && others.length === 0)
      return first.scope.runInAsyncScope(() => this.holdTogether(requests, [], onCommitting));
    const links = batch.flatMap(({ link }) => (link ? [link] : []));
    return this.holdTogether(requests, links, onCommitting);
  }

  /**
   * Every member gets its answer, whatever happens to the others. A batch that fails is halved
   * until the member that causes the failure is alone.
   */
  private async deliver(batch: readonly Waiting[], onCommitting: () => void): Promise<void> {
    try {
      const outcomes = await this.holdInScope(batch, onCommitting);
      const atOnce = this.splits() ? ANSWERS_AT_ONCE : batch.length;
      for (const [index, member] of batch.entries()) {
        // what callers do with an answer must not keep the next batch waiting for this process
        if (index > 0 && index % atOnce === 0) await nextTurn();
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
      await this.deliver(batch.slice(0, middle), onCommitting);
      await this.deliver(batch.slice(middle), onCommitting);
    }
  }
}
