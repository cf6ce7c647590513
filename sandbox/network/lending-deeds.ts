import type { xdr } from '@stellar/stellar-sdk';
import { landCall, tryCall, type LandedCall, type SignedCall } from './contract-call.js';
import { ControlRefusal } from './control-refusal.js';
import { ContractStorage } from './contract-storage.js';
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
import { address, bytes32, i128, u32, u64 } from '../contracts/scval.js';
import { tokenHolding, tokenKey } from '../contracts/token.contract.js';

/**
 * What a deed did. `ledger` and `closeTime` are of the last closed ledger; `succeeded` is null
 * while no ledger has the transaction.
 */
export interface Deed {
  readonly hash: string;
  readonly succeeded: boolean | null;
  readonly ledger: number;
  readonly closeTime: number;
}
/** `close: false` leaves the transaction waiting, to land together with others. */
interface When {
  readonly close?: boolean | undefined;
}
export type OverdueDeed = 'mark_defaulted' | 'warn_grace_period' | 'apply_late_fees';

/**
 * Holdings are filled up from nowhere before a payment: a tester wants the payment, not the
 * poverty. The pool's figures never change but by the transactions.
 */
export class LendingDeeds {
  constructor(
    private readonly chain: LocalChain,
    private readonly accounts: DevelopmentAccounts,
    private readonly pool: (id: string) => PoolRecord,
  ) {}

  /** @returns also the shares issued, base units */
  deposit(
    wish: {
      pool: string;
      amount: bigint;
      provider?: string | undefined;
      roomy?: boolean | undefined;
    } & When,
  ): Deed & { provider: string; shares: string | null } {
    const pool = this.pool(wish.pool);
    const provider = wish.provider ?? pool.provider;
    this.fill(pool, provider, wish.amount);
    const landed = this.land({
      source: this.accounts.keyOf(provider),
      contract: pool.pool,
      fn: 'deposit',
      args: [address.encode(provider), i128.encode(wish.amount)],
      close: wish.close,
      roomy: wish.roomy,
    });
    return { ...this.told(landed), provider, shares: amountOf(landed.value) };
  }

  /**
   * @param wish.shares base units; absent: all the provider has. @returns also the tokens paid out,
   * base units
   */
  withdraw(
    wish: { pool: string; shares?: bigint | undefined; provider?: string | undefined } & When,
  ): Deed & { provider: string; amount: string | null } {
    const pool = this.pool(wish.pool);
    const provider = wish.provider ?? pool.provider;
    const shares = wish.shares ?? this.i128At(pool.pool, poolKey.shares(provider));
    const landed = this.land({
      source: this.accounts.keyOf(provider),
      contract: pool.pool,
      fn: 'withdraw',
      args: [address.encode(provider), i128.encode(shares)],
      close: wish.close,
    });
    return { ...this.told(landed), provider, amount: amountOf(landed.value) };
  }

  /**
   * @param wish.amount base units; absent: all that is owed. @param wish.installment given:
   * repay_installment, which moves no tokens. @returns also the balance left
   */
  repay(
    wish: {
      pool: string;
      loan: bigint;
      amount?: bigint | undefined;
      installment?: number | undefined;
    } & When,
  ): Deed & { borrower: string; amount: string; remaining: string | null } {
    const pool = this.pool(wish.pool);
    const { borrower } =
      storedLoan(this.chain.state, pool, wish.loan) ?? refuse(`no such loan: ${wish.loan}`);
    const call = (amount: bigint): SignedCall => {
      const [who, id, units] = [
        address.encode(borrower),
        u64.encode(wish.loan),
        i128.encode(amount),
      ];
      const args =
        wish.installment === undefined
          ? [who, id, units]
          : [who, id, u32.encode(wish.installment), units];
      return {
        source: this.accounts.keyOf(borrower),
        contract: pool.creditline,
        fn: wish.installment === undefined ? 'repay_loan' : 'repay_installment',
        args,
        close: wish.close,
      };
    };
    const amount = wish.amount ?? this.owed(pool, borrower, call);
    this.fill(pool, borrower, amount);
    const landed = this.land(call(amount));
    return {
      ...this.told(landed),
      borrower,
      amount: String(amount),
      remaining: amountOf(landed.value),
    };
  }

  /** By a stranger: the contract asks for nobody's signature. */
  overdue(wish: { pool: string; loan: bigint; deed: OverdueDeed } & When): Deed {
    return this.told(
      this.land({
        source: this.accounts.passerBy(),
        contract: this.pool(wish.pool).creditline,
        fn: wish.deed,
        args: [u64.encode(wish.loan)],
        close: wish.close,
      }),
    );
  }

  /**
   * Total rises although no one paid (docs/stellar.md#pool-arithmetic). The fork asks who calls,
   * and refuses a stranger.
   */
  interest(
    wish: {
      pool: string;
      amount: bigint;
      via: 'distribute_interest' | 'accumulate_interest';
      by?: 'stranger' | 'admin' | undefined;
    } & When,
  ): Deed {
    const pool = this.pool(wish.pool);
    const source = wish.by === 'admin' ? this.accounts.keyOf(pool.admin) : this.accounts.passerBy();
    const args = [
      ...(pool.profile === 'trustup' ? [address.encode(source.publicKey())] : []),
      i128.encode(wish.amount),
    ];
    return this.told(
      this.land({ source, contract: pool.pool, fn: wish.via, args, close: wish.close }),
    );
  }

  /** The fork's admin stops its pool, or lets it go on. */
  pause(wish: { pool: string; paused: boolean } & When): Deed {
    const pool = this.pool(wish.pool);
    return this.told(
      this.land({
        source: this.accounts.keyOf(pool.admin),
        contract: pool.pool,
        fn: wish.paused ? 'pause' : 'unpause',
        args: [address.encode(pool.admin)],
        close: wish.close,
      }),
    );
  }

  /** Tokens past the pool's books: a stranger's gift, or the issuer's clawback. */
  transfer(wish: { pool: string; amount: bigint; direction: 'in' | 'out' } & When): Deed {
    const pool = this.pool(wish.pool);
    const [target, amount] = [address.encode(pool.pool), i128.encode(wish.amount)];
    if (wish.direction === 'out') {
      this.write([clawbackChange(deploymentIds(pool), pool.pool)]);
      return this.told(
        this.land({
          source: this.accounts.keyOf(pool.admin),
          contract: pool.token,
          fn: 'clawback',
          args: [target, amount],
          close: wish.close,
        }),
      );
    }
    const source = this.accounts.passerBy();
    this.fill(pool, source.publicKey(), wish.amount);
    return this.told(
      this.land({
        source,
        contract: pool.token,
        fn: 'transfer',
        args: [address.encode(source.publicKey()), target, amount],
        close: wish.close,
      }),
    );
  }

  /** The admin puts new code under a contract: the same functions under another wasm hash. */
  upgrade(
    wish: { pool: string; contract: 'pool' | 'creditline' } & When,
  ): Deed & { wasmHash: string } {
    const pool = this.pool(wish.pool);
    const { codes } = this.chain.notes;
    const own = codes.filter(
      (code) => code.profile === pool.profile && code.decimals === pool.decimals,
    );
    const installed = {
      profile: pool.profile,
      decimals: pool.decimals,
      revision: Math.max(...own.map(({ revision }) => revision ?? 0)) + 1,
    };
    this.chain.code.install(installed);
    this.chain.closeLedger({ notes: { ...this.chain.notes, codes: [...codes, installed] } });
    const hash = this.chain.code.wasmHash(installed, wish.contract);
    const landed = this.land({
      source: this.accounts.keyOf(pool.admin),
      contract: pool[wish.contract],
      fn: 'upgrade',
      args: [bytes32.encode(hash)],
      close: wish.close,
    });
    return { ...this.told(landed), wasmHash: hash.toString('hex') };
  }

  /**
   * All that is owed, late fees of this moment included: what a payment of one unit would leave,
   * and that unit.
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
  private told({ hash, succeeded }: LandedCall): Deed {
    return {
      hash,
      succeeded,
      ledger: this.chain.head.sequence,
      closeTime: this.chain.head.closeTime,
    };
  }
}

const amountOf = (value: xdr.ScVal | undefined): string | null =>
  value ? String(i128.decode(value)) : null;

function refuse(sentence: string): never {
  throw new ControlRefusal(sentence);
}
