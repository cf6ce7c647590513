import pg from 'pg';
import type { ExpiryEvidence } from '../../src/modules/liquidity/ends/end-evidence.js';
import { TRANSITIONS_MAX } from '../../src/modules/liquidity/ends/transition.sql.js';
import { nowSeconds, openLedger } from '../../test/support/given-ledger.js';
import { product, type Result, type Run } from '../designs.js';

export interface ExpiryResult {
  readonly holds: Result;
  /** Holds that expired in the same window. */
  readonly expired: number;
  readonly seconds: number;
}

/** A day after every deadline of the bulk-loaded holds. */
const PASSED_SECONDS = 86_400n;

/** Holds arrive on a pool whose old holds expire at the same time, as the worker writes them. */
export async function holdsWhileOthersExpire(run: Run): Promise<ExpiryResult> {
  const under = openLedger(run.url);
  const due = await dueHolds(run);
  let expired = 0;
  let over = false;
  const begun = performance.now();
  const expiring = (async () => {
    for (let from = 0; from < due.length && !over; from += TRANSITIONS_MAX) {
      const written = await under.ledger.ends.expire(due.slice(from, from + TRANSITIONS_MAX));
      expired += written.filter((one) => one.written).length;
    }
    return (performance.now() - begun) / 1000;
  })();
  const holds = await product(run).finally(() => {
    over = true;
  });
  const seconds = await expiring;
  await under.connections.close();
  return { holds, expired, seconds };
}

async function dueHolds({ url, poolId }: Run): Promise<readonly ExpiryEvidence[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `select id from reservations where pool_id = $1 and state = 'held' and at_ledger = 50
        order by id`,
      [poolId],
    );
    return rows.map(({ id }) => ({
      poolId,
      reservationId: id,
      envelopeVersion: 1,
      passedLedger: 120,
      passedCloseTime: nowSeconds() + PASSED_SECONDS,
      firstVoteLedger: 122,
      secondVoteLedger: 123,
      oldestLedger: 1,
    }));
  } finally {
    await client.end();
  }
}
