import type { GenerationTraits } from '../../sandbox/contracts/generations.js';
import { ControlRefusal } from '../../sandbox/network/control-refusal.js';
import type { LoanFigures } from '../../sandbox/network/pool-loans.js';
import type { Dice } from '../support/dice.js';
import type { Diary } from './diary.js';
import { UNIT } from './units.js';
import type { Scene } from './world.js';

type Action =
  | 'repayment'
  | 'deposit'
  | 'transfer in'
  | 'default'
  | 'foreign loan'
  | 'approved loan'
  | 'withdrawal'
  | 'interest';
/** None of these takes from what the pool can fund, so every hold must be fundable to the unit. */
const HARMLESS: readonly Action[] = [
  'repayment',
  'repayment',
  'repayment',
  'repayment',
  'repayment',
  'deposit',
  'transfer in',
  'default',
  'default',
];
/** These move liquidity without asking (docs/protocol.md#limits). */
const HARMFUL: readonly Action[] = ['foreign loan', 'withdrawal', 'interest'];
/** A reserve has no loans, so none defaults, and its debt bears no interest. */
const OF_RESERVE: readonly Action[] = ['repayment', 'deposit', 'transfer in'];
const HARMFUL_OF_RESERVE: readonly Action[] = ['foreign loan', 'withdrawal'];
/** Where an approval takes liquidity, it does so without a new loan id. */
const HARMFUL_WITH_APPROVALS: readonly Action[] = [...HARMFUL, 'approved loan'];

/** What others do on the chain, without a hold. Each action closes a ledger or a few. */
export class Others {
  constructor(
    private readonly world: Scene,
    private readonly dice: Dice,
    private readonly diary: Diary,
    private readonly kind: {
      /** Whether they may take what the pool can fund. */
      readonly withHarm: boolean;
      /** Null: a reserve. */
      readonly traits: Pick<GenerationTraits, 'approvalPays' | 'defaultTakesLoss'> | null;
    },
  ) {}

  act(): void {
    const { traits, withHarm } = this.kind;
    const harmless = traits ? HARMLESS : HARMLESS.filter((action) => OF_RESERVE.includes(action));
    const harmful = !traits
      ? HARMFUL_OF_RESERVE
      : traits.approvalPays
        ? HARMFUL_WITH_APPROVALS
        : HARMFUL;
    const action =
      this.dice.one(withHarm ? [...harmless, ...harmful, ...harmful] : harmless) ?? 'deposit';
    try {
      if (!this.#done(action)) return;
      this.diary.count(action);
      this.diary.say(action);
    } catch (thrown) {
      // the contract or the node refused: nothing happened
      if (!(thrown instanceof ControlRefusal)) throw thrown;
      this.diary.say(`${action}: ${thrown.message.slice(0, 80)}`);
    }
  }

  /** @returns whether it happened */
  #done(action: Action): boolean {
    const { actions } = this.world.network.control;
    const pool = this.world.pool.poolContract;
    const amount = BigInt(1 + this.dice.below(60)) * UNIT;
    switch (action) {
      case 'repayment':
        return this.kind.traits ? this.#repay() : this.#repayReserve(amount);
      case 'deposit':
        return actions.deposit({ pool, amount: amount / 6n + 1n }).succeeded === true;
      case 'transfer in':
        return (
          actions.transfer({ pool, amount: amount / 10n + 1n, direction: 'in' }).succeeded === true
        );
      case 'default':
        return this.#default();
      case 'foreign loan':
        return (
          this.world.network.control.foreignLoan({
            pool,
            ...(this.kind.traits
              ? { total: 2n * amount, guarantee: amount, dueIn: 400 }
              : { total: amount, guarantee: 0n }),
          }).succeeded === true
        );
      case 'approved loan':
        return this.#approve(amount);
      case 'withdrawal':
        return actions.withdraw({ pool, shares: amount }).succeeded === true;
      case 'interest':
        return (
          actions.interest({
            pool,
            amount: amount / 4n + 1n,
            via: this.dice.chance(0.5) ? 'distribute_interest' : 'accumulate_interest',
          }).succeeded === true
        );
    }
  }

  #approve(amount: bigint): boolean {
    const { control } = this.world.network;
    const pool = this.world.pool.poolContract;
    const requested = control.foreignLoan({
      pool,
      total: 2n * amount,
      guarantee: amount,
      dueIn: 400,
      fn: 'request_loan',
    });
    if (requested.loan === null) return false;
    return control.actions.admin.approve({ pool, loan: BigInt(requested.loan) }).succeeded === true;
  }

  #loans(): readonly LoanFigures[] {
    return this.world.network.control
      .loans(this.world.pool.poolContract)
      .filter(({ status }) => status === 'Active');
  }

  #repay(): boolean {
    const loan = this.dice.one(this.#loans());
    if (!loan) return false;
    const part = this.dice.chance(0.7) ? {} : { amount: BigInt(loan.remaining) / 3n + 1n };
    return (
      this.world.network.control.actions.repay({
        pool: this.world.pool.poolContract,
        loan: BigInt(loan.loan),
        ...part,
      }).succeeded === true
    );
  }

  /** The first borrower who owes as much. */
  #repayReserve(amount: bigint): boolean {
    const { reserve } = this.world.network.control;
    const pool = this.world.pool.poolContract;
    for (const { address } of this.world.borrowers)
      try {
        return reserve.repay({ pool, borrower: address, amount }).succeeded === true;
      } catch (thrown) {
        if (!(thrown instanceof ControlRefusal)) throw thrown;
      }
    return false;
  }

  /**
   * When others may take nothing, only a default is allowed that lowers total by nothing that is not
   * locked: one that recovers its guarantee, and where the pool takes the loss, all of its principal
   * (docs/stellar.md#pool-arithmetic).
   */
  #default(): boolean {
    const { control } = this.world.network;
    const pool = this.world.pool.poolContract;
    const { traits, withHarm } = this.kind;
    const locked = BigInt(control.figures(pool).locked);
    const overdue = this.#loans().filter(
      ({ lastDueAt, guarantee, remaining }) =>
        lastDueAt !== null &&
        lastDueAt < control.head().closeTime &&
        (withHarm || locked >= BigInt(traits?.defaultTakesLoss ? remaining : guarantee)),
    );
    const loan = this.dice.one(overdue);
    return (
      loan !== undefined &&
      control.actions.overdue({ pool, loan: BigInt(loan.loan), deed: 'mark_defaulted' })
        .succeeded === true
    );
  }
}
