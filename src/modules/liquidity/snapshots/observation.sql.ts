import { HoldfastError } from '../../../common/errors.js';
import { LAG_LEDGERS_MAX } from '../../../common/ledger-time.js';
import type { Transaction } from '../../../database/transaction.js';
import { AVAILABLE } from '../pools/available.js';
import type { PoolState } from '../reservation.js';
import { endProposals, endProposalsBefore, storeProposals } from './contract-watch.sql.js';
import { storeFundings } from './fundings.sql.js';
import type {
  CodeChange,
  EventPage,
  EventPlace,
  LedgerSide,
  PageStored,
  PauseReason,
  SeenEvent,
  SeenEvents,
  SnapshotPair,
  StoredFunding,
} from './observation.js';

/** Integers of any size become text: JSON numbers would lose units above 2^53. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  );

/** The lock that every writer of a pool's rows takes after the gate. */
export async function lockPool(tx: Transaction, poolId: string): Promise<void> {
  await tx.client.query('select from pools where id = $1 for update', [poolId]);
}

/**
 * Event reading begins at the pool's first snapshot, whose figures contain everything before it. It
 * does not begin without a snapshot.
 */
export async function beginAtSnapshot(tx: Transaction, poolId: string): Promise<void> {
  await lockPool(tx, poolId);
  await tx.client.query(
    `insert into event_cursors (pool_id, start_ledger, baseline_ledger, through_ledger)
    select $1, s.ledger, s.ledger, s.ledger from snapshots s where s.pool_id = $1 order by s.ledger
      limit 1 on conflict do nothing`,
    [poolId],
  );
}

/**
 * The event cursor only moves forward. A ledger far above the newest known head of the pool's
 * network is refused, because the reply may be of another network.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
async function refuseFarAhead(tx: Transaction, poolId: string, ledger: number): Promise<void> {
  const { rows } = await tx.client.query<{ head: string }>(
    `select max(n.head_ledger)::text as head
    from pools p join pools n on n.network = p.network where p.id = $1 having max(n.head_ledger) + $3 < $2::bigint`,
    [poolId, ledger, LAG_LEDGERS_MAX],
  );
  const [known] = rows;
  if (!known) return;
  const message =
    `Stellar RPC, getEvents: the reply names ledger ${ledger}, and the newest known ledger ` +
    `is ${known.head}. It is not used.`;
  throw new HoldfastError('CHAIN_UNREACHABLE', message, { method: 'getEvents' });
}

/**
 * Stores a page of events together with the place where it ended. It moves forward only, and only
 * from the place that the page began at, so two workers never write twice.
 */
export async function storePage(
  tx: Transaction,
  poolId: string,
  from: EventPlace,
  page: EventPage,
): Promise<PageStored> {
  await lockPool(tx, poolId);
  await refuseFarAhead(tx, poolId, page.throughLedger);
  const moved = await tx.client.query(
    `update event_cursors set cursor = $4, through_ledger = greatest(through_ledger, $5), updated_at = clock_timestamp()
    where pool_id = $1 and cursor is not distinct from $2 and start_ledger = $3 and (cursor is null or cursor <= $4)`,
    [poolId, from.cursor, from.startLedger, page.cursor, page.throughLedger],
  );
  if (moved.rowCount === 0) return { written: false, upgrades: [] };
  return { written: true, upgrades: await storeEvents(tx, poolId, page) };
}

/** Stores what a second look found in ledgers that were read already. The cursor stays. */
export async function storeFound(
  tx: Transaction,
  poolId: string,
  found: SeenEvents,
): Promise<readonly SeenEvent[]> {
  await lockPool(tx, poolId);
  return storeEvents(tx, poolId, found);
}

/** @returns upgrades among the new events; the pool is paused by then */
async function storeEvents(
  tx: Transaction,
  poolId: string,
  seen: SeenEvents,
): Promise<readonly SeenEvent[]> {
  const { events } = seen;
  const added = await tx.client.query<{ id: string }>(
    `insert into chain_events (pool_id, id, ledger, tx_hash, contract, name, topics, data)
    select $1, u.* from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
      $7::jsonb[], $8::jsonb[]) as u on conflict do nothing returning id`,
    [
      poolId,
      events.map((e) => e.id),
      events.map((e) => e.ledger),
      events.map((e) => e.txHash),
      events.map((e) => e.contract),
      events.map((e) => e.name),
      events.map((e) => jsonText(e.topics)),
      events.map((e) => jsonText(e.data)),
    ],
  );
  await storeFundings(tx, poolId, seen);
  const fresh = new Set(added.rows.map(({ id }) => id));
  // an upgrade may change every rule the bridges rest on (docs/stellar.md#contract-upgrades)
  const upgrades = seen.upgrades.filter(({ id }) => fresh.has(id));
  await storeProposals(
    tx,
    poolId,
    seen.proposals.filter(({ event }) => fresh.has(event.id)),
  );
  await endProposals(tx, poolId, upgrades);
  for (const upgrade of upgrades)
    await pausePool(tx, poolId, 'contract_upgraded', {
      contract: upgrade.contract,
      eventId: upgrade.id,
      ledger: upgrade.ledger,
    });
  for (const event of events.filter(({ id }) => fresh.has(id) && seen.unreadable.includes(id)))
    await pausePool(tx, poolId, 'unreadable_event', {
      contract: event.contract,
      eventId: event.id,
      name: event.name,
      ledger: event.ledger,
    });
  return upgrades;
}

/**
 * The node keeps events from `oldestLedger` on. The cursor moves there, and the ledgers in between
 * are recorded as lost.
 * @returns whether anything is lost
 */
export async function skipToOldest(
  tx: Transaction,
  poolId: string,
  from: EventPlace,
  oldestLedger: number,
): Promise<boolean> {
  await lockPool(tx, poolId);
  await refuseFarAhead(tx, poolId, oldestLedger);
  const moved = await tx.client.query(
    `update event_cursors set cursor = null, start_ledger = $4,
      through_ledger = greatest(through_ledger, $4 - 1), updated_at = clock_timestamp()
    where pool_id = $1 and cursor is not distinct from $2 and start_ledger = $3 and start_ledger < $4`,
    [poolId, from.cursor, from.startLedger, oldestLedger],
  );
  if (moved.rowCount === 0 || oldestLedger - 1 <= from.throughLedger) return false;
  await tx.client.query(
    'insert into event_gaps (pool_id, first_ledger, last_ledger) values ($1, $2, $3) on conflict do nothing',
    [poolId, from.throughLedger + 1, oldestLedger - 1],
  );
  return true;
}

/**
 * A pool in quarantine stays there and is paused when the quarantine ends
 * (docs/protocol.md#quarantine).
 * @returns whether the pool took holds until now, or was to take them after its quarantine
 */
export async function pausePool(
  tx: Transaction,
  poolId: string,
  reason: PauseReason,
  facts: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  await tx.client.query('insert into pool_pauses (pool_id, reason, facts) values ($1, $2, $3)', [
    poolId,
    reason,
    jsonText(facts),
  ]);
  const paused = await tx.client.query(
    `update pools set state = case state when 'quarantined' then state else 'paused' end, version = version + 1,
      quarantined_from = case state when 'quarantined' then 'paused' end
    where id = $1 and (state = 'active' or (state = 'quarantined' and quarantined_from is distinct from 'paused'))`,
    [poolId],
  );
  return paused.rowCount === 1;
}

/** A pool that takes no holds stays as it is. @returns whether it took holds until now */
export async function stopPool(
  tx: Transaction,
  poolId: string,
  reason: PauseReason,
  facts: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { rows } = await tx.client.query<{ state: PoolState }>(
    'select state from pools where id = $1 for update',
    [poolId],
  );
  return rows[0]?.state === 'active' && pausePool(tx, poolId, reason, facts);
}

/**
 * Moves forward only, by the ledger of the reply: a node that lags must not bring old code back.
 * @returns contracts whose code has changed
 */
export async function storeCodes(
  tx: Transaction,
  poolId: string,
  seenCode: { readonly ledger: number; readonly hashes: ReadonlyMap<string, string | null> },
): Promise<CodeChange[]> {
  await lockPool(tx, poolId);
  const changes: CodeChange[] = [];
  for (const [contract, hash] of seenCode.hashes) {
    const known = await tx.client.query<{
      wasm_hash: string | null;
      ledger: string | null;
      unconfirmed: boolean | null;
    }>(
      `select coalesce(c.wasm_hash, case when p.pool_contract = $2 then p.pool_wasm_hash
        end) as wasm_hash, c.ledger::text, $3 > p.head_ledger + $4 as unconfirmed
      from pools p left join contract_codes c on c.pool_id = p.id and c.contract = $2 where p.id = $1`,
      [poolId, contract, seenCode.ledger, LAG_LEDGERS_MAX],
    );
    const before = known.rows[0];
    if (
      !before ||
      before.unconfirmed === true ||
      (before.ledger !== null && Number(before.ledger) >= seenCode.ledger)
    )
      continue;
    await tx.client.query(
      `insert into contract_codes (pool_id, contract, wasm_hash, ledger) values ($1, $2, $3, $4)
      on conflict (pool_id, contract) do update
        set wasm_hash = excluded.wasm_hash, ledger = excluded.ledger, seen_at = clock_timestamp()`,
      [poolId, contract, hash, seenCode.ledger],
    );
    if (before.wasm_hash !== hash && (before.wasm_hash !== null || before.ledger !== null))
      changes.push({ contract, before: before.wasm_hash, after: hash, ledger: seenCode.ledger });
  }
  for (const change of changes) {
    await endProposalsBefore(tx, poolId, change);
    await pausePool(tx, poolId, 'contract_upgraded', { ...change });
  }
  return changes;
}

interface FundingRow {
  readonly event_id: string;
  readonly ledger: string;
  readonly tx_hash: string;
  readonly amount: string | null;
  readonly borrower: string | null;
  readonly reservation_id: string | null;
  readonly state: string;
  readonly held: string;
}
const FUNDINGS = `select f.event_id, f.ledger::text, f.tx_hash, f.amount::text, f.borrower,
  f.reservation_id, r.state, r.amount::text as held
  from fundings f left join reservations r on r.pool_id = f.pool_id and r.id = f.reservation_id where f.pool_id = $1`;
const fundingOf = (row: FundingRow): StoredFunding => ({
  eventId: row.event_id,
  ledger: Number(row.ledger),
  txHash: row.tx_hash,
  amount: row.amount === null ? null : BigInt(row.amount),
  borrower: row.borrower,
  reservation:
    row.reservation_id === null
      ? null
      : { id: row.reservation_id, state: row.state, amount: BigInt(row.held) },
});

/** Reads under the pool's lock, so that all of it is of one moment. */
export async function ledgerSide(
  tx: Transaction,
  poolId: string,
  pair: SnapshotPair,
): Promise<LedgerSide> {
  const fundings = await tx.client.query<FundingRow>(
    `${FUNDINGS} and f.ledger > $2 and f.ledger <= $3 order by f.event_id`,
    [poolId, pair.fromLedger, pair.toLedger],
  );
  const stillHeld = await tx.client.query<FundingRow>(
    `${FUNDINGS} and f.ledger <= $2 and r.state = 'held' order by f.event_id`,
    [poolId, pair.toLedger],
  );
  const unseen = await tx.client.query<{ id: string; ledger: string; amount: string }>(
    `select r.id, r.settled_ledger::text as ledger, r.amount::text from reservations r
      join event_cursors c on c.pool_id = r.pool_id
    where r.pool_id = $1 and r.state = 'settled' and r.settled_ledger > $2 and r.settled_ledger <= $3
      and r.at_ledger >= c.baseline_ledger
      and not exists (select from fundings f where f.pool_id = r.pool_id and f.reservation_id = r.id)
      and not exists (select from event_gaps g
        where g.pool_id = r.pool_id and g.last_ledger > r.at_ledger and g.first_ledger <= r.settled_ledger)`,
    [poolId, pair.fromLedger, pair.toLedger],
  );
  const short = await tx.client.query<{ amount: string }>(
    `select greatest(-${AVAILABLE}, 0)::text as amount
    from pools p where p.id = $1 and p.snapshot_ledger = $2`,
    [poolId, pair.toLedger],
  );
  return {
    fundings: fundings.rows.map(fundingOf),
    stillHeld: stillHeld.rows.map(fundingOf),
    settledUnseen: unseen.rows.map((row) => ({
      reservationId: row.id,
      ledger: Number(row.ledger),
      amount: BigInt(row.amount),
    })),
    shortfall: BigInt(short.rows[0]?.amount ?? 0),
  };
}
