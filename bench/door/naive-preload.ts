import pg from 'pg';
import { readConfig } from '../../src/common/config.js';
import type { HoldOutcome, HoldRequest } from '../../src/modules/liquidity/reservation.js';
import { ReservationLedger } from '../../src/modules/liquidity/reservation-ledger.js';
import { HOLDS_TABLE, NAIVE_DECISION } from './naive.sql.js';

/**
 * Loaded before the service: the same door in front of a ledger that checks and then acts, with no
 * lock between the two. It shows what the promise costs a request. It replaces a method of a module,
 * so the service is started from its modules and not from the bundle.
 */
const pool = new pg.Pool({ connectionString: readConfig().DATABASE_URL, max: 8 });
const ready = pool.query(HOLDS_TABLE);

ReservationLedger.prototype.hold = async ({
  reservationId,
  poolId,
  borrower,
  amount,
  key,
  ask,
}: HoldRequest): Promise<HoldOutcome> => {
  await ready;
  if (ask.kind !== 'hold') return { kind: 'fits' };
  const { rows } = await pool.query<{ fits: boolean; ledger: number }>(NAIVE_DECISION, [
    poolId,
    amount,
  ]);
  if (rows[0]?.fits !== true) return { kind: 'stale' };
  await pool.query(
    `insert into naive_holds (id, pool_id, borrower, amount, key, xdr, expires_at)
      values ($1, $2, $3, $4, $5, $6, to_timestamp($7))`,
    [reservationId, poolId, borrower, amount, key, ask.envelope.xdr, Number(ask.envelope.maxTime)],
  );
  return { kind: 'held', reservationId, atLedger: rows[0].ledger };
};
