import { type DataSource, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { AuthorizationEntity } from '../landings/authorization.entity.js';
import { LandingEntity } from '../landings/landing.entity.js';
import { PoolEntity } from '../pools/pool.entity.js';
import { EnvelopeEntity } from './envelope.entity.js';
import { LandedLoanEntity } from './landed-loan.entity.js';
import { LoanEntity } from './loan.entity.js';
import { ReservationEntity } from './reservation.entity.js';

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
/**
 * Joins loan and reservation. A single row is found by both ids, because a replay by the
 * reservation's id alone read every loan (5,006 rows for one). Lists join by the loan's id alone:
 * with both, the planner expects one row in all.
 */
export const BY_RESERVATION =
  'r.pool_id = l.pool_id and r.id = l.reservation_id and r.loan_id = l.id';
export const BY_LOAN = 'r.pool_id = l.pool_id and r.loan_id = l.id';

interface JoinedRows {
  readonly reservation: ReservationEntity;
  readonly pool: PoolEntity;
}

/** What was issued for a reservation, by what its borrower signs. */
type Signed = Pick<StoredLoan, 'envelopes' | 'authorization' | 'landings'>;

export const NOTHING_SIGNED: Signed = { envelopes: [], authorization: null, landings: [] };

/** In the order of the reservations. */
export async function signedFor(
  source: DataSource,
  reservations: readonly ReservationEntity[],
): Promise<Signed[]> {
  const places = (signing: ReservationEntity['signing']): Place[] =>
    reservations.flatMap(({ poolId, id, signing: own }) =>
      own === signing ? [{ poolId, reservationId: id }] : [],
    );
  const [transactions, authorized] = [places('transaction'), places('authorization')];
  const [envelopes, authorizations, landings] = await Promise.all([
    issued(source, EnvelopeEntity, transactions),
    issued(source, AuthorizationEntity, authorized),
    issued(source, LandingEntity, authorized),
  ]);
  const byNumber = (a: { number: number }, b: { number: number }): number => a.number - b.number;
  return reservations.map(({ poolId, id }) => {
    const key = placeKey({ poolId, reservationId: id });
    return {
      envelopes: (envelopes.get(key) ?? []).toSorted(byNumber),
      authorization: authorizations.get(key)?.[0] ?? null,
      landings: (landings.get(key) ?? []).toSorted(byNumber),
    };
  });
}

async function issued<Row extends Place & ObjectLiteral>(
  source: DataSource,
  entity: new () => Row,
  places: readonly Place[],
): Promise<Map<string, Row[]>> {
  if (places.length === 0) return new Map();
  const query = source.manager.createQueryBuilder(entity, 'x');
  const rows = await at(query, 'x.pool_id, x.reservation_id', places).getMany();
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(placeKey(row), [...(found.get(placeKey(row)) ?? []), row]);
  return found;
}

export interface Place {
  readonly poolId: string;
  readonly reservationId: string;
}
export const placeKey = ({ poolId, reservationId }: Place): string => `${poolId} ${reservationId}`;

/** @param columns pool and reservation, as SQL */
const at = <Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  columns: string,
  places: readonly Place[],
): SelectQueryBuilder<Row> =>
  query.where(
    `(${columns}) in (select * from unnest(cast(:pools as uuid[]), cast(:places as uuid[])))`,
    {
      pools: places.map(({ poolId }) => poolId),
      places: places.map(({ reservationId }) => reservationId),
    },
  );

export const loanRows = (
  source: DataSource,
  join = BY_RESERVATION,
): SelectQueryBuilder<LoanEntity> =>
  source.manager
    .createQueryBuilder(LoanEntity, 'l')
    .innerJoinAndMapOne('l.reservation', ReservationEntity, 'r', join)
    .innerJoinAndMapOne('l.pool', PoolEntity, 'p', 'p.id = l.pool_id');

/**
 * The joins above put `reservation` and `pool` on the row. The types of entities without relations
 * do not show that.
 */
export function joinedRows(row: object): JoinedRows {
  const { reservation, pool } = row as Partial<JoinedRows>;
  if (!pool) throw new Error('a row was read without its pool');
  return { reservation: reservation ?? (row as ReservationEntity), pool };
}
