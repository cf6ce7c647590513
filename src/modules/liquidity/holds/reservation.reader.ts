import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { Whose } from '../../../common/caller.js';
import { GroupRead } from '../../../database/group-read.js';
import type { AuthorizationEntity } from '../landings/authorization.entity.js';
import type { LandingEntity } from '../landings/landing.entity.js';
import type { EnvelopeEntity } from './envelope.entity.js';
import { PoolEntity } from '../pools/pool.entity.js';
import { ReservationEventEntity } from '../journal/reservation-event.entity.js';
import { ReservationEntity } from './reservation.entity.js';
import type { ContractLimits, Signing, VendorFunded } from '../reservation.js';
import { type VendorConditions, vendorOf } from './contract-caps.js';
import { VENDOR_HELD } from './vendor-holds.sql.js';
import {
  BY_LOAN,
  joinedRows,
  loanRows,
  NOTHING_SIGNED,
  signedFor,
  type ListedLoan,
  type StoredLoan,
} from './loan-rows.js';
import { StoredLoans } from './stored-loans.js';
import { type LookQuestion, type PoolLook, readLooks } from './pool-look.js';
import { type ListFilter, type Page, pageOf } from './reservation-page.js';

export type { ListedLoan, StoredLoan } from './loan-rows.js';
export type { PoolLook } from './pool-look.js';

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

export interface InFlightFilter {
  readonly borrower?: string | undefined;
  /** Only those after this one in the list. */
  readonly after?: { readonly ledger: bigint; readonly reservationId: string } | undefined;
  readonly limit: number;
}

/**
 * Reads what the ledger wrote, for the HTTP rooms. It decides nothing: the ledger decides under its
 * lock.
 */
@Injectable()
export class ReservationReader {
  private readonly looks = new GroupRead((questions: readonly LookQuestion[]) =>
    readLooks(this.source, questions),
  );
  private readonly stored: StoredLoans;

  constructor(private readonly source: DataSource) {
    this.stored = new StoredLoans(source);
  }

  /** @param signing what the borrower would sign; it decides how many live holds are too many */
  look(
    poolId: string,
    borrower: string,
    signing: Signing = 'transaction',
  ): Promise<PoolLook | null> {
    return this.looks.ask({ poolId, borrower, signing });
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
    const found = await this.stored.byId(loanId);
    return found && isOwned(found.reservation, whose) ? found : null;
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
      loanRows(this.source).where('r.pool_id = :poolId and r.id = :reservationId', {
        poolId: issued.pool_id,
        reservationId: issued.reservation_id,
      }),
      whose,
    ).getOne();
    return row && { loanId: row.id, reservationId: row.reservationId };
  }

  findLoanOfReservation(poolId: string, reservationId: string): Promise<StoredLoan | null> {
    return this.stored.ofReservation(poolId, reservationId);
  }

  /**
   * Newest first. A loan and its reservation are made together, so both lists use the reservation's
   * time and one index serves them.
   */
  listLoans(whose: Whose, filter: ListFilter): Promise<Page<ListedLoan>> {
    return pageOf(loanRows(this.source, BY_LOAN), whose, filter, (row) => ({
      loan: row,
      ...joinedRows(row),
    }));
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
  async listInFlight(
    poolId: string,
    { borrower, after, limit }: InFlightFilter,
  ): Promise<StoredReservation[]> {
    const query = this.reservations().where(
      `r.pool_id = :poolId and r.state = 'settled' and r.settled_ledger > coalesce(p.snapshot_ledger, 0)`,
      { poolId },
    );
    if (borrower !== undefined) query.andWhere('r.borrower = :borrower', { borrower });
    if (after !== undefined)
      query.andWhere('(r.settled_ledger, r.id) < (:ledger::bigint, :id::uuid)', {
        ledger: String(after.ledger),
        id: after.reservationId,
      });
    const rows = await query
      .orderBy('r.settledLedger', 'DESC')
      .addOrderBy('r.id', 'DESC')
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
      signedFor(this.source, [row]).then(([signed]) => signed ?? NOTHING_SIGNED),
    ]);
    return { reservation: row, pool: joinedRows(row).pool, events, ...signed };
  }

  /** Whether the database answers and has every migration applied. */
  async isMigrated(): Promise<boolean> {
    return !(await this.source.showMigrations());
  }

  private reservations(): SelectQueryBuilder<ReservationEntity> {
    return this.source.manager
      .createQueryBuilder(ReservationEntity, 'r')
      .innerJoinAndMapOne('r.pool', PoolEntity, 'p', 'p.id = r.pool_id');
  }
}

const isOwned = (reservation: ReservationEntity, whose: Whose): boolean =>
  whose === 'everybody' ||
  ('tenantId' in whose
    ? reservation.tenantId === whose.tenantId
    : reservation.borrower === whose.borrower);

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
