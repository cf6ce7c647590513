import type { Sample, StoredName } from '../../telemetry/metric-list.js';
import { formatAmount } from '../../common/money.js';
import type { PoolFigures } from '../liquidity/pools/ledger-figures.js';
import type { JobFiguresRead } from './job-figures.js';
import { BREAK_CLASSES } from '../reporting/break-episodes.js';

const POOL_STATES: readonly PoolFigures['state'][] = ['active', 'paused', 'quarantined', 'closed'];
const OUTCOMES: readonly NonNullable<PoolFigures['outcome']>[] = [
  'explained',
  'unexplained',
  'unknown',
];
const RATIO_PARTS = 1_000_000n;

/** An unknown figure is left out: an absent sample is not a zero. */
export function poolSamples(pool: PoolFigures): Sample[] {
  return [
    ...identity(pool),
    ...amounts(pool),
    ...holdFigures(pool),
    ...chain(pool),
    ...reconciliation(pool),
  ];
}

/** The names whose only label is the pool's. */
type PoolName = Extract<
  StoredName,
  `holdfast_pool_${string}` | `holdfast_reconciliation_${string}` | 'holdfast_outbid_envelopes'
>;
const of = (
  pool: PoolFigures,
  name: PoolName,
  value: number | null,
  labels: Readonly<Record<string, string>> = {},
): Sample[] =>
  value === null ? [] : [{ name, labels: { pool: pool.poolId, ...labels }, value } as Sample];

const identity = (pool: PoolFigures): Sample[] => [
  ...of(pool, 'holdfast_pool_info', 1, {
    name: pool.name,
    decimals: String(pool.decimals),
    generation: pool.generation,
  }),
  ...POOL_STATES.flatMap((state) =>
    of(pool, 'holdfast_pool_state', pool.state === state ? 1 : 0, { state }),
  ),
  ...Object.entries(pool.contractPauses ?? {}).flatMap(([contract, paused]) =>
    of(
      pool,
      'holdfast_pool_contract_paused',
      paused === null ? null : running(pool, Number(paused)),
      { contract },
    ),
  ),
];

function amounts(pool: PoolFigures): Sample[] {
  const committed = pool.held + pool.inFlight + pool.buffer;
  const observed = pool.observedAvailable;
  const room = (observed ?? 0n) - committed;
  const tokens = (name: PoolName, units: bigint | null, labels = {}): Sample[] =>
    of(pool, name, units === null ? null : Number(formatAmount(units, pool.decimals)), labels);
  return [
    ...tokens('holdfast_pool_total_tokens', pool.total),
    ...tokens('holdfast_pool_locked_tokens', pool.locked),
    ...tokens('holdfast_pool_token_balance_tokens', pool.tokenBalance),
    ...tokens('holdfast_pool_observed_available_tokens', observed),
    ...tokens('holdfast_pool_held_tokens', pool.held),
    ...tokens('holdfast_pool_in_flight_tokens', pool.inFlight),
    ...tokens('holdfast_pool_buffer_tokens', pool.buffer),
    ...tokens('holdfast_pool_available_tokens', room > 0n ? room : 0n),
    ...tokens('holdfast_pool_shortfall_tokens', observed !== null && room < 0n ? -room : 0n),
    ...of(
      pool,
      'holdfast_pool_promised_ratio',
      observed === null || observed <= 0n
        ? null
        : Number((committed * RATIO_PARTS) / observed) / Number(RATIO_PARTS),
    ),
    ...tokens('holdfast_pool_mismatch_tokens', pool.held - pool.heldSum, { counter: 'held' }),
    ...tokens('holdfast_pool_mismatch_tokens', pool.inFlight - pool.inFlightSum, {
      counter: 'in_flight',
    }),
  ];
}

const holdFigures = (pool: PoolFigures): Sample[] => [
  ...of(pool, 'holdfast_pool_holds', pool.heldCount, { state: 'held' }),
  ...of(pool, 'holdfast_pool_holds', pool.lapsingCount, { state: 'lapsing' }),
  ...of(pool, 'holdfast_pool_holds', pool.inFlightCount, { state: 'in_flight' }),
  ...of(pool, 'holdfast_pool_holds', pool.outdatedCount, { state: 'outdated' }),
  ...of(pool, 'holdfast_pool_window_room_loans', pool.windowRoom),
  ...of(pool, 'holdfast_outbid_envelopes', running(pool, pool.outbidCount)),
  ...of(pool, 'holdfast_pool_going_rate_stroops', running(pool, pool.goingRate)),
  ...of(pool, 'holdfast_pool_lowest_bid_stroops', running(pool, pool.lowestBid)),
  ...of(pool, 'holdfast_pool_oldest_deadline_timestamp_seconds', pool.oldestDeadline),
  ...of(pool, 'holdfast_pool_lapsing_seconds', pool.lapsingSeconds),
];

/**
 * Closed pools are not observed or reconciled: the age of their snapshots would grow forever and
 * drive every maximum, and a contract's last state would stay.
 */
const running = (pool: PoolFigures, value: number | null): number | null =>
  pool.state === 'closed' ? null : value;

const chain = (pool: PoolFigures): Sample[] => [
  ...Object.entries(pool.lifetimes).flatMap(([contract, left]) =>
    of(pool, 'holdfast_pool_contract_ttl_ledgers', running(pool, left), { contract }),
  ),
  ...of(pool, 'holdfast_pool_upgrade_unlocks_seconds', running(pool, pool.upgradeSeconds)),
  ...of(pool, 'holdfast_pool_snapshot_ledger', pool.snapshotLedger),
  ...of(pool, 'holdfast_pool_snapshot_age_seconds', running(pool, pool.ageSeconds)),
  ...of(pool, 'holdfast_pool_snapshot_age_limit_seconds', pool.maxAgeSeconds),
  ...of(pool, 'holdfast_pool_chain_lag_seconds', running(pool, pool.chainLagSeconds)),
];

const reconciliation = (pool: PoolFigures): Sample[] => [
  ...of(pool, 'holdfast_reconciliation_ledger', pool.reconciledLedger),
  ...of(pool, 'holdfast_reconciliation_waiting_seconds', running(pool, pool.waitingSeconds ?? 0)),
  ...OUTCOMES.flatMap((outcome) =>
    of(pool, 'holdfast_reconciliation_outcome', pool.outcome === outcome ? 1 : 0, { outcome }),
  ),
  ...BREAK_CLASSES.flatMap((each) => [
    ...of(pool, 'holdfast_reconciliation_newest_breaks', pool.newestBreaks[each] ?? 0, {
      class: each,
    }),
    ...of(pool, 'holdfast_reconciliation_recent_breaks', pool.recentBreaks[each] ?? 0, {
      class: each,
    }),
  ]),
];

export const jobSamples = ({ queues, deadLetters, newestDeadLetter }: JobFiguresRead): Sample[] => [
  ...queues.flatMap(({ queue, due, deferred, active, lagSeconds }): Sample[] => [
    { name: 'holdfast_job_lag_seconds', labels: { queue }, value: lagSeconds },
    { name: 'holdfast_job_queue_length', labels: { queue, state: 'due' }, value: due },
    { name: 'holdfast_job_queue_length', labels: { queue, state: 'deferred' }, value: deferred },
    { name: 'holdfast_job_queue_length', labels: { queue, state: 'active' }, value: active },
  ]),
  { name: 'holdfast_job_dead_letters', labels: {}, value: deadLetters },
  ...(newestDeadLetter === null
    ? []
    : [
        {
          name: 'holdfast_job_newest_dead_letter_timestamp_seconds',
          labels: {},
          value: newestDeadLetter,
        } satisfies Sample,
      ]),
];
