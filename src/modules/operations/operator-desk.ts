import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { poolNotFound, reservationNotFound } from '../../http/not-found.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import type { Generation } from '../chain/families/contract-family.js';
import type { PoolCode } from '../liquidity/pools/accepted-code.sql.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import {
  listActions,
  runAndNote,
  noteFailure,
  type ActionFilter,
  type OperatorAction,
  type OperatorNote,
  type StoredAction,
} from '../liquidity/pools/operator-actions.js';
import { type PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { checkSigningTime, type GivenRules } from '../liquidity/pools/pool-rules.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import type { LedgerRepair } from '../liquidity/guards/self-check.sql.js';
import {
  type OperatorOutcome,
  OperatorResolution,
  type OperatorRequest,
  type OperatorRooms as ResolutionRooms,
} from '../settlement/operator-resolution.js';
import { type ResubmissionOutcome, resubmit } from '../settlement/operator-resubmission.js';
import { type Reconciled, ReconciliationService } from '../settlement/reconciliation.service.js';
import { EndLines } from '../settlement/end-log.js';
import { type CounterFault, SelfCheck } from '../settlement/self-check.js';
import { type Observed, SettlementService } from '../settlement/settlement.service.js';
import { bufferUnits, type RegistrationRequest, registerPool } from './register-pool.js';
import { codeToResume } from './resume-pool.js';

/** The changes to a registered pool that an operator may ask for. */
export type RuleChange = Partial<GivenRules> & { readonly name?: string };

/** `codeBefore`: how the pool was read until now; null when its code was not read. */
export interface ResumedPool {
  readonly pool: PoolRecord;
  readonly codeBefore: PoolCode | null;
}

type Resolved = OperatorOutcome & {
  readonly kind: 'resolved' | 'proven';
  readonly reservationId: string;
};

/** What the desk needs besides its use-cases. */
@Injectable()
export class OperatorRooms {
  constructor(
    @Inject(CHAIN) readonly chain: Chain,
    readonly ledger: ReservationLedger,
    readonly connections: LedgerConnections,
  ) {}
}

/**
 * Operator actions, on the use-cases of the commands and jobs. Each is recorded with its actor and
 * reason.
 */
@Injectable()
export class OperatorDesk {
  constructor(
    private readonly pools: PoolRegistry,
    private readonly settlement: SettlementService,
    private readonly reconciliation: ReconciliationService,
    private readonly rooms: OperatorRooms,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE, VALIDATION_FAILED */
  register(request: RegistrationRequest, note: OperatorNote): Promise<PoolRecord> {
    return this.noteIfFailed(
      note,
      'pool.register',
      request.contract,
      registerPool({ pools: this.pools, chain: this.rooms.chain }, request, note),
    );
  }

  /** @throws HoldfastError POOL_NOT_FOUND, VALIDATION_FAILED */
  change(poolId: string, request: RuleChange, note: OperatorNote): Promise<PoolRecord> {
    return this.noteIfFailed(note, 'pool.change', poolId, this.changed(poolId, request, note));
  }

  private async changed(
    poolId: string,
    { buffer, ...rules }: RuleChange,
    note: OperatorNote,
  ): Promise<PoolRecord> {
    const known = await this.find(poolId);
    checkSigningTime(rules, known);
    return this.pools.change(
      poolId,
      { ...rules, ...(buffer !== undefined && { buffer: bufferUnits(buffer, known.decimals) }) },
      note,
    );
  }

  /** @throws HoldfastError POOL_NOT_FOUND, POOL_STATE_CONFLICT */
  pause(poolId: string, note: OperatorNote): Promise<PoolRecord> {
    return this.noteIfFailed(note, 'pool.pause', poolId, this.pools.turn(poolId, 'paused', note));
  }

  /**
   * After an upgrade of a contract the code is read first, and the pool is read by its generation
   * from then on.
   * @throws HoldfastError POOL_NOT_FOUND, POOL_STATE_CONFLICT, VALIDATION_FAILED, CHAIN_UNREACHABLE
   */
  resume(poolId: string, named: Generation | undefined, note: OperatorNote): Promise<ResumedPool> {
    return this.noteIfFailed(note, 'pool.resume', poolId, this.resumed(poolId, named, note));
  }

  private async resumed(
    poolId: string,
    named: Generation | undefined,
    note: OperatorNote,
  ): Promise<ResumedPool> {
    const before = await this.find(poolId);
    const code =
      before.state === 'closed'
        ? undefined
        : await codeToResume({ pools: this.pools, chain: this.rooms.chain }, before, named);
    const pool = await this.pools.turn(poolId, 'active', note, code);
    return { pool, codeBefore: code ? before : null };
  }

  /** @throws HoldfastError POOL_NOT_FOUND, CHAIN_UNREACHABLE */
  async observe(poolId: string, note: OperatorNote): Promise<Observed> {
    const pool = await this.find(poolId);
    return this.runAndNote({ ...note, action: 'pool.observe', subject: poolId }, () =>
      this.settlement.observePool(pool),
    );
  }

  /** @throws HoldfastError POOL_NOT_FOUND, CHAIN_UNREACHABLE */
  async reconcile(poolId: string, note: OperatorNote): Promise<Reconciled> {
    const pool = await this.find(poolId);
    return this.runAndNote({ ...note, action: 'pool.reconcile', subject: poolId }, () =>
      this.reconciliation.reconcilePool(pool),
    );
  }

  /**
   * Compares counters with sums, and live holds with marked borrowers, in every pool. Corrects
   * nothing (docs/protocol.md#counters-are-sums).
   */
  async selfCheck(note: OperatorNote): Promise<readonly CounterFault[]> {
    return this.runAndNote(
      { ...note, action: 'ledger.self-check', subject: 'all' },
      () => new SelfCheck({ ledger: this.rooms.ledger, pools: this.pools }).run(),
      (found) => ({ differences: found.length }),
    );
  }

  /**
   * @returns null when the counters already are the sums of their reservations
   * @throws HoldfastError POOL_NOT_FOUND, BUSY_RETRY
   */
  async repair(
    poolId: string,
    note: OperatorNote & { readonly reason: string },
  ): Promise<{ readonly pool: PoolRecord; readonly repair: LedgerRepair | null }> {
    const pool = await this.find(poolId);
    return this.runAndNote(
      { ...note, action: 'pool.repair', subject: poolId },
      async () => ({
        pool,
        repair: await this.rooms.ledger.guards.repair(poolId, {
          reason: note.reason,
          by: actorText(note.by),
        }),
      }),
      ({ repair }) => ({ repair: repair?.number ?? null }),
    );
  }

  /**
   * Quarantines every pool that is not closed.
   * @returns how many
   * @throws HoldfastError BUSY_RETRY
   */
  async quarantine(note: OperatorNote & { readonly reason: string }): Promise<number> {
    const { pools } = await this.runAndNote(
      { ...note, action: 'pools.quarantine', subject: 'all' },
      async () => ({
        pools: await this.rooms.ledger.guards.quarantineAll({
          reason: note.reason,
          by: actorText(note.by),
        }),
      }),
    );
    return pools;
  }

  /**
   * Submits what a borrower signed once more.
   * @param id of the reservation or of its loan
   * @throws HoldfastError RESERVATION_NOT_FOUND, CHAIN_UNREACHABLE, BUSY_RETRY
   */
  async resubmit(id: string, note: OperatorNote): Promise<ResubmissionOutcome> {
    return this.runAndNote(
      { ...note, action: 'reservation.resubmit', subject: await this.reservationOf(id) },
      async () => {
        const outcome = await resubmit(this.resolutionRooms(), id);
        if (!outcome) throw reservationNotFound(id);
        return outcome;
      },
      ({ kind, transactions }) => ({ outcome: kind, transactions }),
    );
  }

  /**
   * Ends a hold by an operator's decision.
   * @param id of the reservation or of its loan
   * @throws HoldfastError RESERVATION_NOT_FOUND, RESOLUTION_REFUSED, CHAIN_UNREACHABLE, BUSY_RETRY
   */
  async resolve(
    id: string,
    request: Omit<OperatorRequest, 'reservationId' | 'by' | 'reason'>,
    note: OperatorNote & { readonly reason: string },
  ): Promise<Resolved> {
    const reservationId = await this.reservationOf(id);
    return this.runAndNote(
      { ...note, action: 'reservation.resolve', subject: reservationId },
      async () => {
        const outcome = await new OperatorResolution(
          this.resolutionRooms(),
          undefined,
          new EndLines(),
        ).resolve({ ...request, reservationId, by: actorText(note.by), reason: note.reason });
        if (outcome.kind !== 'refused') return { ...outcome, reservationId };
        if (outcome.why === 'not_found')
          throw new HoldfastError('RESERVATION_NOT_FOUND', outcome.sentence);
        throw new HoldfastError('RESOLUTION_REFUSED', outcome.sentence, { refusal: outcome.why });
      },
      (outcome) => ({ as: request.as, outcome: outcome.kind, state: outcome.state }),
    );
  }

  private resolutionRooms(): ResolutionRooms {
    const { ledger, chain } = this.rooms;
    return { ledger, pools: this.pools, chain, settlement: this.settlement };
  }

  /** The subject of an action, for which the id of the loan may have been given. */
  private async reservationOf(id: string): Promise<string> {
    return (await this.rooms.ledger.reader.whereIs(id))?.reservationId ?? id;
  }

  actions(filter: ActionFilter): Promise<StoredAction[]> {
    return listActions(this.rooms.connections.read, filter);
  }

  private runAndNote<T extends object>(
    action: Omit<OperatorAction, 'facts'>,
    work: () => Promise<T>,
    factsOf?: (done: T) => Record<string, unknown>,
  ): Promise<T> {
    return runAndNote(this.rooms.connections.read, action, work, factsOf);
  }

  /**
   * A change and its record share one transaction. A failed change has no record, so its failure is
   * recorded here.
   */
  private noteIfFailed<T>(
    note: OperatorNote,
    action: string,
    subject: string,
    work: Promise<T>,
  ): Promise<T> {
    return work.catch(async (thrown: unknown) => {
      await noteFailure(this.rooms.connections.read, { ...note, action, subject }, thrown);
      throw thrown;
    });
  }

  private async find(poolId: string): Promise<PoolRecord> {
    const pool = await this.pools.find(poolId);
    // the chain of this service knows nothing about a pool of another network
    if (!pool || pool.network !== this.rooms.chain.networkPassphrase) throw poolNotFound(poolId);
    return pool;
  }
}

/** The actor as text, for journals that keep one text. */
const actorText = ({ name, id }: Actor): string => `${name} (key ${id})`.slice(0, 100);
