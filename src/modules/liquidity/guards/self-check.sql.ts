import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import type { Written } from '../../../database/retry-safe.js';

/**
 * A pool whose counters are not the sums of its reservations (docs/protocol.md#counters-are-sums),
 * or whose live holds are not the borrowers marked as having one. Base units.
 */
export interface LedgerDifference {
  readonly poolId: string;
  readonly held: bigint;
  readonly heldSum: bigint;
  readonly inFlight: bigint;
  readonly inFlightSum: bigint;
  readonly liveHolds: number;
  readonly liveBorrowers: number;
}
/** The values that a repair wrote. */
export interface LedgerRepair {
  readonly poolId: string;
  readonly number: number;
  readonly heldBefore: bigint;
  readonly heldAfter: bigint;
  readonly inFlightBefore: bigint;
  readonly inFlightAfter: bigint;
}

interface SumsRow {
  readonly pool_id: string;
  readonly held: string;
  readonly held_sum: string;
  readonly in_flight: string;
  readonly in_flight_sum: string;
  readonly live_holds: number;
  readonly live_borrowers: number;
}
interface RepairRow {
  readonly pool_id: string;
  readonly number: number;
  readonly held_before: string;
  readonly held_after: string;
  readonly in_flight_before: string;
  readonly in_flight_after: string;
}

/**
 * One statement, so that all its figures are of one moment.
 * @param poolId null: every pool
 */
export async function ledgerDifferences(
  database: pg.Pool,
  poolId: string | null,
): Promise<LedgerDifference[]> {
  const answer = await database.query<SumsRow>(
    `select pool_id, held::text, held_sum::text, in_flight::text, in_flight_sum::text, live_holds::int,
      live_borrowers::int from ledger_sums
    where ($1::uuid is null or pool_id = $1)
      and (held <> held_sum or in_flight <> in_flight_sum or live_holds <> live_borrowers) order by pool_id`,
    [poolId],
  );
  return answer.rows.map((row) => ({
    poolId: row.pool_id,
    held: BigInt(row.held),
    heldSum: BigInt(row.held_sum),
    inFlight: BigInt(row.in_flight),
    inFlightSum: BigInt(row.in_flight_sum),
    liveHolds: row.live_holds,
    liveBorrowers: row.live_borrowers,
  }));
}

/**
 * Sets the counters to their sums and journals it.
 * @returns null when nothing was wrong
 */
export async function repairLedger(
  tx: Transaction,
  poolId: string,
  why: { readonly reason: string; readonly by: string },
): Promise<Written<LedgerRepair | null>> {
  const answer = await tx.client.query<RepairRow & { at: string }>(
    'select pool_id, number, at::text, held_before::text, held_after::text, ' +
      'in_flight_before::text, in_flight_after::text from repair_ledger($1, $2, $3)',
    [poolId, why.reason, why.by],
  );
  const row = answer.rows[0];
  if (!row) return { result: null, row: null };
  return {
    result: {
      poolId: row.pool_id,
      number: row.number,
      heldBefore: BigInt(row.held_before),
      heldAfter: BigInt(row.held_after),
      inFlightBefore: BigInt(row.in_flight_before),
      inFlightAfter: BigInt(row.in_flight_after),
    },
    row: {
      text: 'select from ledger_repairs where pool_id = $1 and number = $2 and at = $3::timestamptz',
      values: [row.pool_id, row.number, row.at],
    },
  };
}
