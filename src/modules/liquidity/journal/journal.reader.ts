import type { LedgerConnections } from '../guards/ledger-connections.js';
import type { ReservationState } from '../reservation.js';

/** A place in the journal of one reservation: the reader knows everything up to this number. */
export interface JournalPlace {
  readonly poolId: string;
  readonly reservationId: string;
  readonly seen: number;
}

/** One row of the journal, as streams and webhooks send it. Amounts are base units. */
export interface JournalEvent {
  readonly poolId: string;
  readonly reservationId: string;
  readonly loanId: string;
  readonly number: number;
  readonly kind: string;
  readonly at: Date;
  readonly stateBefore: ReservationState | null;
  readonly stateAfter: ReservationState;
  readonly amount: bigint;
  readonly decimals: number;
  readonly envelopeHash: string | null;
  readonly ledger: number | null;
  readonly reason: string | null;
}
export interface JournalRow {
  readonly pool_id: string;
  readonly reservation_id: string;
  readonly loan_id: string;
  readonly number: number;
  readonly kind: string;
  readonly at: Date;
  readonly state_before: ReservationState | null;
  readonly state_after: ReservationState;
  readonly amount: string;
  readonly decimals: number;
  readonly envelope_hash: string | null;
  readonly ledger: string | null;
  readonly reason: string | null;
}
export const JOURNAL_COLUMNS =
  'e.pool_id, e.reservation_id, r.loan_id, e.number, e.kind, e.at, e.state_before, ' +
  'e.state_after, e.amount::text, p.decimals, e.envelope_hash, e.ledger::text, e.reason';

/** Maximum rows of one read; the next read returns the rest. */
export const JOURNAL_PAGE = 1000;

const BEHIND = `select ${JOURNAL_COLUMNS}
  from unnest($1::uuid[], $2::uuid[], $3::integer[]) as s(pool_id, reservation_id, seen)
  join reservation_events e on e.pool_id = s.pool_id and e.reservation_id = s.reservation_id and e.number > s.seen
  join reservations r on r.pool_id = e.pool_id and r.id = e.reservation_id join pools p on p.id = e.pool_id
  order by e.pool_id, e.reservation_id, e.number limit ${JOURNAL_PAGE}`;

/**
 * Reads what happened after a known place. This makes event streams complete: a signal only says
 * when to look.
 */
export class JournalReader {
  constructor(private readonly connections: Pick<LedgerConnections, 'read'>) {}

  /**
   * Returns rows in order within each reservation, at most `JOURNAL_PAGE`; the next call returns
   * the rest.
   */
  async behind(places: readonly JournalPlace[]): Promise<JournalEvent[]> {
    if (places.length === 0) return [];
    const answer = await this.connections.read.query<JournalRow>(BEHIND, [
      places.map((place) => place.poolId),
      places.map((place) => place.reservationId),
      places.map((place) => place.seen),
    ]);
    return answer.rows.map(eventOf);
  }

  /** @param poolIds null: of every pool */
  async poolVersions(poolIds: readonly string[] | null): Promise<Map<string, bigint>> {
    if (poolIds?.length === 0) return new Map();
    const answer = await this.connections.read.query<{ id: string; version: string }>(
      'select id, version::text from pools where $1::uuid[] is null or id = any ($1)',
      [poolIds],
    );
    return new Map(answer.rows.map(({ id, version }) => [id, BigInt(version)]));
  }
}

export const eventOf = (row: JournalRow): JournalEvent => ({
  poolId: row.pool_id,
  reservationId: row.reservation_id,
  loanId: row.loan_id,
  number: row.number,
  kind: row.kind,
  at: row.at,
  stateBefore: row.state_before,
  stateAfter: row.state_after,
  amount: BigInt(row.amount),
  decimals: row.decimals,
  envelopeHash: row.envelope_hash,
  ledger: row.ledger === null ? null : Number(row.ledger),
  reason: row.reason,
});
