import { createHash } from 'node:crypto';
import { HoldfastError } from '../../src/common/errors.js';
import type {
  EnvelopeRow,
  HoldOutcome,
  HoldRequest,
  LiveHold,
  Settlement,
  Transition,
} from '../../src/modules/liquidity/reservation.js';
import { Dice } from './dice.js';
import { account, OUR_FAULT, REFUSED, request, type LedgerUnderTest } from './given-ledger.js';
import { ModelChain, type ModelEnvelope } from './model-chain.js';
import { TransactionCrashes } from './transaction-crashes.js';

export const HOLD_SECONDS = 60;
const BORROWERS = 14;
const ALL_OF_THEM = 10_000;
/** Each as often as it should come. */
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

/**
 * Gathered now, written some steps later: by then the hold may have ended or have an envelope more.
 */
interface Pending {
  readonly hold: LiveHold;
  readonly what: string;
  readonly write: () => Promise<Transition[]>;
}
interface Keyed {
  readonly request: HoldRequest;
  answer: string | null;
}

/**
 * Random use of the real ledger beside a chain that decides at random what lands. Everything that
 * is told to the ledger is true when it is gathered; it may be
 * late. What must never be is thrown at once (`fail`); what rows can show is for `ledgerFaults`
 * after each step.
 */
export class Jackhammer {
  readonly dice: Dice;
  readonly crashes = new TransactionCrashes();
  readonly counts: Record<string, number> = {};
  readonly #borrowers = Array.from({ length: BORROWERS }, account);
  readonly #keyed: Keyed[] = [];
  /** Reservation by hash of a rebuilt envelope, issued or not. */
  readonly #rebuilt = new Map<string, string>();
  #pending: Pending[] = [];
  #lateReadings: (() => Promise<void>)[] = [];
  #serial = 0;

  constructor(
    private readonly under: LedgerUnderTest,
    readonly chain: ModelChain,
    private readonly options: { readonly seed: number; readonly withdrawals: boolean },
  ) {
    this.dice = new Dice(options.seed);
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
      fail('I6', this.chain.broken.join('; '));
  }

  /** Until no hold is live: the chain goes on beyond every T, and the judge does its work. */
  async quiet(): Promise<void> {
    this.#pending = [];
    for (let round = 0; round < 20; round++) {
      this.chain.close(this.dice, HOLD_SECONDS);
      for (const poolId of this.chain.pools.keys()) {
        for (const hold of await this.under.ledger.liveHolds(poolId, ALL_OF_THEM))
          this.#judge(hold);
        await this.#write(this.#pending.splice(0));
        await this.#read(poolId, true)();
      }
      const live = await Promise.all(
        [...this.chain.pools.keys()].map((poolId) => this.under.ledger.liveHolds(poolId, 1)),
      );
      if (live.flat().length === 0) return;
    }
    fail('quiet', 'holds are live long after every T');
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
   * A key used before, by the same request or by another one with other ids: its first answer is
   * repeated.
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
      fail('I5', `a key with another body was answered ${other.kind}`);
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
      fail('I5', `key ${one.key} was answered ${keyed.answer}, then ${answer}`);
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
    this.#lateReadings.push(this.#read(this.#pool(), false));
    if (this.#lateReadings.length < 3) return;
    const readings = this.#lateReadings;
    this.#lateReadings = [];
    await Promise.all(readings.map((store) => store()));
  }

  #read(poolId: string, withSettlements: boolean): () => Promise<void> {
    const { ledger, closeTime } = this.chain;
    const { total, locked, balance } = this.chain.figures(poolId);
    return async () => {
      const holds = withSettlements ? await this.under.ledger.liveHolds(poolId, ALL_OF_THEM) : [];
      const landed = holds
        .flatMap((hold) => this.#settlement(hold))
        .filter(({ settledLedger }) => settledLedger <= ledger);
      const done = await this.under.ledger
        .observe(
          {
            poolId,
            ledger,
            total,
            locked,
            tokenBalance: balance,
            lastLoanId: null,
            contractPaused: null,
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
    const holds = await this.under.ledger.liveHolds(this.#pool(), ALL_OF_THEM);
    for (const hold of holds) if (this.dice.chance(0.5)) this.#judge(hold);
  }

  #settlement(hold: LiveHold): Settlement[] {
    const landed = this.#of(hold).find(({ fate }) => fate === 'landed');
    return landed
      ? [
          {
            poolId: hold.poolId,
            reservationId: hold.reservationId,
            envelopeHash: landed.hash,
            settledLedger: landed.ledger,
            closeTime: landed.closeTime,
            loanId: 7n,
            feeBump: this.dice.chance(0.3),
          },
        ]
      : [];
  }
  #of(hold: LiveHold): ModelEnvelope[] {
    return hold.envelopes.flatMap(({ hash }) => this.chain.envelopes.get(hash) ?? []);
  }

  /** What the chain proves of a hold at this moment, by the certificates. */
  #judge(hold: LiveHold): void {
    const { ledger } = this.under;
    const which = {
      poolId: hold.poolId,
      reservationId: hold.reservationId,
      envelopeVersion: hold.envelopeVersion,
    };
    const votes = {
      firstVoteLedger: this.chain.ledger + 2,
      secondVoteLedger: this.chain.ledger + 3,
      oldestLedger: 1,
    };
    const add = (what: string, write: Pending['write']): void => {
      this.#pending.push({ hold, what, write });
    };
    const envelopes = this.#of(hold);
    const settlements = this.#settlement(hold);
    const failed = envelopes.filter(({ fate }) => fate === 'failed').at(-1);
    // a failure says nothing of an open envelope with a higher sequence: such a hold ends by that
    // one's own death
    const beyond =
      failed &&
      hold.envelopes.some(({ state, sequence }) => state === 'open' && sequence > failed.sequence);
    const failure = failed &&
      !beyond && {
        ...which,
        envelopeHash: failed.hash,
        failedLedger: failed.ledger,
        closeTime: failed.closeTime,
        resultCode: 'txFailed/invokeHostFunctionTrapped',
        ...OUR_FAULT,
      };
    const highest = envelopes.reduce((so, { maxTime }) => (maxTime > so ? maxTime : so), 0n);
    if (settlements.length) add('settled', () => ledger.settle(settlements));
    else if (failure && !envelopes.every((one) => this.chain.isDead(one)))
      add('kept failure', () => ledger.failEnvelopes([failure]));
    else if (failure && this.dice.chance(0.4))
      add('kept failure', () => ledger.failEnvelopes([failure]));
    else if (failure)
      add('released', () =>
        ledger.releaseFailed([this.dice.chance(0.5) ? failure : { ...failure, ...REFUSED }]),
      );
    else if (this.chain.closeTime >= highest)
      add('expired', () =>
        ledger.expire([
          {
            ...which,
            ...votes,
            passedLedger: this.chain.ledger,
            passedCloseTime: this.chain.closeTime,
          },
        ]),
      );
    else if (envelopes.every((one) => this.chain.isDead(one)))
      add('released', () =>
        ledger.releaseConsumed([
          {
            ...which,
            ...votes,
            consumedLedger: this.chain.ledger,
            consumedSequence: this.chain.consumed(hold.borrower),
          },
        ]),
      );
  }

  private async writePending(): Promise<void> {
    const now = this.#pending.filter(() => this.dice.chance(0.6));
    this.#pending = this.#pending.filter((one) => !now.includes(one));
    await this.#write(now);
  }

  async #write(list: readonly Pending[]): Promise<void> {
    await Promise.all(
      list.map(async ({ hold, what, write }) => {
        const [transition] = (await write().catch(busy)) ?? [];
        this.#count(transition?.written ? what : `${what}: too late`);
        if (!transition?.written || (what !== 'released' && what !== 'expired')) return;
        const alive = [...this.chain.envelopes.values()].filter(
          (one) =>
            one.revealed &&
            this.#isOf(hold, one) &&
            (one.fate === 'landed' || !this.chain.isDead(one)),
        );
        if (alive.length > 0)
          fail(
            'R7',
            `${hold.reservationId} was ${what} while ${alive.map(({ hash, fate }) => `${hash} ${fate}`).join(', ')}`,
          );
      }),
    );
  }
  #isOf(hold: LiveHold, envelope: ModelEnvelope): boolean {
    return (
      hold.envelopes.some(({ hash }) => hash === envelope.hash) ||
      this.#rebuilt.get(envelope.hash) === hold.reservationId
    );
  }

  private async rebuild(): Promise<void> {
    const hold = this.dice.one(await this.under.ledger.liveHolds(this.#pool(), ALL_OF_THEM));
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
    };
    const envelope = this.#envelope(hold, row);
    this.#rebuilt.set(hash, hold.reservationId);
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
    const hold = this.dice.one(await this.under.ledger.liveHolds(this.#pool(), ALL_OF_THEM));
    if (!hold || this.dice.chance(0.5)) return;
    const state = await this.under.ledger
      .requestCancellation(hold.poolId, hold.reservationId)
      .catch(busy);
    this.#count(`cancel: ${state ?? 'busy'}`);
  }

  private async submit(): Promise<void> {
    const hold = this.dice.one(await this.under.ledger.liveHolds(this.#pool(), ALL_OF_THEM));
    const hash = hold?.envelopes.at(-1)?.hash;
    if (hold && hash !== undefined)
      await this.under.ledger
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

/** What a key must answer for ever; null for what does not stick to it. */
function answerOf(outcome: HoldOutcome): string | null {
  if (outcome.kind === 'held') return `held ${outcome.reservationId}`;
  if (outcome.kind === 'refused') return `refused ${outcome.code} ${JSON.stringify(outcome.facts)}`;
  if (outcome.kind !== 'replayed') return null;
  return outcome.record.kind === 'held'
    ? `held ${outcome.record.reservationId}`
    : `refused ${outcome.record.code} ${JSON.stringify(outcome.record.facts)}`;
}

/** The ledger may be too busy to say anything; every other error is a fault. */
function busy(thrown: unknown): undefined {
  if (thrown instanceof HoldfastError && thrown.code === 'BUSY_RETRY') return undefined;
  throw thrown;
}

function fail(rule: string, what: string): never {
  throw new Error(`${rule}: ${what}`);
}
