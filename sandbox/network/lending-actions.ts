import type { xdr } from '@stellar/stellar-sdk';
import { type ActionResult, resultOf, type When } from './action-result.js';
import { AdminActions } from './admin-actions.js';
import { landCall, tryCall, type LandedCall, type SignedCall } from './contract-call.js';
import { ControlRefusal } from './control-refusal.js';
import { ContractStorage } from './contract-storage.js';
import { codeAt } from './deployed-code.js';
import type { DevelopmentAccounts } from './development-accounts.js';
import { UNWATCHED } from './footprint.js';
import { contractDataKey, contractDataValue } from './ledger-entries.js';
import { StateOverlay } from './ledger-state.js';
import type { LocalChain } from './local-chain.js';
import type { PoolRecord } from './network-notes.js';
import { deploymentIds } from './pool-deployment.js';
import { storedLoan } from './pool-loans.js';
import { writeChanges } from './setup-writes.js';
import { balanceChange, clawbackChange, type StateChange } from '../contracts/deploy.js';
import { poolKey } from '../contracts/pool-storage.js';
import { reserveKey } from '../contracts/reserve.contract.js';
import { address, i128, u32, u64 } from '../contracts/scval.js';
import { tokenHolding, tokenKey } from '../contracts/token.contract.js';

export type OverdueAction = 'mark_defaulted' | 'warn_grace_period' | 'apply_late_fees';

/**
 * Holdings are created before a payment, so that it is not refused for lack of tokens. Only
 * transactions change the pool's figures.
 */
export class LendingActions {
  /** What the pool's admin does. */
  readonly admin: AdminActions;

  constructor(
    private readonly chain: LocalChain,
    private readonly accounts: DevelopmentAccounts,
    private readonly pool: (id: string) => PoolRecord,
  ) {
    this.admin = new AdminActions(chain, accounts, pool);
  }

  /** @returns also the shares issued, base units */
  deposit(
    request: {
      pool: string;
      amount: bigint;
      provider?: string | undefined;
      roomy?: boolean | undefined;
    } & When,
  ): ActionResult & { provider: string; shares: string | null } {
    const pool = this.pool(request.pool);
    const provider = request.provider ?? pool.provider;
    this.fill(pool, provider, request.amount);
    const landed = this.land({
      source: this.accounts.keyOf(provider),
      contract: pool.pool,
      fn: pool.generation === 'reserve' ? 'supply' : 'deposit',
      args: [address.encode(provider), i128.encode(request.amount)],
      close: request.close,
      roomy: request.roomy,
    });
    return { ...this.resultOf(landed), provider, shares: amountOf(landed.value) };
  }

  /**
   * @param request.shares base units; absent: all of the provider's shares
   * @returns also the tokens paid out, base units
   */
  withdraw(
    request: { pool: string; shares?: bigint | undefined; provider?: string | undefined } & When,
  ): ActionResult & { provider: string; amount: string | null } {
    const pool = this.pool(request.pool);
    const provider = request.provider ?? pool.provider;
    const key = pool.generation === 'reserve' ? reserveKey.supply : poolKey.shares;
    const shares = request.shares ?? this.i128At(pool.pool, key(provider));
    const landed = this.land({
      source: this.accounts.keyOf(provider),
      contract: pool.pool,
      fn: 'withdraw',
      args: [address.encode(provider), i128.encode(shares)],
      close: request.close,
    });
    return { ...this.resultOf(landed), provider, amount: amountOf(landed.value) };
  }

  /**
   * @param request.amount base units; absent: the whole debt. @param request.installment given:
   * repay_installment, which in the first generation moves no tokens.
   * @returns also the balance left
   */
  repay(
    request: {
      pool: string;
      loan: bigint;
      amount?: bigint | undefined;
      installment?: number | undefined;
    } & When,
  ): ActionResult & { borrower: string; amount: string; remaining: string | null } {
    const pool = this.pool(request.pool);
    const { borrower } =
      storedLoan(this.chain.state, pool, request.loan) ?? refuse(`no such loan: ${request.loan}`);
    const call = (amount: bigint): SignedCall => {
      const [who, id, units] = [
        address.encode(borrower),
        u64.encode(request.loan),
        i128.encode(amount),
      ];
      const args =
        request.installment === undefined
          ? [who, id, units]
          : [who, id, u32.encode(request.installment), units];
      return {
        source: this.accounts.keyOf(borrower),
        contract: pool.creditline,
        fn: request.installment === undefined ? 'repay_loan' : 'repay_installment',
        args,
        close: request.close,
      };
    };
    const amount = request.amount ?? this.owed(pool, borrower, call);
    // an instalment that is late may cost a fee on top
    this.fill(pool, borrower, request.installment === undefined ? amount : 2n * amount);
    const landed = this.land(call(amount));
    return {
      ...this.resultOf(landed),
      borrower,
      amount: String(amount),
      remaining: amountOf(landed.value),
    };
  }

  /** Any account may send it: the contract requires no signature. */
  overdue(request: { pool: string; loan: bigint; deed: OverdueAction } & When): ActionResult {
    return this.resultOf(
      this.land({
        source: this.accounts.passerBy(),
        contract: this.pool(request.pool).creditline,
        fn: request.deed,
        args: [u64.encode(request.loan)],
        close: request.close,
      }),
    );
  }

  /**
   * Total rises although no payment arrived (docs/stellar.md#pool-arithmetic). The fork checks the
   * caller and refuses other accounts.
   */
  interest(
    request: {
      pool: string;
      amount: bigint;
      via: 'distribute_interest' | 'accumulate_interest';
      by?: 'stranger' | 'admin' | undefined;
    } & When,
  ): ActionResult {
    const pool = this.pool(request.pool);
    const source =
      request.by === 'admin' ? this.accounts.keyOf(pool.admin) : this.accounts.passerBy();
    const takesCaller =
      codeAt(this.chain, pool.pool)?.functions[request.via]?.parameters?.length === 2;
    const args = [
      ...(takesCaller ? [address.encode(source.publicKey())] : []),
      i128.encode(request.amount),
    ];
    return this.resultOf(
      this.land({ source, contract: pool.pool, fn: request.via, args, close: request.close }),
    );
  }

  /** See AdminActions. */
  pause(request: Parameters<AdminActions['pause']>[0]): ActionResult {
    return this.admin.pause(request);
  }
  upgrade(request: Parameters<AdminActions['upgrade']>[0]): ReturnType<AdminActions['upgrade']> {
    return this.admin.upgrade(request);
  }

  /** Tokens outside the pool's books: another account's gift, or the issuer's clawback. */
  transfer(
    request: { pool: string; amount: bigint; direction: 'in' | 'out' } & When,
  ): ActionResult {
    const pool = this.pool(request.pool);
    const [target, amount] = [address.encode(pool.pool), i128.encode(request.amount)];
    if (request.direction === 'out') {
      this.write([clawbackChange(deploymentIds(pool), pool.pool)]);
      return this.resultOf(
        this.land({
          source: this.accounts.keyOf(pool.admin),
          contract: pool.token,
          fn: 'clawback',
          args: [target, amount],
          close: request.close,
        }),
      );
    }
    const source = this.accounts.passerBy();
    this.fill(pool, source.publicKey(), request.amount);
    return this.resultOf(
      this.land({
        source,
        contract: pool.token,
        fn: 'transfer',
        args: [address.encode(source.publicKey()), target, amount],
        close: request.close,
      }),
    );
  }

  /**
   * The whole debt, with the late fees of this moment: the balance that a payment of one unit would
   * leave, and that unit.
   */
  private owed(pool: PoolRecord, borrower: string, call: (amount: bigint) => SignedCall): bigint {
    this.fill(pool, borrower, 1n);
    return i128.decode(tryCall(this.chain, call(1n))) + 1n;
  }
  private fill(pool: PoolRecord, holder: string, amount: bigint): void {
    const state = new StateOverlay(this.chain.state, this.chain.head.sequence);
    const stored = new ContractStorage(state, UNWATCHED, pool.token).read(
      'persistent',
      tokenKey.balance(holder),
    );
    const present = stored ? tokenHolding.decode(stored).amount : 0n;
    if (!stored || present < amount)
      this.write([
        balanceChange(deploymentIds(pool), holder, amount > present ? amount - present : 0n),
      ]);
  }
  private i128At(contract: string, key: xdr.ScVal): bigint {
    const stored = this.chain.state.get(contractDataKey(contract, key, 'persistent').id);
    return stored ? i128.decode(contractDataValue(stored.data)) : 0n;
  }
  private write(changes: readonly StateChange[]): void {
    this.chain.closeLedger({
      setup: (state) => {
        writeChanges(state, changes);
      },
    });
  }
  private land(call: SignedCall): LandedCall {
    return landCall(this.chain, call);
  }
  private resultOf(landed: LandedCall): ActionResult {
    return resultOf(this.chain, landed);
  }
}

const amountOf = (value: xdr.ScVal | undefined): string | null =>
  value ? String(i128.decode(value)) : null;

function refuse(sentence: string): never {
  throw new ControlRefusal(sentence);
}
