import type pg from 'pg';

/** What is read after each ledger, in one statement and so at one moment. Amounts are text. */
const LOOK = `select json_build_object(
  'version', p.version::text, 'state', p.state, 'held', p.held::text,
  'inFlight', p.in_flight::text, 'buffer', p.buffer::text,
  'snapshotLedger', p.snapshot_ledger::int,
  'failedOver', exists (select from database_identity d where d.timeline like 'before %'),
  'observed', least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance,
    case when p.utilisation_cap_bps is not null then greatest(
      floor(p.snapshot_total * p.utilisation_cap_bps / 10000) - p.snapshot_locked, 0) end)::text,
  'heldSum', (select coalesce(sum(r.amount), 0)::text from reservations r where r.pool_id = p.id and r.state = 'held'),
  'inFlightSum', (select coalesce(sum(r.amount), 0)::text from reservations r
    where r.pool_id = p.id and r.state = 'settled' and r.settled_ledger > coalesce(p.snapshot_ledger, 0)),
  'live', (select count(*)::int from reservations r where r.pool_id = p.id and r.state = 'held'),
  'ends', (select coalesce(json_agg(json_build_object(
      'id', e.reservation_id, 'number', e.number, 'state', e.state_after, 'reason', e.reason,
      'ledger', e.ledger::int, 'certificate', e.evidence ->> 'certificate')), '[]')
    from reservation_events e where e.pool_id = p.id and e.state_after <> 'held' and e.pool_version >= $2),
  'reconciliations', (select coalesce(json_agg(json_build_object(
      'from', r.from_ledger::int, 'to', r.to_ledger::int, 'outcome', r.outcome,
      'breaks', r.breaks, 'bridges', r.bridges) order by r.to_ledger), '[]')
    from reconciliations r where r.pool_id = p.id and r.to_ledger > $3)) as look
from pools p where p.id = $1`;

export interface End {
  readonly id: string;
  readonly number: number;
  readonly state: 'settled' | 'released' | 'expired';
  readonly reason: string | null;
  readonly ledger: number;
  readonly certificate: string | null;
}
export const FIGURES = ['total', 'locked', 'tokenBalance'] as const;
interface Bridged {
  readonly before: string;
  readonly after: string;
  readonly terms: Readonly<Record<string, string>>;
}
export interface Reconciled {
  readonly from: number;
  readonly to: number;
  readonly outcome: string;
  readonly breaks: readonly { readonly class: string; readonly amount: string | null }[];
  readonly bridges: Readonly<Record<(typeof FIGURES)[number], Bridged>>;
}
export interface Look {
  readonly version: string;
  readonly state: string;
  readonly held: string;
  readonly inFlight: string;
  readonly buffer: string;
  readonly snapshotLedger: number | null;
  /** A failover that no process has noticed yet. The next request for a hold will. */
  readonly failedOver: boolean;
  readonly observed: string | null;
  readonly heldSum: string;
  readonly inFlightSum: string;
  readonly live: number;
  readonly ends: readonly End[];
  readonly reconciliations: readonly Reconciled[];
}

export async function lookAt(
  client: pg.Client,
  [poolId, version, reconciledTo]: readonly [string, string, number],
): Promise<Look> {
  const { rows } = await client.query<{ look: Look }>(LOOK, [poolId, version, reconciledTo]);
  if (!rows[0]) throw new Error('the pool is gone');
  return rows[0].look;
}
