import { poolStats } from '../../sandbox/contracts/pool-storage.js';
import { tokenHolding, tokenKey } from '../../sandbox/contracts/token.contract.js';
import { type RecordedCall, RecordedWorld, type Replayed } from './recorded-replay.js';
import type { Recording } from './recorded.js';

/** Unix seconds, and a time at which every loan made then is overdue. */
const NOW = 1_800_000_000;
const LATE = NOW + 40 * 86_400;
const LEDGER = 1000;

/** A recorded deployment after its set-up, with two borrowers of the highest score. */
export class RecordedDeployment {
  readonly world: RecordedWorld;
  private readonly loans = new Map<string, string>();

  constructor(private readonly recording: Recording) {
    this.world = new RecordedWorld(recording);
    for (const row of recording.setup)
      if (row['contract'] !== null && row['beforeStep'] === 0)
        this.keep(this.world.simulate(this.world.callOf(row)));
    for (const who of ['A', 'B']) this.setScore(who, 100);
  }

  borrower(who: string): string {
    return this.recording.accounts[who === 'A' ? 'b-90' : 'b-std'] ?? '';
  }
  keep(done: Replayed): Extract<Replayed, { ok: true }> {
    if (!done.ok) throw new Error(JSON.stringify(done.raised));
    this.world.keep(done);
    return done;
  }
  call(
    [contract, fn]: readonly [string, string],
    args: Readonly<Record<string, unknown>>,
    closeTime = NOW,
  ): Replayed {
    const caller =
      args['admin'] ??
      args['updater'] ??
      args['provider'] ??
      args['user'] ??
      args['borrower'] ??
      'keeper';
    const call: RecordedCall = this.world.callOf({
      caller,
      contract,
      function: fn,
      args,
      ledger: LEDGER,
      closeTime,
    });
    return this.world.simulate(call);
  }

  private setScore(who: string, score: number): void {
    const updater = this.world.account('admin');
    const args = { updater, user: this.borrower(who), new_score: score };
    this.keep(this.call(['reputation', 'set_score'], args));
  }
  deposit(amount: bigint): Replayed {
    const provider = this.world.account('provider-1');
    return this.call(['pool', 'deposit'], { provider, amount: String(amount) });
  }
  createLoan(
    who: string,
    [total, guarantee]: readonly number[],
    more: Readonly<Record<string, unknown>> = {},
  ): Replayed {
    const done = this.call(['creditline', 'create_loan'], {
      user: this.borrower(who),
      vendor: this.world.account('vendor-1'),
      total_amount: String(total),
      guarantee_amount: String(guarantee),
      repayment_schedule: [instalment(0)],
      loan_type: ['Standard'],
      ...more,
    });
    if (done.ok) this.loans.set(who, String(this.loans.size + 1));
    return done;
  }
  /** One step of a vector: deposit, create_loan, repay_loan, mark_defaulted. */
  step([fn, who, ...rest]: readonly [string, ...(string | number)[]]): Replayed {
    const loan = this.loans.get(String(who));
    if (fn === 'deposit') return this.deposit(BigInt(who ?? 0));
    if (fn === 'create_loan') return this.createLoan(String(who), rest.map(Number));
    if (fn === 'repay_loan') {
      // the last payment raises the score, and the third generation refuses to pass 100
      this.setScore(String(who), 80);
      return this.call(['creditline', fn], {
        borrower: this.borrower(String(who)),
        loan_id: loan,
        amount: String(rest[0]),
      });
    }
    return this.call(['creditline', fn], { loan_id: loan }, LATE);
  }

  figures(): Readonly<Record<string, number>> {
    const stats = poolStats.decode(this.keep(this.call(['pool', 'get_pool_stats'], {})).value);
    const holding = this.world.stored('token', tokenKey.balance(this.world.id('pool')));
    return {
      total: Number(stats.total_liquidity),
      locked: Number(stats.locked_liquidity),
      available: Number(stats.available_liquidity),
      tokens: Number(holding ? tokenHolding.decode(holding).amount : 0n),
      total_shares: Number(stats.total_shares),
      share_price: Number(stats.share_price),
    };
  }
}

export const instalment = (at: number): object => ({
  amount: '100',
  due_date: String(NOW + 30 * 86_400 + at),
  paid: false,
  paid_at: '0',
});
