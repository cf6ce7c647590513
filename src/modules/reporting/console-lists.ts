import type pg from 'pg';
import { formatXlm } from '../../common/money.js';
import {
  microsOf,
  momentOf,
  nextPlace,
  type PlaceRow,
  type RowPlace,
  unplaced,
} from './row-place.js';

type Database = Pick<pg.Pool, 'query'>;

/** A key of any tenant, without its text. */
interface ListedKey {
  readonly id: string;
  readonly prefix: string;
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}
/** A webhook of any tenant, and how its deliveries stand. */
interface ListedWebhook {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly createdAt: Date;
  /** Of the newest `RECENT` deliveries. */
  readonly pending: number;
  readonly dead: number;
}
interface WebhookFilter {
  readonly tenantId: string | null;
  /** A kind that it gets. */
  readonly event: string | null;
  readonly id: string | null;
  readonly before: string | null;
  readonly limit: number;
}
interface ListedChannel {
  readonly account: string;
  readonly name: string;
  readonly state: string;
  /** XLM; null: not read yet. */
  readonly balance: string | null;
  readonly balanceLedger: number | null;
  /** Hash of its landing in flight; null: it is free. */
  readonly inFlight: string | null;
}
interface ChannelFilter {
  readonly state?: string | undefined;
  readonly after?: RowPlace | undefined;
  readonly limit: number;
}
interface KeyFilter {
  readonly tenantId: string | null;
  readonly live: boolean | null;
  readonly before: string | null;
  readonly limit: number;
}

const KEYS = `select id, prefix, tenant_id as "tenantId", name, scopes, created_at as "createdAt",
    last_used_at as "lastUsedAt", expires_at as "expiresAt", revoked_at as "revokedAt"
  from api_keys where ($1::text is null or tenant_id = $1)
    and ($2::boolean is null or $2 = (revoked_at is null and coalesce(expires_at > now(), true)))
    and ($3::uuid is null or id < $3)
  order by id desc limit $4`;
/** A count of all would read them all. */
const RECENT = 500;
const WEBHOOKS = `select w.id, w.tenant_id as "tenantId", w.url, w.events, w.created_at as "createdAt",
    d.pending, d.dead
  from (select * from webhooks where active and ($1::text is null or tenant_id = $1)
      and ($2::text is null or cardinality(events) = 0 or $2 = any (events))
      and ($3::uuid is null or id = $3) and ($4::uuid is null or id < $4)
    order by id desc limit $5) w
  cross join lateral (select count(*) filter (where r.state = 'pending')::int as pending,
      count(*) filter (where r.state = 'dead')::int as dead
    from (select state from webhook_deliveries
      where webhook_id = w.id order by id desc limit ${RECENT}) r) d
  order by w.id desc`;
/** The same account may be a channel on two networks. */
const CHANNEL = "md5(concat_ws('|', c.network, c.account))::uuid";
const CHANNELS = `select c.account, c.name, c.state, c.balance::text,
    c.balance_ledger::float8 as "balanceLedger", (select l.hash from landings l
      where l.network = c.network and l.channel = c.account and l.state = 'open') as "inFlight",
    ${microsOf('c.added_at')} as place_at, ${CHANNEL}::text as place_tie
  from channels c where ($1::text is null or c.state = $1)
    and ($2::bigint is null or (c.added_at, ${CHANNEL}) < (${momentOf('$2')}, $3::uuid))
  order by c.added_at desc, ${CHANNEL} desc limit $4`;

/** Newest first. */
export async function listedKeys(
  database: Database,
  { tenantId, live, before, limit }: KeyFilter,
): Promise<ListedKey[]> {
  return (await database.query<ListedKey>(KEYS, [tenantId, live, before, limit])).rows;
}

/** Newest first. */
export async function listedWebhooks(
  database: Database,
  { tenantId, event, id, before, limit }: WebhookFilter,
): Promise<ListedWebhook[]> {
  return (await database.query<ListedWebhook>(WEBHOOKS, [tenantId, event, id, before, limit])).rows;
}

/** The newest first. */
export async function listedChannels(
  database: Database,
  { state, after, limit }: ChannelFilter,
): Promise<{ readonly channels: readonly ListedChannel[]; readonly next: RowPlace | null }> {
  const { rows } = await database.query<ListedChannel & PlaceRow>(CHANNELS, [
    state ?? null,
    after?.at ?? null,
    after?.tie ?? null,
    limit + 1,
  ]);
  const channels = rows.slice(0, limit).map((row) => ({
    ...unplaced(row),
    balance: row.balance === null ? null : formatXlm(BigInt(row.balance)),
  }));
  return { channels, next: nextPlace(rows, limit) };
}
