import { Keypair } from '@stellar/stellar-sdk';
import { ControlRefusal } from './control-refusal.js';
import { landForeignLoan, type ForeignLoan } from './foreign-loan.js';
import { contractAddress, sha256 } from './ledger-entries.js';
import type { LedgerTimer } from './ledger-timer.js';
import type { LocalChain } from './local-chain.js';
import { FRIENDBOT_GRANT } from './network-limits.js';
import type { NetworkNotes, PoolRecord } from './network-notes.js';
import { poolFigures, type PoolFigures } from './pool-figures.js';
import { writeChanges, writeDeployment } from './setup-writes.js';
import { startingSequence } from './classic-operations.js';
import { approvedVendorChanges, balanceChange, deployment, depositChanges, scoreChange, type DeploymentIds } from '../contracts/deploy.js';
import type { Profile } from '../contracts/host.js';

export interface LedgerHead { readonly ledger: number; /** unix seconds */ readonly closeTime: number }
/** The secret is given because these accounts exist on the model network only. */
export interface DevelopmentAccount { readonly address: string; readonly secret: string }
export interface NewPool extends PoolRecord, LedgerHead { readonly provider: string }

/** What a tester may do to the network from outside the protocol. Amounts are base units of the pool's token. */
export class NetworkControl {
  constructor(private readonly chain: LocalChain, private readonly timer: LedgerTimer) {}

  /** One at a time, so that RPC calls are answered between two of many. */
  async closeLedgers(count: number): Promise<LedgerHead> {
    for (let closed = 0; closed < count; closed++) {
      if (closed > 0) await new Promise((resolve) => { setImmediate(resolve); });
      this.chain.closeLedger();
    }
    return this.head();
  }
  /** Moves the network's clock forward and closes a ledger there. */
  travel(seconds: number): LedgerHead {
    this.chain.closeLedger({ notes: { ...this.chain.notes, timeOffset: this.chain.notes.timeOffset + seconds } });
    return this.head();
  }
  /** @param seconds 0: ledgers close by hand only */
  setTimer(seconds: number): void { this.timer.set(seconds); }

  deployPool(wish: { profile: Profile; decimals: number; deposit: bigint }): NewPool {
    const { profile, decimals, deposit } = wish;
    const { chain } = this;
    const makers = this.newKeys(2);
    const [admin, provider] = makers.keys.map((key) => key.publicKey());
    if (admin === undefined || provider === undefined) throw new Error('two keys were asked for');
    const ids = this.contractIds(admin);
    const pool: PoolRecord = {
      pool: ids.pool, creditline: ids.creditline, token: ids.token, vendorRegistry: ids.vendor_registry, reputation: ids.reputation, parameters: ids.parameters, admin, profile, decimals,
    };
    const installed = { profile, decimals };
    const known = chain.notes.codes.some((code) => code.profile === profile && code.decimals === decimals);
    chain.code.install(installed);
    const notes = { ...makers.notes, codes: known ? chain.notes.codes : [...chain.notes.codes, installed], pools: [...chain.notes.pools, pool] };
    chain.closeLedger({
      notes,
      setup: (state, place) => {
        for (const address of [admin, provider]) state.putAccount(address, { balance: FRIENDBOT_GRANT, sequence: startingSequence(place.sequence) });
        writeDeployment(state, deployment({ ids, admin, token: { decimal: decimals, name: `HFD:${admin}`, symbol: 'HFD' } }), { registry: chain.code, installed });
        writeChanges(state, [balanceChange(ids, provider, 0n), ...(deposit > 0n ? depositChanges(ids, provider, deposit) : [])]);
      },
    });
    return { ...pool, provider, ...this.head() };
  }

  makeBorrowers(wish: { pool: string; count: number; tokens: bigint; score: number }): { borrowers: readonly DevelopmentAccount[] } & LedgerHead {
    const ids = deploymentIds(this.pool(wish.pool));
    const borrowers = this.makeAccounts(wish.count, (address) => [scoreChange(ids, address, wish.score), balanceChange(ids, address, wish.tokens)]);
    return { borrowers, ...this.head() };
  }

  makeVendors(wish: { pool: string; count: number }): { vendors: readonly string[] } & LedgerHead {
    const ids = deploymentIds(this.pool(wish.pool));
    const since = BigInt(this.chain.clock());
    const vendors = this.makeAccounts(wish.count, (address) => approvedVendorChanges(ids, { address, name: `Vendor ${address.slice(-6)}`, since }));
    return { vendors: vendors.map(({ address }) => address), ...this.head() };
  }

  /** A stranger's create_loan, by a signed transaction as any wallet could send it: moves the loan counter and takes liquidity. */
  foreignLoan(wish: { pool: string; total: bigint; guarantee: bigint }): ForeignLoan & LedgerHead {
    const pool = this.pool(wish.pool);
    const [stranger] = this.makeBorrowers({ pool: wish.pool, count: 1, tokens: wish.total, score: 100 }).borrowers;
    const [vendor] = this.makeVendors({ pool: wish.pool, count: 1 }).vendors;
    if (!stranger || vendor === undefined) throw new Error('one account of each was asked for');
    return { ...landForeignLoan(this.chain, { ...wish, creditline: pool.creditline, borrower: Keypair.fromSecret(stranger.secret), vendor }), ...this.head() };
  }

  setFault(name: string, parameters: unknown): void { this.chain.faults.set(name, parameters); }
  clearFaults(name?: string): void { this.chain.faults.clear(name); }
  head(): LedgerHead { return { ledger: this.chain.head.sequence, closeTime: this.chain.head.closeTime }; }

  state(): object {
    const { chain } = this;
    return {
      ...this.head(), oldestLedger: chain.history.oldest.sequence, passphrase: chain.networkPassphrase, pid: process.pid, closeSeconds: this.timer.seconds, timeOffset: chain.notes.timeOffset,
      queued: chain.queue.size, faults: chain.faults.names(), pools: chain.notes.pools.map((pool) => ({ ...pool, ...this.figures(pool.pool) })),
    };
  }
  /** Figures of a pool as the last closed ledger left them. */
  figures(pool: string): PoolFigures { return poolFigures(this.chain.state, this.pool(pool)); }

  /** @throws ControlRefusal */
  pool(id: string): PoolRecord {
    const found = this.chain.notes.pools.find((pool) => pool.pool === id);
    if (!found) throw new ControlRefusal(`no such pool: ${id}; POST /pools makes one`);
    return found;
  }

  private makeAccounts(count: number, changes: (address: string) => Parameters<typeof writeChanges>[1]): readonly DevelopmentAccount[] {
    const { keys, notes } = this.newKeys(count);
    this.chain.closeLedger({
      notes,
      setup: (state, place) => {
        for (const key of keys) {
          state.putAccount(key.publicKey(), { balance: FRIENDBOT_GRANT, sequence: startingSequence(place.sequence) });
          writeChanges(state, changes(key.publicKey()));
        }
      },
    });
    return keys.map((key) => ({ address: key.publicKey(), secret: key.secret() }));
  }

  /** Keys follow from the chain's name and a number: nothing secret need be kept, and two chains never share an account. */
  private newKeys(count: number): { keys: readonly Keypair[]; notes: NetworkNotes } {
    const { notes } = this.chain;
    const keys = Array.from({ length: count }, (_, index) => Keypair.fromRawEd25519Seed(sha256(`holdfast development account ${notes.chainId} ${notes.accountsMade + index}`)));
    return { keys, notes: { ...notes, accountsMade: notes.accountsMade + count } };
  }

  private contractIds(admin: string): DeploymentIds {
    const id = (name: string): string => contractAddress(this.chain.networkPassphrase, admin, sha256(name));
    return { pool: id('pool'), creditline: id('creditline'), token: id('token'), vendor_registry: id('vendor_registry'), reputation: id('reputation'), parameters: id('parameters') };
  }
}

const deploymentIds = (pool: PoolRecord): DeploymentIds => ({
  pool: pool.pool, creditline: pool.creditline, token: pool.token, vendor_registry: pool.vendorRegistry, reputation: pool.reputation, parameters: pool.parameters,
});
