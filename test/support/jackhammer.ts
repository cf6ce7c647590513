import { createHash } from 'node:crypto';
import type { EnvelopeRow, HoldRequest } from '../../src/modules/liquidity/reservation.js';
import { Dice } from './dice.js';
import { account, request, type LedgerUnderTest } from './given-ledger.js';
import { answerOf, busy, fail } from './jackhammer-answers.js';
import { PendingEnds } from './jackhammer-ends.js';
import { ModelChain, type ModelEnvelope } from './model-chain.js';
import { TransactionCrashes } from './transaction-crashes.js';

export const HOLD_SECONDS = 60;
const BORROWERS = 14;
const ALL_OF_THEM = 10_000;
/** A move that is listed twice comes twice as often. */
const MOVES = [
  'ask',
  'ask',
  'ask',
  'askAgain',
  'closeLedgers',
  'closeLedgers',
  'others',
  'observe',
  'observeLate',
  'gather',
  'gather',
  'gather',
  'writePending',
  'writePending',
  'rebuild',
  'cancel',
  'submit',
  'terminate',
] as const;

interface Keyed {
  readonly request: HoldRequest;
  answer: string | null;
}

/**
 * Random use of the real ledger beside a model chain that decides at random what lands. The ledger
 * only gets evidence that is true when it is gathered, but maybe late. `fail` throws at once;
 * `ledgerFaults` finds after each step what rows can show.
 */
export class Jackhammer {
  readonly dice: Dice;
  readonly crashes = new TransactionCrashes();
  readonly counts: Record<string, number> = {};
  readonly #borrowers = Array.from({ length: BORROWERS }, account);
  readonly #keyed: Keyed[] = [];
  readonly #ends: PendingEnds;
  #lateSnapshots: (() => Promise<void>)[] = [];
  #serial = 0;

  constructor(
    private readonly under: LedgerUnderTest,
    readonly chain: ModelChain,
    private readonly options: { readonly seed: number; readonly withdrawals: boolean },
  ) {
    this.dice = new Dice(options.seed);
    this.#ends = new PendingEnds(under, chain, this.dice, (what) => this.#count(what));
  }

  /** A few things at the same moment. */
  async step(): Promise<void> {
    if (this.dice.chance(0.1))
      this.crashes.arm(this.dice.chance(0.5) ? 'before COMMIT' : 'after COMMIT');
    const moves = Array.from(
      { length: 2 + this.dice.below(7) },
      () => this.dice.one(MOVES) ?? 'observe',
    );
    await Promise.all(moves.map((move) => this[move]()));
    this.crashes.disarm();
    if (this.chain.broken.length > 0 && !this.options.withdrawals)
      fail('a hold could not be funded', this.chain.broken.join('; '));
  }

  /** Closes ledgers past every deadline and writes every end, until no hold is live. */
  async quiet(): Promise<void> {
    this.#ends.clear();
    for (let round = 0; round < 20; round++) {
      this.chain.close(this.dice, HOLD_SECONDS);
      for (const poolId of this.chain.pools.keys()) {
        for (const hold of await this.under.ledger.reader.liveHolds(poolId, ALL_OF_THEM))
          this.#ends.gather(hold);
        await this.#ends.writeAll();
        await this.#read(poolId, true)();
      }
      const live = await Promise.all(
        [...this.chain.pools.keys()].map((poolId) => this.under.ledger.reader.liveHolds(poolId, 1)),
      );
      if (live.flat().length === 0) return;
    }
    fail('quiet', 'holds are live long after every deadline');
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
  #envelope(
    hold: Pick<HoldRequest, 'poolId' | 'borrower' | 'amount'>,
    row: EnvelopeRow,
  ): ModelEnvelope {
    const { poolId, borrower, amount } = hold;
    const envelope: ModelEnvelope = {
      hash: row.hash,
      poolId,
      borrower,
      amount,
      sequence: row.sequence,
      maxTime: row.maxTime,
      revealed: false,
      fate: 'open',
      ledger: 0,
      closeTime: 0n,
    };
    this.chain.envelopes.set(row.hash, envelope);
    return envelope;
  }
  #pool(): string {
    return this.dice.one([...this.chain.pools.keys()]) ?? '';
  }
  #maxTime(): bigint {
    return this.chain.closeTime + BigInt(HOLD_SECONDS);
  }

  private async ask(): Promise<void> {
    const borrower = this.dice.one(this.#borrowers) ?? '';
    const key = this.dice.chance(0.4) ? `jackhammer-${this.options.seed}-${this.#serial++}` : null;
    const one = request(this.#pool(), {
      borrower,
      key,
      amount: BigInt(1 + this.dice.below(400)),
      sequence: this.chain.consumed(borrower) + 1n,
      maxTime: this.#maxTime(),
      kind: this.dice.chance(0.1) ? 'refuse-only' : 'hold',
    });
    if (one.ask.kind === 'hold') this.#envelope(one, one.ask.envelope);
    const keyed: Keyed | null = key === null ? null : { request: one, answer: null };
    if (keyed) this.#keyed.push(keyed);
    await this.#ask(one, keyed);
  }

  /**
   * Sends a used key again, with the same request or with other ids. It must repeat its first
   * answer.
   */
  private async askAgain(): Promise<void> {
    const keyed = this.dice.one(this.#keyed);
    if (!keyed) return;
    const { poolId, borrower, amount, key } = keyed.request;
    const twin = request(poolId, {
      borrower,
      amount,
      key,
      sequence: this.chain.consumed(borrower) + 1n,
      maxTime: this.#maxTime(),
    });
    if (twin.ask.kind === 'hold') this.#envelope(twin, twin.ask.envelope);
    await this.#ask(twin, keyed);
    if (keyed.answer === null) return;
    const other = await this.under.ledger
      .hold(request(poolId, { borrower, amount, key, fingerprint: 'e'.repeat(64) }))
      .catch(busy);
    if (other && other.kind !== 'key_reused')
      fail('one key, two answers', `a key with another body was answered ${other.kind}`);
  }

  async #ask(one: HoldRequest, keyed: Keyed | null): Promise<void> {
    const outcome = await this.under.ledger.hold(one).catch(busy);
    this.#count(outcome?.kind ?? 'busy');
    if (!outcome) return;
    if (outcome.kind === 'held' && one.ask.kind === 'hold')
      Object.assign(this.chain.envelopes.get(one.ask.envelope.hash) ?? {}, { revealed: true });
    const answer = answerOf(outcome);
    if (!keyed || answer === null) return;
    if (keyed.answer !== null && keyed.answer !== answer)
      fail('one key, two answers', `key ${one.key} was answered ${keyed.answer}, then ${answer}`);
    keyed.answer = answer;
  }

  private closeLedgers(): Promise<void> {
    for (let count = 1 + this.dice.below(3); count > 0; count--)
      this.chain.close(this.dice, 1 + this.dice.below(20));
    return Promise.resolve();
  }

  private others(): Promise<void> {
    const amount = BigInt(1 + this.dice.below(300));
    const what = this.dice.one(['repayment', 'repayment', 'deposit', 'burnt sequence']);
    if (what === 'repayment') this.chain.repay(this.#pool(), amount);
    else if (what === 'deposit')
      this.chain.deposit(
        this.#pool(),
        this.options.withdrawals && this.dice.chance(0.7) ? -amount : amount / 4n,
      );
    else this.chain.burn(this.dice.one(this.#borrowers) ?? '');
    return Promise.resolve();
  }

  private observe(): Promise<void> {
    return this.#read(this.#pool(), this.dice.chance(0.5))();
  }

  /** Reads now, stores later, or never. */
  private async observeLate(): Promise<void> {
    this.#lateSnapshots.push(this.#read(this.#pool(), false));
    if (this.#lateSnapshots.length < 3) return;
    const late = this.#lateSnapshots;
    this.#lateSnapshots = [];
    await Promise.all(late.map((store) => store()));
  }

  #read(poolId: string, withSettlements: boolean): () => Promise<void> {
    const { ledger, closeTime } = this.chain;
    const { total, locked, balance } = this.chain.figures(poolId);
    return async () => {
      const holds = withSettlements
        ? await this.under.ledger.reader.liveHolds(poolId, ALL_OF_THEM)
        : [];
      const landed = holds
        .flatMap((hold) => this.#ends.settlement(hold))
        .filter(({ settledLedger }) => settledLedger <= ledger);
      const done = await this.under.ledger.snapshots
        .observe(
          {
            poolId,
            ledger,
            total,
            locked,
            tokenBalance: balance,
            lastLoanId: null,
            contractPaused: null,
            limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
            closeTime,
            headLedger: ledger,
            headCloseTime: closeTime,
          },
          landed,
        )
        .catch(busy);
      this.#count(done?.advanced ? 'snapshot' : 'old snapshot');
    };
  }

  private async gather(): Promise<void> {
    const holds = await this.under.ledger.reader.liveHolds(this.#pool(), ALL_OF_THEM);
    for (const hold of holds) if (this.dice.chance(0.5)) this.#ends.gather(hold);
  }

  private writePending(): Promise<void> {
    return this.#ends.writeSome();
  }

  private async rebuild(): Promise<void> {
    const hold = this.dice.one(await this.under.ledger.reader.liveHolds(this.#pool(), ALL_OF_THEM));
    if (!hold) return;
    const hash = createHash('sha256')
      .update(`${this.options.seed} ${this.#serial++}`)
      .digest('hex');
    const row: EnvelopeRow = {
      hash,
      xdr: 'AAAA',
      sequence: this.chain.consumed(hold.borrower) + 1n,
      maxTime: this.#maxTime(),
      issuedAfterLedger: this.chain.ledger,
      fee: 100_000n,
      loanIdFirst: 1n,
      loanIdLast: 25n,
      windowBytes: 100_000,
      windowFee: 10_000n,
      inclusionFee: 1_000n,
      goingRate: null,
    };
    const envelope = this.#envelope(hold, row);
    this.#ends.rebuilt(hash, hold.reservationId);
    const outcome = await this.under.ledger
      .issueEnvelope({
        poolId: hold.poolId,
        reservationId: hold.reservationId,
        seenVersion: hold.envelopeVersion,
        envelope: row,
        strangerBytes: 8_420,
      })
      .catch(busy);
    this.#count(outcome === 'issued' ? 'rebuilt' : `rebuild: ${outcome ?? 'busy'}`);
    envelope.revealed = outcome === 'issued';
  }

  private async cancel(): Promise<void> {
    const hold = this.dice.one(await this.under.ledger.reader.liveHolds(this.#pool(), ALL_OF_THEM));
    if (!hold || this.dice.chance(0.5)) return;
    const state = await this.under.ledger
      .requestCancellation(hold.poolId, hold.reservationId)
      .catch(busy);
    this.#count(`cancel: ${state ?? 'busy'}`);
  }

  private async submit(): Promise<void> {
    const hold = this.dice.one(await this.under.ledger.reader.liveHolds(this.#pool(), ALL_OF_THEM));
    const hash = hold?.envelopes.at(-1)?.hash;
    if (hold && hash !== undefined)
      await this.under.ledger.envelopes
        .markSubmitted(hold.poolId, hold.reservationId, { hash, status: 'PENDING' })
        .catch(busy);
  }

  /** The server ends every connection of the ledger, whatever it is doing. */
  private async terminate(): Promise<void> {
    if (!this.dice.chance(0.1)) return;
    await this.under.connections.read.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = ' +
        `current_database() and application_name = 'holdfast-ledger'`,
    );
    this.#count('terminated');
  }
}
