import type { LandingFailure } from '../../sandbox/network/landing-failure.js';
import { formatAmount } from '../../src/common/money.js';
import type { Diary } from './diary.js';
import { type End, FIGURES, lookAt, type Look, type Reconciled } from './look.js';
import type { Issued, Oracle } from './oracle.js';
import type { Scene } from './world.js';

/** What the walk itself did. Some breaks may have no other cause. */
export interface Causes {
  readonly harm: boolean;
  /** No more is held than can land in any order. */ readonly strict: boolean;
  /** Whether nodes misbehaved at that ledger or later. */ readonly faultSince: (
    ledger: number,
  ) => boolean;
  readonly forgot: () => boolean;
  readonly cancelled: (reservationId: string) => boolean;
  readonly failovers: {
    readonly happened: boolean;
    readonly lostAny: boolean;
    hasLost(reservationId: string): boolean;
  };
}

const fail = (rule: string, what: string): never => {
  throw new Error(`${rule}: ${what}`);
};

/** Compares what the ledger says with what the oracle knows. The first difference ends the walk. */
export class Checks {
  readonly #ended = new Map<string, End>();
  #version = '0';
  #reconciledTo = 0;

  constructor(
    private readonly world: Scene,
    private readonly oracle: Oracle,
    private readonly diary: Diary,
    private readonly causes: Causes,
  ) {}

  get reconciledTo(): number {
    return this.#reconciledTo;
  }

  /**
   * @param still nothing else runs, so what is available can be compared with what may still land
   */
  async run(still = true): Promise<Look> {
    const look = await lookAt(this.world.checks, [
      this.world.pool.id,
      this.#version,
      this.#reconciledTo,
    ]);
    this.#landed();
    if (look.held !== look.heldSum || look.inFlight !== look.inFlightSum)
      fail(
        'counters are sums',
        `held ${look.held} of ${look.heldSum}, in flight ${look.inFlight} of ${look.inFlightSum}`,
      );
    // what was reconciled since the last look came before these ends
    const endedBefore = new Set(this.#ended.keys());
    for (const end of look.ends) this.#end(end);
    for (const each of look.reconciliations) this.#reconciled(each, endedBefore);
    if (still) this.#available(look);
    this.#version = look.version;
    if (
      look.state !== 'active' &&
      !(look.state === 'quarantined' && this.causes.failovers.happened)
    )
      fail('pool', `is ${look.state}`);
    if (look.state === 'quarantined') this.diary.count('ledgers in quarantine');
    return look;
  }

  /**
   * Held means fundable (docs/protocol.md#held-means-fundable): unless others take liquidity, no
   * transaction of a hold fails for lack of it.
   */
  #landed(): void {
    for (const issued of this.oracle.advance()) {
      const { hash, amount, landing, reservationId } = issued;
      if (!landing) continue;
      this.diary.count(landing.succeeded ? 'landed' : 'failed on the chain');
      if (landing.feeBump) this.diary.count('fee bump landed');
      if (landing.succeeded && this.causes.failovers.hasLost(reservationId))
        this.diary.count('lost promise landed');
      this.diary.say(
        `${hash.slice(0, 8)} ${landing.succeeded ? 'landed' : 'failed'} in ledger ${landing.ledger}`,
      );
      if (!landing.succeeded && !this.causes.harm && amount > this.oracle.spendable(landing.ledger))
        fail(
          'never short',
          `${hash} reverted in ledger ${landing.ledger}: ${amount} of ${this.oracle.spendable(landing.ledger)}`,
        );
      if (landing.failure) this.#failed(issued, landing.ledger, landing.failure);
    }
  }

  /**
   * No transaction of a hold fails without interference. What interferes in a walk: loans that take
   * the ids of its window (a stranger's, a lost hold's, without `strict` those of other holds), a
   * counter from a node that lies or lags, a default, which lowers scores, and strangers who take
   * liquidity.
   */
  #failed(
    { hash, lastLoanId, sinceLedger }: Issued,
    ledger: number,
    { result, byContract }: LandingFailure,
  ): void {
    const { harm, strict, failovers, faultSince } = this.causes;
    if (byContract) {
      this.diary.count('failed by a contract');
      if (!harm && this.diary.counts['default'] === undefined)
        fail('no needless failure', `${hash} was refused by a contract in ledger ${ledger}`);
      return;
    }
    this.diary.count('failed outside its window');
    if (lastLoanId === null)
      return fail('no needless failure', `${hash} failed in ledger ${ledger} as ${result}`);
    const counter = this.oracle.loanCounter(ledger);
    if (counter < lastLoanId)
      fail(
        'no needless failure',
        `${hash} failed in ledger ${ledger} as ${result}: the last loan is ${counter}, and ` +
          `it could land up to ${lastLoanId}`,
      );
    const taken = harm || failovers.lostAny || faultSince(sinceLedger - 1);
    if (strict && !taken)
      fail(
        'no needless failure',
        `${hash} failed in ledger ${ledger}: other holds took its loan ids up to ${lastLoanId}`,
      );
  }

  /**
   * `available` and all that may still land is never more than what the chain could fund, except
   * for what others took since the snapshot.
   */
  #available(look: Look): void {
    if (look.observed === null || look.snapshotLedger === null) return;
    const taken = this.oracle.removedSince(look.snapshotLedger);
    if (!this.causes.harm && taken > 0n) fail('walk', `others took ${taken}`);
    const room = roomOf(look);
    if (room < 0n) {
      // nothing is available; more is held than there is, unless a landing counts twice for a
      // moment
      const transit = this.#inTransit(look.snapshotLedger);
      if (!this.causes.harm && -room > transit)
        fail(
          'shortfall',
          `of ${-room} although others took nothing and only ${transit} is in transit`,
        );
      this.diary.count('ledgers in shortfall');
      return;
    }
    // the ledger does not know all that may land, so nothing new is held
    const unsure = look.state === 'quarantined' || look.failedOver;
    const available = unsure ? 0n : room;
    // what strangers took can make a shortfall of what is lost, which this copy cannot see; it
    // makes no holds meanwhile
    const mayLand = this.oracle.mayStillLand(
      (id) => !(unsure && this.causes.harm && this.causes.failovers.hasLost(id)),
    );
    const funds = this.oracle.spendable() + taken;
    if (available + BigInt(look.buffer) + mayLand > funds)
      fail(
        'available',
        `${available} and a buffer of ${look.buffer} beside ${mayLand} that may still land, ` +
          `of ${funds} (${taken} of it taken since)`,
      );
  }

  /** The lending contract's list shows no ledger of a loan, so it counts from that of the list. */
  #countsTwice(reservationId: string, snapshotLedger: number): boolean {
    const end = this.#ended.get(reservationId);
    return end?.certificate === 'contract_state' && end.ledger > snapshotLedger;
  }

  /** Amounts that landed by the snapshot and whose holds still count. */
  #inTransit(
    snapshotLedger: number,
    ended: ReadonlySet<string> | ReadonlyMap<string, End> = this.#ended,
  ): bigint {
    const landed = [...this.oracle.issued.values()].filter(
      ({ reservationId, landing }) =>
        landing?.succeeded &&
        landing.ledger <= snapshotLedger &&
        (!ended.has(reservationId) || this.#countsTwice(reservationId, snapshotLedger)) &&
        !this.causes.failovers.hasLost(reservationId),
    );
    return landed.reduce((sum, { amount }) => sum + amount, 0n);
  }

  /**
   * Each hold has one end with its certificate (docs/protocol.md#certificates,
   * docs/protocol.md#one-outcome), compared with the network's own record of each revealed
   * transaction.
   */
  #end(end: End): void {
    const before = this.#ended.get(end.id);
    if (before && before.number !== end.number)
      fail('one outcome', `${end.id} ended as ${before.state} and as ${end.state}`);
    if (before) return;
    this.#ended.set(end.id, end);
    const envelopes = this.oracle.of(end.id);
    const landed = envelopes.find(({ landing }) => landing?.succeeded);
    this.diary.count(end.state === 'released' ? `released ${end.reason}` : end.state);
    if (end.state !== 'settled' && this.causes.cancelled(end.id))
      this.diary.count('cancellation honoured');
    if (end.certificate === 'contract_state') this.diary.count('resolved from contract state');
    this.diary.say(`${end.id} ${end.state} ${end.reason ?? ''}`);
    if (end.state === 'settled') {
      if (!landed?.landing) fail('D4', `${end.id} is settled, and nothing of it landed`);
      else if (landed.landing.ledger !== end.ledger && end.certificate !== 'contract_state')
        fail('D4', `${end.id} settled at ${end.ledger}, landed at ${landed.landing.ledger}`);
      return;
    }
    if (landed) fail('proof before an end', `${end.id} is ${end.state}, and ${landed.hash} landed`);
    const alive = envelopes.find((each) => this.oracle.canLand(each));
    if (alive)
      fail(
        'proof before an end',
        `${end.id} is ${end.state}, and ${alive.hash} may still land until ` +
          `${alive.nonce ? `ledger ${alive.nonce.lastLedger}` : alive.maxTime}`,
      );
    if (
      (end.reason === 'tx_failed' || end.reason === 'not_rebuilt') &&
      !envelopes.some(({ landing }) => landing)
    )
      fail('D3', `${end.id} is released as failed, and nothing of it was in a ledger`);
  }

  #reconciled(
    { from, to, outcome, breaks, bridges }: Reconciled,
    endedBefore: ReadonlySet<string>,
  ): void {
    this.#reconciledTo = to;
    this.diary.count(`bridge ${outcome}`);
    this.#bridged({ from, to }, bridges, outcome === 'explained');
    if (outcome !== 'explained' && !(outcome === 'unknown' && this.causes.forgot()))
      fail('bridge', `${from} to ${to} is ${outcome}: ${JSON.stringify(breaks)}`);
    for (const each of breaks) {
      this.diary.count(`break ${each.class}`);
      // a landing whose event a node trimmed counts twice until its hold is resolved from contract
      // state, and no bridge can know of it: a shortfall is reported (seed 63 of 100)
      const forgotten =
        each.class === 'shortfall' &&
        this.causes.forgot() &&
        BigInt(each.amount ?? 0) <= this.#inTransit(to, endedBefore);
      if (!forgotten && !this.#caused(each.class))
        fail('break', `${from} to ${to}: ${JSON.stringify(each)}`);
    }
  }

  /** Checks the three bridges by the network's own figures and by what landed. */
  #bridged(
    { from, to }: Pick<Reconciled, 'from' | 'to'>,
    bridges: Reconciled['bridges'],
    explained: boolean,
  ): void {
    const [before, after] = [this.oracle.figures(from), this.oracle.figures(to)];
    for (const figure of FIGURES) {
      const bridge = bridges[figure];
      if (bridge.before !== String(before[figure]) || bridge.after !== String(after[figure]))
        fail(
          'bridge',
          `${figure} of ${from} to ${to} goes from ${bridge.before} to ${bridge.after}, ` +
            `the pool's from ${before[figure]} to ${after[figure]}`,
        );
      const sum = Object.values(bridge.terms).reduce((so, term) => so + BigInt(term), 0n);
      if (explained && before[figure] + sum !== after[figure])
        fail(
          'bridge',
          `${figure} of ${from} to ${to} goes from ${before[figure]} to ${after[figure]}, ` +
            `and the terms sum to ${sum}: ${JSON.stringify(bridge.terms)}`,
        );
    }
    const ours = BigInt(bridges.locked.terms['settledByUs'] ?? 0);
    const [least, most] = [
      this.oracle.fundedBetween(from, to, (id) => !this.causes.failovers.hasLost(id)),
      this.oracle.fundedBetween(from, to),
    ]; // a lost one is ours or a stranger's, depending on when it was read
    if (explained && (ours < least || ours > most))
      fail('bridge', `of ${from} to ${to} says that ${ours} was settled by us, ${most} landed`);
  }

  #caused(kind: string): boolean {
    switch (kind) {
      case 'in_transit':
        return true;
      case 'external_transfer':
        return this.diary.counts['transfer in'] !== undefined;
      case 'gap':
        return this.causes.forgot();
      case 'shortfall':
        return this.causes.harm;
      case 'unreserved_funding':
        return (
          this.diary.counts['foreign loan'] !== undefined ||
          this.diary.counts['approved loan'] !== undefined ||
          this.causes.failovers.lostAny
        );
      default:
        return false;
    }
  }

  /** The API must say what the rows say. A 503 does not count. */
  async answered(look: Look, api: number): Promise<void> {
    const answer = await this.world.apis[api]?.send({
      method: 'GET',
      url: `/pools/${this.world.pool.id}`,
      headers: { ...this.world.credentials.operator },
    });
    if (answer?.status !== 200) return;
    this.diary.count('pool asked');
    const said = (JSON.parse(answer.text) as { available: string }).available;
    // a refusal by the chain's own figures makes the API observe the pool in the background, so the
    // rows may have changed since the look
    const before = availableOf(look);
    if (said === before) return;
    const after = availableOf(
      await lookAt(this.world.checks, [this.world.pool.id, look.version, this.#reconciledTo]),
    );
    if (said !== after)
      fail('answer', `GET /pools/:id says ${said}, the rows say ${before}, then ${after}`);
  }
}

/** What is left of the snapshot, below zero in a shortfall; without a snapshot nothing is there. */
const roomOf = ({ observed, held, inFlight, buffer }: Look): bigint =>
  BigInt(observed ?? 0) - BigInt(held) - BigInt(inFlight) - BigInt(buffer);
/** As the API writes it. */
function availableOf(look: Look): string {
  const room = roomOf(look);
  return formatAmount(room > 0n ? room : 0n, 7);
}
