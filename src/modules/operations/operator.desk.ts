import { Inject, Injectable } from '@nestjs/common';
import { HoldfastError } from '../../common/errors.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { LedgerConnections } from '../liquidity/ledger.connections.js';
import { listActions, noteAction, type OperatorNote, type StoredAction } from '../liquidity/operator.actions.js';
import { type PoolRecord, PoolRegistry, type PoolRules } from '../liquidity/pool.registry.js';
import { ReservationLedger } from '../liquidity/reservation.ledger.js';
import { type Reconciled, ReconciliationService } from '../settlement/reconciliation.service.js';
import { type CounterFault, SelfCheck } from '../settlement/self.check.js';
import { type Observed, SettlementService } from '../settlement/settlement.service.js';
import { bufferUnits, type PoolWish, registerPool, signingTooLong } from './register-pool.js';

/** What may be changed of a pool that exists; the buffer in token units. */
export type RuleWish = Partial<Omit<PoolRules, 'buffer' | 'state'>> & { readonly buffer?: string };

/** The doors the desk looks through besides its use-cases. */
@Injectable()
export class OperatorRooms {
  constructor(@Inject(CHAIN) readonly chain: Chain, readonly ledger: ReservationLedger, readonly connections: LedgerConnections) {}
}

/** What operators do, by the use-cases of the commands and jobs. Every deed is written down with who and why. */
@Injectable()
export class OperatorDesk {
  constructor(
    private readonly pools: PoolRegistry, private readonly settlement: SettlementService, private readonly reconciliation: ReconciliationService, private readonly rooms: OperatorRooms,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE, VALIDATION_FAILED */
  register(wish: PoolWish, note: OperatorNote): Promise<PoolRecord> { return registerPool({ pools: this.pools, chain: this.rooms.chain, settlement: this.settlement }, wish, note); }

  /** @throws HoldfastError POOL_NOT_FOUND, VALIDATION_FAILED */
  async change(poolId: string, { buffer, ...rules }: RuleWish, note: OperatorNote): Promise<PoolRecord> {
    const known = await this.find(poolId);
    if ((rules.minSigningSeconds ?? known.minSigningSeconds) >= (rules.holdSeconds ?? known.holdSeconds)) throw signingTooLong();
    return this.pools.change(poolId, { ...rules, ...(buffer !== undefined && { buffer: bufferUnits(buffer, known.decimals) }) }, note);
  }

  /** @throws HoldfastError POOL_NOT_FOUND, POOL_STATE_CONFLICT */
  turn(poolId: string, to: 'active' | 'paused', note: OperatorNote): Promise<PoolRecord> { return this.pools.turn(poolId, to, note); }

  /** @throws HoldfastError POOL_NOT_FOUND, CHAIN_UNREACHABLE */
  async observe(poolId: string, note: OperatorNote): Promise<Observed> {
    const seen = await this.settlement.observePool(await this.find(poolId));
    await this.note(note, 'pool.observe', poolId, { ...seen });
    return seen;
  }

  /** @throws HoldfastError POOL_NOT_FOUND, CHAIN_UNREACHABLE */
  async reconcile(poolId: string, note: OperatorNote): Promise<Reconciled> {
    const seen = await this.reconciliation.reconcilePool(await this.find(poolId));
    await this.note(note, 'pool.reconcile', poolId, { ...seen });
    return seen;
  }

  /** I1 and R8 of every pool; nothing is mended. */
  async selfCheck(note: OperatorNote): Promise<readonly CounterFault[]> {
    const found = await new SelfCheck({ ledger: this.rooms.ledger, pools: this.pools }).run();
    await this.note(note, 'ledger.self-check', 'all', { differences: found.length });
    return found;
  }

  actions(subject: string | null, limit: number): Promise<StoredAction[]> { return listActions(this.rooms.connections.read, subject, limit); }

  private note(note: OperatorNote, action: string, subject: string, facts: Record<string, unknown>): Promise<void> {
    return noteAction(this.rooms.connections.read, { ...note, action, subject, facts });
  }

  private async find(poolId: string): Promise<PoolRecord> {
    const pool = await this.pools.find(poolId);
    // the chain of this service can say nothing of a pool on another network
    if (!pool || pool.network !== this.rooms.chain.networkPassphrase) throw new HoldfastError('POOL_NOT_FOUND', `There is no pool ${poolId}; GET /pools lists them.`);
    return pool;
  }
}
