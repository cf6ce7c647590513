import pg from 'pg';
import { VERSION } from '../../common/version.js';
import { LimitedClient, type LimitedConfig } from '../../database/limited-client.js';
import { unpackXdr } from '../../modules/liquidity/holds/envelope-packing.js';
import type { Json, Parts, Row } from './bundle.js';
import { withheld } from './withheld.js';

const TYPES = { bool: 16, bytea: 17, int4: 23, timestamptz: 1184, jsonb: 3802 } as const;
const NOT_CONTAINED = /_deflated$/;

/** The reservation with this id, or the one of the loan with it. */
const FIND = `select r.pool_id, r.id from pools p join reservations r on r.pool_id = p.id and r.id = $1
  union select l.pool_id, l.reservation_id from pools p join loans l on l.pool_id = p.id and l.id = $1`;
const OF_HOLD = 'where pool_id = $1 and reservation_id = $2';
/** The rules when it was held, and each change until it ended. */
const RULES = `select h.* from pool_rules_history h
  join reservations r on r.pool_id = h.pool_id and r.id = $2
  where h.pool_id = $1 and h.at <= coalesce(r.ended_at, statement_timestamp())
    and h.number >= coalesce((select max(x.number) from pool_rules_history x
      where x.pool_id = $1 and x.at <= r.held_at), 1)
  order by h.number`;
/** Events of every transaction that its pool's fundings or its own rows name. */
const EVENTS = `select e.* from chain_events e where e.pool_id = $1 and e.tx_hash in (
    select f.tx_hash from fundings f where f.pool_id = $1 and f.reservation_id = $2
    union select v.hash from envelopes v where v.pool_id = $1 and v.reservation_id = $2
    union select n.hash from landings n where n.pool_id = $1 and n.reservation_id = $2
    union select a.landing_tx_hash from authorizations a
      where a.pool_id = $1 and a.reservation_id = $2 and a.landing_tx_hash is not null)
  order by e.id`;
const TIMES = `select t.ledger, t.close_time, t.believed from ledger_times t
  where t.network = (select network from pools where id = $1) and t.ledger = any ($2)
  order by t.ledger, t.close_time`;

/**
 * Everything that the database knows about one hold, from one snapshot of it.
 * @param id of the reservation or of its loan
 * @throws Error when there is none
 */
export async function readParts(url: string, id: string, now: Date): Promise<Parts> {
  const client = new LimitedClient({
    connectionString: url,
    application_name: 'holdfast-proof',
    connectionTimeoutMillis: 5000,
    limits: { statement_timeout: 30_000 },
  } as LimitedConfig);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query("set local timezone = 'UTC'; set local datestyle = 'ISO'");
    const parts = await partsOf(client, id, now);
    await client.query('commit');
    return parts;
  } finally {
    await client.end();
  }
}

async function partsOf(client: pg.Client, id: string, now: Date): Promise<Parts> {
  const rows = async (text: string, values: readonly unknown[]): Promise<Row[]> => {
    const { fields, rows: found } = await client.query<(string | null)[]>({
      text,
      values: [...values],
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    } as pg.QueryArrayConfig);
    return found.map((row) => rowOf(fields, row));
  };
  const [found] = await rows(FIND, [id]);
  if (!found) throw new Error(`There is no reservation and no loan ${id}.`);
  const of = [found['pool_id'], found['id']];
  const one = async (text: string): Promise<Row | null> => (await rows(text, of))[0] ?? null;
  const reservation = await one('select * from reservations where pool_id = $1 and id = $2');
  const pool = await rows(
    `select id, name, network, generation, pool_contract, lending_contract, token_contract, decimals,
      created_at from pools where id = $1`,
    [found['pool_id']],
  );
  const transactions = await rows(`select * from envelopes ${OF_HOLD} order by number`, of);
  const authorization = await one(`select * from authorizations ${OF_HOLD}`);
  const landings = await rows(`select * from landings ${OF_HOLD} order by number`, of);
  const journal = await rows(`select * from reservation_events ${OF_HOLD} order by number`, of);
  const evidence = {
    fundings: await rows(`select * from fundings ${OF_HOLD} order by event_id`, of),
    events: await rows(EVENTS, of),
    landedLoan: await one(`select * from landed_loans ${OF_HOLD}`),
  };
  const isLive = reservation?.['state'] === 'held';
  return {
    about: {
      reservation: found['id'] ?? null,
      network: pool[0]?.['network'] ?? null,
      writtenAt: now.toISOString(),
      writtenBy: `holdfast ${VERSION}`,
    },
    pool: pool[0] ?? null,
    rules: await rows(RULES, of),
    snapshot: await one(`select s.* from snapshots s join reservations r
      on r.pool_id = s.pool_id and r.at_ledger = s.ledger where r.pool_id = $1 and r.id = $2`),
    reservation,
    loan: await one(`select * from loans ${OF_HOLD}`),
    transactions: isLive ? transactions.map(withheld) : transactions,
    authorization: isLive && authorization ? withheld(authorization) : authorization,
    landings: isLive ? landings.map(withheld) : landings,
    journal,
    chain: {
      ...evidence,
      ledgerTimes: await rows(TIMES, [
        found['pool_id'],
        ledgersIn([transactions, authorization, landings, journal, evidence.fundings]),
      ]),
    },
  };
}

/** Every column, so that a new one is in the bundle too. Numbers are as Postgres prints them. */
const rowOf = (fields: readonly pg.FieldDef[], row: readonly (string | null)[]): Row =>
  Object.fromEntries(
    fields.map(({ name, dataTypeID }, at) => [
      name.replace(NOT_CONTAINED, ''),
      valueOf(dataTypeID, row[at] ?? null),
    ]),
  );

function valueOf(type: number, text: string | null): Json {
  if (text === null) return null;
  switch (type) {
    case TYPES.bool:
      return text === 't';
    case TYPES.int4:
      return Number(text);
    case TYPES.jsonb:
      return JSON.parse(text) as Json;
    case TYPES.timestamptz:
      return text.replace(' ', 'T').replace(/\+00$/, 'Z');
    case TYPES.bytea:
      return unpackXdr(Buffer.from(text.slice(2), 'hex'));
    default:
      return text;
  }
}

/** What is named as a ledger anywhere in these rows: few, and their close times are looked for. */
function ledgersIn(value: Json, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each: Json) => ledgersIn(each, name));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, each]) => ledgersIn(each, key));
  return /ledger$|At$/i.test(name) && /^\d{1,12}$/.test(String(value)) ? [String(value)] : [];
}
