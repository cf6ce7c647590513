import type pg from 'pg';
import type { EventData, EventPlace, IssuedEnvelope, SeenEvent } from './observation.js';

type Reader = pg.Pool | pg.ClientBase;

export async function eventPlace(reader: Reader, poolId: string): Promise<EventPlace | null> {
  const { rows } = await reader.query<{
    cursor: string | null;
    start_ledger: string;
    through_ledger: string;
  }>(
    'select cursor, start_ledger::text, through_ledger::text from event_cursors where pool_id = $1',
    [poolId],
  );
  return rows[0]
    ? {
        cursor: rows[0].cursor,
        startLedger: Number(rows[0].start_ledger),
        throughLedger: Number(rows[0].through_ledger),
      }
    : null;
}

/** Returns the hashes that belong to envelopes of this service. */
export async function issuedEnvelopes(
  reader: Reader,
  hashes: readonly string[],
): Promise<Map<string, IssuedEnvelope>> {
  const { rows } = await reader.query<{ hash: string; pool_id: string; reservation_id: string }>(
    'select hash, pool_id, reservation_id from envelope_hashes where hash = any ($1::text[])',
    [hashes],
  );
  return new Map(
    rows.map((row) => [
      row.hash,
      { hash: row.hash, poolId: row.pool_id, reservationId: row.reservation_id },
    ]),
  );
}

export async function storedCodes(
  reader: Reader,
  poolId: string,
): Promise<Map<string, string | null>> {
  const { rows } = await reader.query<{ contract: string; wasm_hash: string | null }>(
    'select contract, wasm_hash from contract_codes where pool_id = $1',
    [poolId],
  );
  return new Map(rows.map((row) => [row.contract, row.wasm_hash]));
}

interface EventRow {
  readonly id: string;
  readonly ledger: string;
  readonly tx_hash: string;
  readonly contract: string;
  readonly name: string;
  readonly topics: readonly string[];
  readonly data: EventData;
}
const EVENT = 'e.id, e.ledger::text, e.tx_hash, e.contract, e.name, e.topics, e.data';
const eventOf = ({ tx_hash: txHash, ledger, ...row }: EventRow): SeenEvent => ({
  ...row,
  ledger: Number(ledger),
  txHash,
});

/** Events after one ledger up to and with another, in the order of the chain. */
export async function eventsBetween(
  reader: Reader,
  poolId: string,
  span: { readonly after: number; readonly upTo: number },
): Promise<SeenEvent[]> {
  const { rows } = await reader.query<EventRow>(
    `select ${EVENT} from chain_events e ` +
      'where e.pool_id = $1 and e.ledger > $2 and e.ledger <= $3 order by e.id',
    [poolId, span.after, span.upTo],
  );
  return rows.map(eventOf);
}

/** Events of fundings that could not be read when they were stored. */
export async function unreadFundings(reader: Reader, poolId: string): Promise<SeenEvent[]> {
  const { rows } = await reader.query<EventRow>(
    `select ${EVENT} from fundings f join chain_events e on e.pool_id = f.pool_id and e.id = f.event_id
    where f.pool_id = $1 and f.amount is null order by f.event_id limit 1000`,
    [poolId],
  );
  return rows.map(eventOf);
}

/**
 * Hashes of this service's envelopes that landed between two ledgers or may have: those that
 * settled there, and those of holds that still count.
 */
export async function ownHashes(
  reader: Reader,
  poolId: string,
  span: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<string[]> {
  const { rows } = await reader.query<{ hash: string }>(
    `select own.hash from (
      select r.state, e.hash
        from reservations r
        join envelopes e on e.pool_id = r.pool_id and e.reservation_id = r.id
        where r.pool_id = $1 and (r.state = 'settled' and e.state = 'landed'
          and r.settled_ledger > $2 and r.settled_ledger <= $3
          or r.state = 'held' and e.state = 'open' and e.issued_after_ledger < $3)
      union all
      select r.state, a.landing_tx_hash
        from reservations r
        join authorizations a on a.pool_id = r.pool_id and a.reservation_id = r.id
        where r.pool_id = $1 and r.state = 'settled' and a.landing_tx_hash is not null
          and r.settled_ledger > $2 and r.settled_ledger <= $3
      union all
      select r.state, n.hash
        from reservations r
        join landings n on n.pool_id = r.pool_id and n.reservation_id = r.id
        where r.pool_id = $1 and r.state = 'held' and n.state = 'open'
          and n.issued_after_ledger < $3
    ) own
    order by own.state desc, own.hash limit $4`,
    [poolId, span.after, span.upTo, span.limit],
  );
  return rows.map(({ hash }) => hash);
}
