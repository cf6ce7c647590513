import type { DataSource } from 'typeorm';
import { GroupRead } from '../../../database/group-read.js';
import { readArrays } from '../../../database/read-rows.js';
import { PoolEntity } from '../pools/pool.entity.js';
import { type EntityColumns, entityColumns } from './entity-columns.js';
import { EnvelopeEntity } from './envelope.entity.js';
import { LandedLoanEntity } from './landed-loan.entity.js';
import { LoanEntity } from './loan.entity.js';
import {
  BY_RESERVATION,
  NOTHING_SIGNED,
  type Place,
  placeKey,
  signedFor,
  type StoredLoan,
} from './loan-rows.js';
import { ReservationEntity } from './reservation.entity.js';

interface Columns {
  readonly loan: EntityColumns<LoanEntity>;
  readonly reservation: EntityColumns<ReservationEntity>;
  readonly pool: EntityColumns<PoolEntity>;
  readonly landed: EntityColumns<LandedLoanEntity>;
  readonly envelope: EntityColumns<EnvelopeEntity>;
}
interface Statements {
  readonly columns: Columns;
  readonly byId: string;
  readonly byPlace: string;
}
function statementsOf(source: DataSource): Statements {
  const columns = {
    loan: entityColumns(source, LoanEntity, 'l'),
    reservation: entityColumns(source, ReservationEntity, 'r'),
    pool: entityColumns(source, PoolEntity, 'p'),
    landed: entityColumns(source, LandedLoanEntity, 'x'),
    envelope: entityColumns(source, EnvelopeEntity, 'e'),
  };
  return {
    columns,
    byId: wholeLoans(columns, BY_ID),
    byPlace: wholeLoans(columns, BY_PLACE),
  };
}

/** A row for each envelope of a loan, in the order of issue; one for a loan without. */
const wholeLoans = (columns: Columns, from: string): string => `
select ${Object.values(columns)
  .map(({ list }: EntityColumns<unknown>) => list)
  .join(', ')}
from ${from} join pools p on p.id = l.pool_id
  left join landed_loans x on x.pool_id = l.pool_id and x.reservation_id = l.reservation_id
  left join envelopes e on r.signing = 'transaction'
    and e.pool_id = l.pool_id and e.reservation_id = l.reservation_id
order by l.pool_id, l.id, e.number`;
const BY_ID = `loans l join reservations r on l.id = any ($1::uuid[]) and ${BY_RESERVATION}`;
const BY_PLACE =
  'unnest($1::uuid[], $2::uuid[]) as q(pool_id, id) ' +
  `join reservations r on r.pool_id = q.pool_id and r.id = q.id join loans l on ${BY_RESERVATION}`;

/** Whole loans. Requests that wait at the same time share their statement. */
export class StoredLoans {
  private readonly ids = new GroupRead((ids: readonly string[]) => this.findAll(ids));
  private readonly reservations = new GroupRead((places: readonly Place[]) =>
    this.findPlaces(places),
  );
  private known: Statements | undefined;

  constructor(private readonly source: DataSource) {}

  byId(loanId: string): Promise<StoredLoan | null> {
    return this.ids.ask(loanId.toLowerCase());
  }
  ofReservation(poolId: string, reservationId: string): Promise<StoredLoan | null> {
    return this.reservations.ask({ poolId, reservationId });
  }

  private async findAll(ids: readonly string[]): Promise<(StoredLoan | null)[]> {
    const whole = await this.whole(this.statements.byId, [[...new Set(ids)]]);
    const found = new Map(whole.map((stored) => [stored.loan.id, stored]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private async findPlaces(places: readonly Place[]): Promise<(StoredLoan | null)[]> {
    const unique = [...new Map(places.map((place) => [placeKey(place), place])).values()];
    const whole = await this.whole(this.statements.byPlace, [
      unique.map(({ poolId }) => poolId),
      unique.map(({ reservationId }) => reservationId),
    ]);
    const found = new Map(whole.map((stored) => [placeKey(stored.loan), stored]));
    return places.map((place) => found.get(placeKey(place)) ?? null);
  }

  private async whole(statement: string, values: readonly unknown[]): Promise<StoredLoan[]> {
    const rows = await readArrays(this.source, statement, values);
    const loans = new Map<string, StoredLoan & { readonly envelopes: EnvelopeEntity[] }>();
    for (const row of rows) {
      const { envelope, ...parts } = this.partsOf(row);
      const key = placeKey(parts.loan);
      const stored = loans.get(key) ?? { ...parts, ...NOTHING_SIGNED, envelopes: [] };
      if (envelope) stored.envelopes.push(envelope);
      loans.set(key, stored);
    }
    return this.withAuthorizations([...loans.values()]);
  }

  private partsOf(row: readonly unknown[]): Pick<
    StoredLoan,
    'loan' | 'reservation' | 'pool' | 'landed'
  > & {
    readonly envelope: EnvelopeEntity | null;
  } {
    const { loan, reservation, pool, landed, envelope } = this.statements.columns;
    const reservationAt = loan.width;
    const poolAt = reservationAt + reservation.width;
    const landedAt = poolAt + pool.width;
    const envelopeAt = landedAt + landed.width;
    return {
      loan: loan.read(row, 0),
      reservation: reservation.read(row, reservationAt),
      pool: pool.read(row, poolAt),
      // the first column of either is part of its key
      landed: row[landedAt] === null ? null : landed.read(row, landedAt),
      envelope: row[envelopeAt] === null ? null : envelope.read(row, envelopeAt),
    };
  }

  private async withAuthorizations(loans: readonly StoredLoan[]): Promise<StoredLoan[]> {
    const authorized = loans.filter(({ reservation }) => reservation.signing === 'authorization');
    if (authorized.length === 0) return [...loans];
    const signed = await signedFor(
      this.source,
      authorized.map(({ reservation }) => reservation),
    );
    const found = new Map(authorized.map((stored, index) => [stored, signed[index]]));
    return loans.map((stored) => ({ ...stored, ...found.get(stored) }));
  }

  /** The entities are known once the source is connected. */
  private get statements(): Statements {
    return (this.known ??= statementsOf(this.source));
  }
}
