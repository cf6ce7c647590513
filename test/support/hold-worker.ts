import { inTransaction, READ_COMMITTED } from '../../src/database/transaction.js';
import { HoldLane } from '../../src/modules/liquidity/holds/hold-lane.js';
import {
  compressed,
  HOLD_PLANNING,
  holdBatch,
} from '../../src/modules/liquidity/holds/hold-batch.js';
import type { HoldOutcome, HoldRequest } from '../../src/modules/liquidity/reservation.js';
import { alteredStatements, type LeftOut } from './altered-statements.js';
import { authorizedRequest } from './given-authorization.js';
import { countKinds, openLedger, request } from './given-ledger.js';

/**
 * One process of the concurrency proof: after a signal, `callers` at a time request `requests`
 * holds for different borrowers, spread over the pools. `unguarded` is the negative control: no
 * gate and no isolation, and statements without lock and guard.
 */
export interface HoldWork {
  readonly url: string;
  readonly poolIds: readonly string[];
  readonly requests: number;
  readonly callers: number;
  readonly amount: string;
  readonly unguarded: boolean;
}
export interface HoldReport {
  readonly byPool: Readonly<Record<string, Record<string, number>>>;
  readonly errors: readonly string[];
  readonly retries: readonly string[];
}

const PROTECTIONS: readonly LeftOut[] = [
  {
    statement: 'hold_facts',
    part: /current_setting\('transaction_isolation'\) <> 'serializable' or /,
  },
  { statement: 'hold_facts', part: / order by p\.id for update of p/ },
  { statement: 'hold_rows', part: /\s+and \(u\.asked = 0 or .*?p\.buffer\)\)/s },
];

async function work(job: HoldWork): Promise<HoldReport> {
  const under = openLedger(job.url, { deadlineMs: 30_000 });
  const unguarded = new HoldLane(
    (list) =>
      inTransaction(
        under.connections.write,
        { begin: `${READ_COMMITTED}; ${HOLD_PLANNING}`, deadlineMs: 30_000 },
        (tx) =>
          holdBatch(alteredStatements(tx, PROTECTIONS), list, { keyHours: 1, chainLagSeconds: 60 }),
      ),
    { queueMax: 1000, batchMax: 8, waitMs: 30_000 },
  );
  const ask = (one: HoldRequest): Promise<HoldOutcome> =>
    job.unguarded ? unguarded.ask(compressed(one)) : under.ledger.hold(one);
  // borrowers sign a transaction and an authorization by turns
  const requestOf = (poolId: string, mine: number): HoldRequest => {
    const wanted = { amount: BigInt(job.amount), key: `${process.pid}-${mine}` };
    return Math.floor(mine / job.poolIds.length) % 2 === 0
      ? request(poolId, wanted)
      : authorizedRequest(poolId, wanted);
  };
  await under.connections.write.query('select 1');
  await new Promise<void>((go) => {
    process.once('message', () => go());
    process.send?.('ready');
  });
  const outcomes: { poolId: string; outcome: HoldOutcome }[] = [];
  const errors: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: job.callers }, async () => {
      for (let mine = next++; mine < job.requests; mine = next++) {
        const poolId = job.poolIds[mine % job.poolIds.length] ?? '';
        try {
          outcomes.push({
            poolId,
            outcome: await ask(requestOf(poolId, mine)),
          });
        } catch (error) {
          errors.push(String(error));
        }
      }
    }),
  );
  await under.connections.close();
  const byPool = Object.fromEntries(
    job.poolIds.map((poolId) => [
      poolId,
      countKinds(outcomes.filter((one) => one.poolId === poolId).map((one) => one.outcome)),
    ]),
  );
  return { byPool, errors, retries: under.retries };
}

process.once('message', (job: HoldWork) => {
  work(job)
    .then(
      (report) => process.send?.({ report }),
      (error: unknown) =>
        process.send?.({ report: { byPool: {}, errors: [String(error)], retries: [] } }),
    )
    .finally(() => process.disconnect());
});
