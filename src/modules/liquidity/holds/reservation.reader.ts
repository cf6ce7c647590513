import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { Whose } from '../../../common/caller.js';
import { AuthorizationEntity } from '../landings/authorization.entity.js';
import { LandingEntity } from '../landings/landing.entity.js';
import { EnvelopeEntity } from './envelope.entity.js';
import { LandedLoanEntity } from './landed-loan.entity.js';
import { LoanEntity } from './loan.entity.js';
import { PoolEntity } from '../pools/pool.entity.js';
import { ReservationEventEntity } from '../journal/reservation-event.entity.js';
import { ReservationEntity } from './reservation.entity.js';
import {
  AVAILABLE_COLUMNS,
  availableOf,
  type AvailableRow,
  availableTermsOf,
} from '../pools/available.js';
import type {
  ContractLimits,
  ContractPauses,
  PoolState,
  Signing,
  VendorFunded,
} from '../reservation.js';
import { LIMIT_COLUMNS, type LimitRow, limitsOf } from '../pools/contract-limits.js';
import { outflowOf, type VendorConditions, vendorOf } from './contract-caps.js';
import { VENDOR_HELD } from './vendor-holds.sql.js';
import type { HoldConditions } from './hold-decision.js';
import { RULE_COLUMNS, type RuleRow, rulesOf } from '../pools/pool-rules.js';
import { type ListFilter, type Page, pageOf } from './reservation-page.js';

/**
 * A loan with its reservation, pool and envelopes. `envelopes` are in the order of issue; there is
 * at least one, unless the loan is signed by authorization.
 */
export interface StoredLoan {
  readonly loan: LoanEntity;
  readonly reservation: ReservationEntity;
  readonly pool: PoolEntity;
  readonly envelopes: readonly EnvelopeEntity[];
  /** Null for a loan that is signed as a transaction. */
  readonly authorization: AuthorizationEntity | null;
  /** In the order of issue; empty for a loan that is signed as a transaction. */
  readonly landings: readonly LandingEntity[];
  /** Null: it did not land, or its entry was not read yet. */
  readonly landed: LandedLoanEntity | null;
}
export type ListedLoan = Pick<StoredLoan, 'loan' | 'reservation' | 'pool'>;
export interface StoredReservation {
  readonly reservation: ReservationEntity;
  readonly pool: PoolEntity;
}
export interface ReservationHistory extends StoredReservation {
  readonly events: readonly ReservationEventEntity[];
  readonly envelopes: readonly EnvelopeEntity[];
  /** As in `StoredLoan`. */
  readonly authorization: AuthorizationEntity | null;
  readonly landings: readonly LandingEntity[];
}

/**
 * A pool and a borrower before anything is built: what may refuse a hold, and the room that is
 * left.
 */
export interface PoolLook extends HoldConditions {
  /** Whether a contract was paused on the chain at `atLedger`; null when not known. */
  readonly contractPaused: boolean | null;
  /** Which ones; null: not known of any. */
  readonly contractPauses: ContractPauses | null;
}
/**
 * Reads the counters only. A sum over live holds would slow every request as they grow: 39 holds a
 * second at 50,000 (docs/protocol.md#other-answers).
 */
const LOOK = `
select p.state, p.contract_paused, p.contract_pauses, ${LIMIT_COLUMNS}, p.snapshot_ledger::float8 as at_ledger,
  ${AVAILABLE_COLUMNS},
  extract(epoch from clock_timestamp() - p.snapshot_advanced_at)::float8 as age, ${RULE_COLUMNS},
  extract(epoch from clock_timestamp() - p.head_close_time)::float8 as lag, b.loan_id, b.reservation_id,
  w.lapses, p.lapses_max, extract(epoch from w.until)::bigint::text as until, extract(epoch
    from w.until - clock_timestamp())::float8 as wait
from pools p left join lateral (select l.loan_id, l.reservation_id from live_borrowers l
    where l.network = p.network and l.account = $2 order by l.slot
    offset case when $3 = 'authorization' then p.holds_per_wallet - 1 else 0 end limit 1) b on true
  left join lateral (select l.lapses, back_off_until(l.lapses, l.last_lapsed_at, p.lapses_max) as until
    from wallet_lapses l where l.network = p.network and l.account = $2) w on w.until > clock_timestamp()
where p.id = $1`;
interface LookRow extends AvailableRow, RuleRow, LimitRow {
  readonly state: PoolState;
  readonly contract_paused: boolean | null;
  readonly contract_pauses: ContractPauses | null;
  readonly age: number | null;
  readonly lag: number | null;
  readonly loan_id: string | null;
  readonly reservation_id: string | null;
  readonly lapses: number | null;
  readonly lapses_max: number;
  readonly until: string | null;
  readonly wait: number | null;
  readonly at_ledger: number | null;
}

/**
 * Joins loan and reservation. A single row is found by both ids, because a replay by the
 * reservation's id alone read every loan (5,006 rows for one). Lists join by the loan's id alone:
 * with both, the planner expects one row in all.
 */
const BY_RESERVATION = 'r.pool_id = l.pool_id and r.id = l.reservation_id and r.loan_id = l.id';
const BY_LOAN = 'r.pool_id = l.pool_id and r.loan_id = l.id';

interface JoinedRows {
  readonly reservation: ReservationEntity;
  readonly pool: PoolEntity;
}

/**
 * Reads what the ledger wrote, for the HTTP rooms. It decides nothing: the ledger decides under its
 * lock.
 */
@Injectable()
export class ReservationReader {
  constructor(private readonly source: DataSource) {}

  /** @param signing what the borrower would sign; it decides how many live holds are too many */
  async look(
    poolId: string,
    borrower: string,
    signing: Signing = 'transaction',
  ): Promise<PoolLook | null> {
    const [row] = await this.source.query<LookRow[]>(LOOK, [poolId, borrower, signing]);
    if (!row) return null;
    const [terms, limits] = [availableTermsOf(row), limitsOf(row)];
    return {
      state: row.state,
      contractPaused: row.contract_paused,
      contractPauses: row.contract_pauses,
      available: availableOf(terms).available,
      atLedger: row.at_ledger,
      ageSeconds: row.age,
      rules: rulesOf(row),
      total: terms.total,
      limits,
      outflow: outflowOf(terms, limits),
      vendor: null,
      chainLagSeconds: row.lag,
      live:
        row.loan_id !== null && row.reservation_id !== null
          ? { loanId: row.loan_id, reservationId: row.reservation_id }
          : null,
      backOff:
        row.lapses !== null && row.until !== null && row.wait !== null
          ? {
              until: BigInt(row.until),
              waitSeconds: row.wait,
              lapses: row.lapses,
              allowed: row.lapses_max,
            }
          : null,
    };
  }

  /** What the contract's cap of a vendor leaves; null where there is no such cap. */
  async vendorConditions(
    poolId: string,
    vendor: string | null,
    { limits, funded }: { readonly limits: ContractLimits; readonly funded: VendorFunded | null },
  ): Promise<VendorConditions | null> {
    if (limits.vendorCap === null || funded === null || vendor === null) return null;
    const [row] = await this.source.query<{ held: string }[]>(VENDOR_HELD, [
      poolId,
      vendor,
      funded.ledger,
    ]);
    return vendorOf(limits, funded, BigInt(row?.held ?? 0));
  }

  /** @returns null also for a loan of another caller */
  async findLoan(whose: Whose, loanId: string): Promise<StoredLoan | null> {
    const row = await whereOwned(this.loans().where('l.id = :loanId', { loanId }), whose).getOne();
    return row ? this.withEnvelopes(row) : null;
  }

  /**
   * Returns the loan that an envelope was issued for.
   * @returns null also for a loan of another caller
   */
  async findLoanByHash(
    whose: Whose,
    hash: string,
  ): Promise<{ readonly loanId: string; readonly reservationId: string } | null> {
    const [issued] = await this.source.query<{ pool_id: string; reservation_id: string }[]>(
      'select pool_id, reservation_id from envelope_hashes where hash = $1',
      [hash],
    );
    if (!issued) return null;
    const row = await whereOwned(
      this.loans().where('r.pool_id = :poolId and r.id = :reservationId', {
        poolId: issued.pool_id,
        reservationId: issued.reservation_id,
      }),
      whose,
    ).getOne();
    return row && { loanId: row.id, reservationId: row.reservationId };
  }

  async findLoanOfReservation(poolId: string, reservationId: string): Promise<StoredLoan | null> {
    const row = await this.loans()
      .where('r.pool_id = :poolId and r.id = :reservationId', { poolId, reservationId })
      .getOne();
    return row ? this.withEnvelopes(row) : null;
  }

  /**
   * Newest first. A loan and its reservation are made together, so both lists use the reservation's
   * time and one index serves them.
   */
  listLoans(whose: Whose, filter: ListFilter): Promise<Page<ListedLoan>> {
    return pageOf(this.loans(BY_LOAN), whose, filter, (row) => ({ loan: row, ...joinedRows(row) }));
  }

  listReservations(whose: Whose, filter: ListFilter): Promise<Page<StoredReservation>> {
    return pageOf(this.reservations(), whose, filter, (row) => ({
      reservation: row,
      pool: joinedRows(row).pool,
    }));
  }

  /**
   * Lists holds that settled after the ledger of the pool's newest snapshot; `in_flight` is their
   * sum. Newest settlement first.
   */
  async listInFlight(poolId: string, limit: number): Promise<StoredReservation[]> {
    const rows = await this.reservations()
      .where(
        `r.pool_id = :poolId and r.state = 'settled' and r.settled_ledger > coalesce(p.snapshot_ledger, 0)`,
        { poolId },
      )
      .orderBy('r.settledLedger', 'DESC')
      .addOrderBy('r.id')
      .limit(limit)
      .getMany();
    return rows.map((row) => ({ reservation: row, pool: joinedRows(row).pool }));
  }

  async findReservation(whose: Whose, reservationId: string): Promise<ReservationHistory | null> {
    const row = await whereOwned(
      this.reservations().where('r.id = :reservationId', { reservationId }),
      whose,
    ).getOne();
    if (!row) return null;
    const where = { poolId: row.poolId, reservationId: row.id };
    const { manager } = this.source;
    const order = { number: 'ASC' } as const;
    const [events, signed] = await Promise.all([
      manager.find(ReservationEventEntity, { where, order }),
      this.signedFor(row),
    ]);
    return { reservation: row, pool: joinedRows(row).pool, events, ...signed };
  }

  /** Whether the database answers and has every migration applied. */
  async isMigrated(): Promise<boolean> {
    return !(await this.source.showMigrations());
  }

  private loans(join = BY_RESERVATION): SelectQueryBuilder<LoanEntity> {
    return this.source.manager
      .createQueryBuilder(LoanEntity, 'l')
      .innerJoinAndMapOne('l.reservation', ReservationEntity, 'r', join)
      .innerJoinAndMapOne('l.pool', PoolEntity, 'p', 'p.id = l.pool_id');
  }

  private reservations(): SelectQueryBuilder<ReservationEntity> {
    return this.source.manager
      .createQueryBuilder(ReservationEntity, 'r')
      .innerJoinAndMapOne('r.pool', PoolEntity, 'p', 'p.id = r.pool_id');
  }

  private async withEnvelopes(row: LoanEntity): Promise<StoredLoan> {
    const { poolId, reservationId } = row;
    const where = { poolId, reservationId };
    const joined = joinedRows(row);
    const [landed, signed] = await Promise.all([
      this.source.manager.findOneBy(LandedLoanEntity, where),
      this.signedFor(joined.reservation),
    ]);
    return { loan: row, ...joined, ...signed, landed };
  }

  /** What was issued for a reservation, by what its borrower signs. */
  private async signedFor({
    poolId,
    id,
    signing,
  }: ReservationEntity): Promise<Pick<StoredLoan, 'envelopes' | 'authorization' | 'landings'>> {
    const where = { poolId, reservationId: id };
    const order = { number: 'ASC' } as const;
    const { manager } = this.source;
    if (signing === 'transaction')
      return {
        envelopes: await manager.find(EnvelopeEntity, { where, order }),
        authorization: null,
        landings: [],
      };
    const [authorization, landings] = await Promise.all([
      manager.findOneBy(AuthorizationEntity, where),
      manager.find(LandingEntity, { where, order }),
    ]);
    return { envelopes: [], authorization, landings };
  }
}

/** A reservation has the tenant and borrower of its loan. */
function whereOwned<Row extends object>(
  query: SelectQueryBuilder<Row>,
  whose: Whose,
): SelectQueryBuilder<Row> {
  if (whose === 'everybody') return query;
  return 'tenantId' in whose
    ? query.andWhere('r.tenant_id = :ownTenant', { ownTenant: whose.tenantId })
    : query.andWhere('r.borrower = :ownBorrower', { ownBorrower: whose.borrower });
}

/**
 * The joins above put `reservation` and `pool` on the row. The types of entities without relations
 * do not show that.
 */
function joinedRows(row: object): JoinedRows {
  const { reservation, pool } = row as Partial<JoinedRows>;
  if (!pool) throw new Error('a row was read without its pool');
  return { reservation: reservation ?? (row as ReservationEntity), pool };
}
