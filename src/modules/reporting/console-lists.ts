import type pg from 'pg';

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
    count(*) filter (where d.state = 'pending')::int as pending,
    count(*) filter (where d.state = 'dead')::int as dead
  from webhooks w left join lateral (select state from webhook_deliveries
    where webhook_id = w.id order by id desc limit ${RECENT}) d on true
  where w.active group by w.id order by w.tenant_id, w.id limit 200`;

/** Newest first. */
export async function listedKeys(
  database: Database,
  { tenantId, live, before, limit }: KeyFilter,
): Promise<ListedKey[]> {
  return (await database.query<ListedKey>(KEYS, [tenantId, live, before, limit])).rows;
}

export async function listedWebhooks(database: Database): Promise<ListedWebhook[]> {
  return (await database.query<ListedWebhook>(WEBHOOKS)).rows;
}
