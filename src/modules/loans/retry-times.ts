import { Injectable, Logger } from '@nestjs/common';
import { asError, HoldfastError } from '../../common/errors.js';
import { LEDGER } from '../../common/problems/problem.js';
import { timeOf } from '../../common/times.js';
import { FREED_BY_AN_END } from '../liquidity/holds/hold-decision.js';
import { type Wait, WaitReader } from '../liquidity/holds/wait.reader.js';

/**
 * A hold expires by proof: a ledger past T, then two look-ups a ledger apart
 * (docs/protocol.md#expired-by-time). That takes 2 to 4 ledgers of 5 s after T. This is the
 * maximum, so that no client asks too early.
 */
const PROOF_LAG_SECONDS = 20;
/**
 * The window of a lending contract has room again when its live transactions have landed, which
 * takes a ledger or two once they are signed. The first deadline is only the bound.
 */
const LANDING_SECONDS = 2 * LEDGER;

/**
 * When it is worth asking again, computed at every answer from the known deadlines. A stored
 * refusal's body stays as it is; only its header counts from now.
 */
@Injectable()
export class RetryTimes {
  private readonly log = new Logger(RetryTimes.name);

  constructor(private readonly waits: WaitReader) {}

  /**
   * For a recorded refusal, the first time and at every replay.
   * @param decided what the decision read about the wait a moment ago; undefined: nothing
   */
  async ofRefusal(
    refusal: HoldfastError,
    poolId: string,
    decided?: number | null,
  ): Promise<HoldfastError> {
    if (!FREED_BY_AN_END.has(refusal.code)) return refusal;
    return this.withRetryAfter<Pick<Wait, 'seconds'>>(
      refusal,
      async () =>
        decided === undefined
          ? this.waits.ofPool(poolId)
          : decided === null
            ? null
            : { seconds: decided },
      (next) => {
        if (next) return { retryAfterSeconds: next.seconds + PROOF_LAG_SECONDS };
        // the hold that it waited for has ended
        return typeof refusal.facts['nextDeadline'] === 'string' ? { retryAfterSeconds: 1 } : {};
      },
    );
  }

  /**
   * For an error of a request for this pool or this loan. An error that no deadline explains is
   * returned unchanged.
   */
  async ofTrouble(
    thrown: unknown,
    about: {
      readonly poolOrLoan: string;
      readonly borrower?: { readonly network: string; readonly account: string };
    },
  ): Promise<unknown> {
    if (!(thrown instanceof HoldfastError)) return thrown;
    const { borrower } = about;
    if (thrown.code === 'BORROWER_BUSY' && borrower) {
      return this.withRetryAfter(
        thrown,
        () => this.waits.ofBorrower(borrower.network, borrower.account),
        (live) => ({
          expiresAt: live && timeOf(live.until),
          retryAfterSeconds: live ? live.seconds + PROOF_LAG_SECONDS : 1,
        }),
      );
    }
    if (thrown.code === 'COUNTER_WINDOW_FULL') {
      return this.withRetryAfter(
        thrown,
        () => this.waits.ofLendingContract(about.poolOrLoan),
        (next) => ({
          nextDeadline: next && timeOf(next.until),
          retryAfterSeconds: next ? Math.min(next.seconds + PROOF_LAG_SECONDS, LANDING_SECONDS) : 1,
        }),
        (next) =>
          next
            ? ` There is room once they have landed, often in a ledger or two. The first of them ` +
              `can lapse after ${timeOf(next.until)}.`
            : '',
      );
    }
    if (thrown.code === 'POOL_QUARANTINED') {
      return this.withRetryAfter(
        thrown,
        () => this.waits.ofQuarantine(about.poolOrLoan),
        (end) => ({
          quarantinedUntil: end && timeOf(end.until),
          ...(end && { retryAfterSeconds: end.seconds }),
        }),
      );
    }
    return thrown;
  }

  /** A failed read of the time must not change the answer. */
  private async withRetryAfter<Read extends Pick<Wait, 'seconds'> = Wait>(
    error: HoldfastError,
    read: () => Promise<Read | null>,
    facts: (wait: Read | null) => Readonly<Record<string, unknown>>,
    /** What the detail says besides. */
    more: (wait: Read | null) => string = () => '',
  ): Promise<HoldfastError> {
    try {
      const wait = await read();
      return new HoldfastError(
        error.code,
        `${error.message}${more(wait)}`,
        { ...error.facts, ...facts(wait) },
        { cause: error.cause },
      );
    } catch (thrown) {
      this.log.warn(
        { code: error.code, err: asError(thrown) },
        'the time to ask again could not be read',
      );
      return error;
    }
  }
}
