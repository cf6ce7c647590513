import type pg from 'pg';
import { asError } from '../../../common/errors.js';
import type { Connections } from '../../../database/limited-client.js';

/** More than the free room of a file, so that a full disk refuses it. */
const WRITE = `begin; set local statement_timeout = '1s';
  create temporary table holdfast_write_probe on commit drop
    as select generate_series(1, 20000) as number;
  rollback`;

/** A refusal as young as this is believed, milliseconds: a probe is smaller than a batch of holds. */
const FRESH_MS = 5_000;

/**
 * A server that is up and cannot write is not ready. After a refused write the room is tried,
 * because a full disk says nothing before.
 * @returns the SQLSTATE of the refusal; null when the server writes
 */
export async function writeRefusal(read: pg.Pool, write: Connections): Promise<string | null> {
  const { rows } = await read.query<{ refuses: boolean }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as refuses`,
  );
  if (rows[0]?.refuses === true) return '25006';
  const { refusal } = write;
  if (refusal === undefined) return null;
  if (performance.now() - refusal.at < FRESH_MS) return refusal.sqlState;
  try {
    await write.query(WRITE);
    write.refusal = undefined;
    return null;
  } catch (thrown) {
    const error = asError(thrown);
    return 'code' in error && typeof error.code === 'string' ? error.code : refusal.sqlState;
  }
}
