import { Keypair } from '@stellar/stellar-sdk';
import { ControlRefusal } from './control-refusal.js';
import { DevelopmentAccounts, type DevelopmentAccount } from './development-accounts.js';
import { generationAt } from './deployed-code.js';
import { FAULT_NAMES } from './faults.js';
import { landFeeBump, type LandedBump } from './fee-bump.js';
import { landForeignLoan, type ForeignLoan } from './foreign-loan.js';
import { InstanceWrites } from './instance-writes.js';
import { LendingActions } from './lending-actions.js';
import { failureOf, type LandingFailure } from './landing-failure.js';
import { nonceKey } from './nonces.js';
import type { LedgerTimer } from './ledger-timer.js';
import type { LocalChain } from './local-chain.js';
import { NetworkConditions } from './network-conditions.js';
import type { PoolRecord } from './network-notes.js';
import {
  borrowerChanges,
  codeAskedFor,
  deploymentIds,
  type PoolRequest,
  writePool,
} from './pool-deployment.js';
import { poolFigures, type PoolFigures } from './pool-figures.js';
import { writeChanges } from './setup-writes.js';
import { poolLoans, type LoanFigures } from './pool-loans.js';
import { landBorrow, ReserveActions } from './reserve-actions.js';
import type { Generation } from '../contracts/generations.js';
import { entriesOf } from './pool-entries.js';
import { SignerActions } from './signer-actions.js';
import { approvedVendorChanges, scoreChange, type DeploymentIds } from '../contracts/deploy.js';

export interface LedgerHead {
  readonly ledger: number;
  /** unix seconds */
  readonly closeTime: number;
}
export interface Landing extends LedgerHead {
  readonly succeeded: boolean;
  readonly feeBump: boolean;
  /** null: it succeeded */
  readonly failure: LandingFailure | null;
}
export interface NewPool extends PoolRecord, LedgerHead {}

const MONTH_SECONDS = 2_592_000;
/** Enough to replace the plain transaction in a queue, which takes ten times its rate. */
const BUMP_BASE_FEE = '1000000';

/**
 * What a tester may do to the network outside of the protocol. Amounts are base units of the pool's
 * token.
 */
export class NetworkControl {
  private readonly accounts: DevelopmentAccounts;
  /** Real, signed transactions of other accounts. */
  readonly actions: LendingActions;
  readonly reserve: ReserveActions;
  readonly signers: SignerActions;
  readonly conditions: NetworkConditions;
  readonly instances: InstanceWrites;

  /** @param generation of pools whose request names none; default the first */
  constructor(
    private readonly chain: LocalChain,
    private readonly timer: LedgerTimer,
    private readonly generation: Generation = 'g1',
  ) {
    this.accounts = new DevelopmentAccounts(chain);
    this.conditions = new NetworkConditions(chain, (id) => this.pool(id));
    this.instances = new InstanceWrites(chain, (id) => this.pool(id));
    this.actions = new LendingActions(chain, this.accounts, (id) => this.pool(id));
    this.reserve = new ReserveActions(chain, this.accounts, (id) => this.pool(id));
    this.signers = new SignerActions(chain, this.accounts, (id) => this.pool(id));
  }

  /** Runs one at a time, so that RPC calls are answered in between. */
  async closeLedgers(count: number): Promise<LedgerHead> {
    for (let closed = 0; closed < count; closed++) {
      if (closed > 0)
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      this.chain.closeLedger();
    }
    return this.head();
  }
  /** Moves the network's clock forward and closes a ledger there. */
  travel(seconds: number): LedgerHead {
    this.chain.closeLedger({
      notes: { ...this.chain.notes, timeOffset: this.chain.notes.timeOffset + seconds },
    });
    return this.head();
  }
  /** @param seconds 0: only the control port closes ledgers */
  setTimer(seconds: number): void {
    this.timer.set(seconds);
  }

  /**
   * Creates the contracts in one ledger and makes the deposit in the next, by its provider's own
   * transaction, so that the chain has an event for every unit of the pool.
   */
  deployPool(request: PoolRequest): NewPool {
    const pool = writePool(this.chain, this.accounts, codeAskedFor(request, this.generation));
    if (
      request.deposit > 0n &&
      this.actions.deposit({ pool: pool.pool, amount: request.deposit, roomy: true }).succeeded !==
        true
    )
      throw new ControlRefusal('the deposit did not land: is a fault on?');
    return { ...pool, ...this.head() };
  }

  /**
   * The network begins again at ledger 1. The control port's accounts are gone with it.
   * @param request.sameAddresses deploys the pools that there were, at their old addresses
   * @param request.deposit to each of those
   */
  reset(request: {
    sameAddresses: boolean;
    deposit: (pool: PoolRecord) => bigint;
  }): { pools: readonly NewPool[] } & LedgerHead {
    const { pools, chainId } = this.chain.notes;
    const numbers = pools.map((pool) => this.accounts.numberOf(pool.admin));
    const { accountsMade } = this.chain.notes;
    this.chain.reset(request.sameAddresses ? chainId : undefined);
    this.accounts.forget();
    if (!request.sameAddresses) return { pools: [], ...this.head() };
    const again = pools.map((pool, index) => {
      this.accounts.continueAt(numbers[index] ?? 0);
      return this.deployPool({ ...pool, deposit: request.deposit(pool) });
    });
    this.accounts.continueAt(accountsMade);
    return { pools: again, ...this.head() };
  }

  makeBorrowers(request: {
    pool: string;
    count: number;
    tokens: bigint;
    score: number;
  }): { borrowers: readonly DevelopmentAccount[] } & LedgerHead {
    const pool = this.pool(request.pool);
    const borrowers = this.accounts.make(request.count, (address) =>
      borrowerChanges(pool, address, request),
    );
    return { borrowers, ...this.head() };
  }

  /** As when a borrower repaid elsewhere: interest of a loan depends on it when it lands. */
  setScore(request: { pool: string; borrower: string; score: number }): LedgerHead {
    const change = scoreChange(
      deploymentIds(this.pool(request.pool)),
      request.borrower,
      request.score,
    );
    this.chain.closeLedger({
      setup: (state) => {
        writeChanges(state, [change]);
      },
    });
    return this.head();
  }

  makeVendors(request: {
    pool: string;
    count: number;
  }): { vendors: readonly string[] } & LedgerHead {
    const pool = this.pool(request.pool);
    if (pool.generation === 'reserve') throw new ControlRefusal('a reserve knows no vendors');
    const ids = deploymentIds(pool);
    const since = BigInt(this.chain.clock());
    const vendors = this.accounts.make(request.count, (address) =>
      approvedVendorChanges(ids, { address, name: `Vendor ${address.slice(-6)}`, since }),
    );
    return { vendors: vendors.map(({ address }) => address), ...this.head() };
  }

  /**
   * Another account's create_loan, by a signed transaction as any wallet could send it: it raises
   * the loan counter and takes liquidity. `dueIn` is seconds. Of a reserve, the total is borrowed.
   */
  foreignLoan(request: {
    pool: string;
    total: bigint;
    guarantee: bigint;
    dueIn?: number;
    close?: boolean | undefined;
    fn?: 'create_loan' | 'request_loan';
  }): ForeignLoan & LedgerHead {
    const pool = this.pool(request.pool);
    const [stranger] = this.makeBorrowers({
      pool: request.pool,
      count: 1,
      tokens: request.total,
      score: 100,
    }).borrowers;
    if (pool.generation === 'reserve' && stranger)
      return { ...landBorrow(this.chain, { ...request, stranger }), ...this.head() };
    const [vendor] = this.makeVendors({ pool: request.pool, count: 1 }).vendors;
    if (!stranger || vendor === undefined) throw new Error('one account of each was asked for');
    const terms = {
      total: request.total,
      guarantee: request.guarantee,
      dueIn: request.dueIn ?? MONTH_SECONDS,
      close: request.close,
      fn: request.fn,
    };
    return {
      ...landForeignLoan(this.chain, {
        ...terms,
        creditline: pool.creditline,
        profile: pool.profile,
        borrower: Keypair.fromSecret(stranger.secret),
        vendor,
      }),
      ...this.head(),
    };
  }

  /**
   * Makes loans of other accounts with the smallest amounts, one by one, so that a simulated
   * transaction no longer names the loan that it would write
   * (docs/stellar.md#loan-counter-conflict). Each takes 4 units.
   */
  shiftFootprints(request: { pool: string; count: number }): { loanCounter: string } & LedgerHead {
    for (let shifted = 0; shifted < request.count; shifted++)
      this.foreignLoan({ pool: request.pool, total: 5n, guarantee: 1n });
    return { loanCounter: this.figures(request.pool).loanCounter, ...this.head() };
  }

  /**
   * Another account pays for a signed transaction, which lands under another hash. `baseFee` is
   * stroops for each of its operations and one more.
   */
  feeBump(request: {
    envelope: string;
    baseFee?: string | undefined;
    close?: boolean | undefined;
  }): LandedBump & LedgerHead {
    const landed = landFeeBump(this.chain, this.accounts.passerBy(), {
      envelope: request.envelope,
      baseFee: request.baseFee ?? BUMP_BASE_FEE,
      close: request.close ?? true,
    });
    return { ...landed, ...this.head() };
  }

  /**
   * Ends the lifetime of entries, as if their rent had run out: instances by the name of their
   * contract, loans by id.
   */
  archive(request: {
    pool: string;
    contracts: readonly (keyof DeploymentIds)[];
    loans: readonly bigint[];
  }): { archived: number } & LedgerHead {
    const ids = deploymentIds(this.pool(request.pool));
    const present = entriesOf(this.chain.state, ids, { ...request, code: [] });
    this.chain.closeLedger({
      setup: (state, place) => {
        for (const id of present) state.setLifetime(id, place.sequence - 1);
      },
    });
    return { archived: present.length, ...this.head() };
  }

  setFault(name: string, parameters: unknown): void {
    this.chain.faults.set(name, parameters);
  }
  /** The active faults, and all that exist. */
  faults(): { active: readonly string[]; known: readonly string[] } {
    return { active: this.chain.faults.names(), known: FAULT_NAMES };
  }
  clearFaults(name?: string): void {
    this.chain.faults.clear(name);
  }
  head(): LedgerHead {
    return { ledger: this.chain.head.sequence, closeTime: this.chain.head.closeTime };
  }

  state(): object {
    const { chain } = this;
    return {
      ...this.head(),
      oldestLedger: chain.history.oldest.sequence,
      passphrase: chain.networkPassphrase,
      pid: process.pid,
      closeSeconds: this.timer.seconds,
      timeOffset: chain.notes.timeOffset,
      queued: chain.queue.size,
      surge: chain.notes.surge ?? null,
      faults: chain.faults.names(),
      defaultGeneration: this.generation,
      pools: chain.notes.pools.map((pool) => ({
        ...pool,
        generation: generationAt(this.chain, pool.pool),
        creditlineGeneration: generationAt(this.chain, pool.creditline),
        ...this.figures(pool.pool),
      })),
    };
  }
  /** Figures of a pool after the last closed ledger, or after an earlier one of the last 300. */
  figures(pool: string, ledger?: number): PoolFigures {
    return poolFigures(
      ledger === undefined ? this.chain.state : this.chain.state.at(ledger),
      this.pool(pool),
    );
  }
  /**
   * The outcome of a transaction, by its own hash or, inside a fee bump, by the inner one; null: no
   * ledger has it.
   */
  landing(hash: string): Landing | null {
    const kept = this.chain.history.transaction(hash);
    return kept
      ? {
          ledger: kept.ledger.sequence,
          closeTime: kept.ledger.closeTime,
          succeeded: kept.record.succeeded,
          feeBump: kept.record.hash !== hash,
          failure: failureOf(kept.record),
        }
      : null;
  }
  /** The ledger in which an address spent a nonce; null: it has not, or the entry is gone. */
  spentIn(address: string, nonce: bigint): number | null {
    return this.chain.state.get(nonceKey(address, nonce).id)?.modified ?? null;
  }
  /** The last sequence number that an account consumed; null: no such account. */
  sequence(account: string): bigint | null {
    return this.chain.account(account)?.sequence ?? null;
  }
  /** Its loans, oldest first. */
  loans(pool: string): readonly LoanFigures[] {
    return poolLoans(this.chain.state, this.pool(pool), BigInt(this.figures(pool).loanCounter));
  }

  /** @throws ControlRefusal */
  pool(id: string): PoolRecord {
    const found = this.chain.notes.pools.find((pool) => pool.pool === id);
    if (!found) throw new ControlRefusal(`no such pool: ${id}; POST /pools makes one`);
    return found;
  }
}
