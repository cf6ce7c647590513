import { formatAmount, formatPercent } from '../common/money.js';
import type { PoolRecord } from '../modules/liquidity/pools/pool-registry.js';
import type { Position } from '../modules/liquidity/reservation.js';
import type { Rooms } from './rooms.js';

const HEADINGS = [
  'id',
  'name',
  'state',
  'available',
  'held',
  'in flight',
  'buffer',
  'snapshot',
  'hold s',
  'contract',
] as const;

/** A line for each pool, with its figures of now. */
export async function poolsTable(
  rooms: Rooms,
  pools: readonly PoolRecord[],
): Promise<readonly string[]> {
  const positions = new Map(
    (await rooms.ledger.reader.positions()).map((position) => [position.poolId, position]),
  );
  const rows = [[...HEADINGS], ...pools.map((pool) => rowOf(pool, positions.get(pool.id)))];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function limitsIn(position: Position | undefined, units: (amount: bigint) => string): string {
  const {
    outflowCapBps = null,
    vendorCap = null,
    utilisationCapBps = null,
  } = position?.limits ?? {};
  const percent = (bps: number): string => `${formatPercent(bps)} %`;
  return [
    outflowCapBps === null ? '' : `, outflow cap ${percent(outflowCapBps)} a ledger`,
    vendorCap === null ? '' : `, vendor cap ${units(vendorCap)}`,
    utilisationCapBps === null ? '' : `, lends ${percent(utilisationCapBps)} at most`,
  ].join('');
}

function rowOf(pool: PoolRecord, position: Position | undefined): string[] {
  const units = (amount: bigint | undefined): string =>
    amount === undefined ? '-' : formatAmount(amount, pool.decimals);
  const state = pool.afterQuarantine === 'paused' ? 'quarantined, then paused' : pool.state;
  const paused = Object.entries(position?.contractPauses ?? {}).flatMap(([contract, is]) =>
    is === true ? [contract === 'pool' ? 'pool contract' : contract.replace('_', ' ')] : [],
  );
  const onChain = position?.contractPaused ? `, ${paused.join(' and ')} paused on the chain` : '';
  return [
    pool.id,
    pool.name,
    state + onChain + limitsIn(position, units),
    units(position?.available),
    units(position?.held),
    units(position?.inFlight),
    units(pool.buffer),
    String(position?.snapshotLedger ?? 'none'),
    String(pool.holdSeconds),
    pool.poolContract,
  ];
}
