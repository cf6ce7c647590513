import { formatAmount } from '../../common/money.js';
import type {
  Bridge,
  PoolPause,
  ReconciliationStanding,
  StoredReconciliation,
} from '../liquidity/snapshots/observation.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationsAnswer } from './reconciliations.schemas.js';

type Print = (units: bigint) => string;
const maybe = (print: Print, units: bigint | null): string | null =>
  units === null ? null : print(units);

export function renderReconciliations(
  pool: PoolRecord,
  standing: ReconciliationStanding,
  rows: { readonly list: readonly StoredReconciliation[]; readonly pauses: readonly PoolPause[] },
): ReconciliationsAnswer {
  const print: Print = (units) => formatAmount(units, pool.decimals);
  const why = whyUnknown(standing);
  return {
    poolId: pool.id,
    standing: why === null ? (standing.outcome ?? 'unknown') : 'unknown',
    why,
    snapshotLedger: standing.snapshotLedger,
    eventsThroughLedger: standing.eventsThroughLedger,
    reconciledLedger: standing.reconciledLedger,
    reconciliations: rows.list.map((row) => ({
      fromLedger: row.fromLedger,
      toLedger: row.toLedger,
      outcome: row.outcome,
      at: row.at.toISOString(),
      bridges: {
        total: renderBridge(print, row.bridges.total),
        locked: renderBridge(print, row.bridges.locked),
        tokenBalance: renderBridge(print, row.bridges.tokenBalance),
      },
      breaks: row.breaks.map((each) => ({
        class: each.class,
        figure: each.figure,
        amount: maybe(print, each.amount),
        rows: each.rows.map(({ amount, ...facts }) =>
          amount === undefined ? facts : { ...facts, amount: print(amount) },
        ),
      })),
    })),
    pauses: rows.pauses.map(({ reason, facts, at }) => ({
      reason,
      at: at.toISOString(),
      facts: { ...facts },
    })),
  };
}

const renderBridge = (
  print: Print,
  { before, after, terms, expected, difference }: Bridge,
): ReconciliationsAnswer['reconciliations'][number]['bridges']['total'] => ({
  before: print(before),
  after: print(after),
  terms: Object.fromEntries(Object.entries(terms).map(([term, amount]) => [term, print(amount)])),
  expected: maybe(print, expected),
  difference: maybe(print, difference),
});

/**
 * During an outage the standing is "unknown", never "no difference": old explanations say nothing
 * about now.
 */
function whyUnknown({
  snapshotLedger,
  snapshotAgeSeconds,
  maxSnapshotAgeSeconds,
  outcome,
  waitingSeconds,
}: ReconciliationStanding): string | null {
  if (snapshotLedger === null || snapshotAgeSeconds === null) return 'The pool was never observed.';
  if (snapshotAgeSeconds > maxSnapshotAgeSeconds)
    return (
      `The last snapshot is ${Math.round(snapshotAgeSeconds)} s old: the chain cannot be ` +
      'read, or nobody reads it.'
    );
  if (waitingSeconds !== null && waitingSeconds > maxSnapshotAgeSeconds)
    return `Events have not reached the snapshots for ${Math.round(waitingSeconds)} s.`;
  if (outcome === null) return 'No two snapshots have been compared yet.';
  return outcome === 'unknown' ? 'Events before the newest snapshot are lost.' : null;
}
