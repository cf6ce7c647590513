import { asError, HoldfastError } from '../../common/errors.js';
import { retryableCode } from '../../common/transaction.js';
import type { PackedRequest } from './hold.sql.js';
import type { HoldOutcome } from './reservation.js';

export interface LaneLimits {
  readonly queueMax: number;
  readonly batchMax: number;
  /** Batches under way at once, 2 unless said: while the database decides one, this process answers the other and packs the next. They never overlap in the database: the gate. */
  readonly batchesInFlight?: number;
}
const BATCHES_IN_FLIGHT = 2;

interface Waiting { readonly request: PackedRequest; resolve(outcome: HoldOutcome): void; reject(error: Error): void }

/**
 * Group commit: waiting requests of all pools go into one transaction, one batch in flight per process, so a batch is as large as the load makes it
 * (one alone costs nothing: 0.3 ms). No timer: pumped on setImmediate. Per-pool lanes were rejected: 6k/s against 37k/s on 1,000 pools.
 */
export class HoldLane {
  private readonly queue: Waiting[] = [];
  private running = 0;
  private pumped = false;
  private idle: (() => void)[] = [];

  constructor(private readonly decide: (requests: readonly PackedRequest[]) => Promise<HoldOutcome[]>, private readonly limits: LaneLimits) {}

  /** @throws HoldfastError BUSY_RETRY when the queue is full or the batch could not finish in time */
  ask(request: PackedRequest): Promise<HoldOutcome> {
    if (this.queue.length >= this.limits.queueMax) {
      return Promise.reject(new HoldfastError('BUSY_RETRY', `${this.queue.length} requests are waiting for the ledger already. No hold was made; ask again shortly.`, { retryAfterSeconds: 1 }));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.pump();
    });
  }

  /** Resolves when nothing waits and nothing runs: for a graceful stop. */
  async drain(): Promise<void> {
    if (this.running === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    if (this.pumped || this.running >= (this.limits.batchesInFlight ?? BATCHES_IN_FLIGHT)) return;
    this.pumped = true;
    setImmediate(() => {
      this.pumped = false;
      void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running++;
    while (this.queue.length > 0) await this.settle(this.queue.splice(0, this.limits.batchMax));
    this.running--;
    if (this.running === 0) for (const wake of this.idle.splice(0)) wake();
  }

  /** Every member gets its answer, whatever happens to its neighbours: a poisoned batch is halved until the bad member stands alone. */
  private async settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.decide(batch.map((member) => member.request));
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
