import {
  JOURNAL_COLUMNS,
  eventOf,
  type JournalEvent,
  type JournalRow,
} from '../liquidity/journal/journal.reader.js';
import type { LedgerConnections } from '../liquidity/guards/ledger-connections.js';

export interface Webhook {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly createdAt: Date;
}
export interface Delivery {
  readonly id: string;
  readonly webhookId: string;
  readonly reservationId: string;
  readonly number: number;
  readonly kind: string;
  readonly state: 'pending' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly dueAt: Date;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: Date | null;
  readonly createdAt: Date;
}
/** A page of the webhooks of all tenants. */
export interface WebhookFilter {
  /** Null: of every tenant. */
  readonly tenantId: string | null;
  /** Only those before this id, which are older; null: from the newest on. */
  readonly before: string | null;
  readonly limit: number;
}
/** A page of a webhook's deliveries. */
export interface DeliveryFilter {
  /** Null: in every state. */
  readonly state: Delivery['state'] | null;
  /** Only those before this id, which are older; null: from the newest on. */
  readonly before: string | null;
  readonly limit: number;
}
/** A delivery that this process has taken; no other process takes it before its lease ends. */
export interface Claimed {
  readonly id: string;
  readonly attempts: number;
  readonly webhookId: string;
  readonly url: string;
  readonly event: JournalEvent;
}
export interface AttemptResult {
  readonly state: Delivery['state'];
  readonly status: number | null;
  readonly error: string | null;
  /** Wait before the next attempt, for pending deliveries. */
  readonly waitMs: number;
}

/**
 * Versions of one pool per step. A version is one ledger transaction, with up to a batch of rows.
 */
const VERSIONS_MAX = 500;
const WEBHOOK = 'id, tenant_id as "tenantId", url, events, created_at as "createdAt"';
const DELIVERY = `d.id, d.webhook_id as "webhookId", d.reservation_id as "reservationId", d.number, e.kind, d.state,
  d.attempts, d.due_at as "dueAt", d.last_status as "lastStatus", d.last_error as "lastError",
  d.delivered_at as "deliveredAt", d.created_at as "createdAt"`;
const EVENT_OF_DELIVERY =
  'e.pool_id = d.pool_id and e.reservation_id = d.reservation_id and e.number = d.number';

/** Without webhooks, cursors stand still; the first webhook sets them to the present. */
const ADD = `with added as (insert into webhooks (tenant_id, url, events) select $1, $2, $3
  where (select count(*) from webhooks where tenant_id = $1 and active) < $4 returning ${WEBHOOK}),
  cursors as (insert into webhook_cursors (pool_id, version) select id, version from pools
    where exists (select from added)
    on conflict (pool_id) do update set version = excluded.version where not exists (select from webhooks where active))
  select * from added`;
/**
 * Cursor and deliveries move in one statement, so a journal row becomes a delivery exactly once. A
 * second worker waits for the cursor's row, finds it moved and goes on from there. Pool version and
 * journal come from one snapshot.
 */
const DISPATCH = `with moved as (
    update webhook_cursors c set version = least(p.version, c.version + ${VERSIONS_MAX}) from pools p
      where p.id = c.pool_id and p.version > c.version
    returning c.pool_id, old.version as after_version, new.version as through_version, p.version as newest),
  dispatched as (insert into webhook_deliveries (webhook_id, pool_id, reservation_id, number)
    select w.id, e.pool_id, e.reservation_id, e.number from moved m
      join reservation_events e on e.pool_id = m.pool_id and e.pool_version > m.after_version
        and e.pool_version <= m.through_version
      join reservations r on r.pool_id = e.pool_id and r.id = e.reservation_id
      join webhooks w on w.tenant_id = r.tenant_id and w.active and w.created_at <= e.at
        and (cardinality(w.events) = 0 or e.kind = any (w.events))
    order by e.pool_version, e.reservation_id, e.number returning 1)
  select (select count(*)::int
    from dispatched) as dispatched, coalesce(bool_or(m.newest > m.through_version), false) as behind from moved m`;
/**
 * A few deliveries per webhook, so that a slow receiver does not delay the others. After a crash
 * the lease makes the event a second attempt, so none is lost.
 */
const CLAIM = `with due as (
    select d.id from webhooks w cross
      join lateral (select d.id from webhook_deliveries d
      where d.webhook_id = w.id and d.state = 'pending' and d.due_at <= clock_timestamp()
      order by d.due_at, d.id limit $1 for update skip locked) d where w.active limit $2),
  taken as (update webhook_deliveries d
    set attempts = d.attempts + 1, due_at = clock_timestamp() + $3 * interval '1 millisecond' from due
    where d.id = due.id and d.state = 'pending' returning d.*)
  select d.id as delivery_id, d.attempts, d.webhook_id, w.url, ${JOURNAL_COLUMNS} from taken d
    join webhooks w on w.id = d.webhook_id
    join reservation_events e on ${EVENT_OF_DELIVERY}
      join reservations r on r.pool_id = e.pool_id and r.id = e.reservation_id
      join pools p on p.id = e.pool_id order by d.id`;
const REPLAY = `update webhook_deliveries d
  set state = 'pending', attempts = 0, due_at = clock_timestamp(), delivered_at = null
  from webhooks w, reservation_events e
  where w.id = d.webhook_id and w.active and w.tenant_id = $1 and ${EVENT_OF_DELIVERY}
    and d.state in ('delivered', 'dead')`;

/**
 * Deliveries that will not be attempted again: those that ended, and those that waited when their
 * webhook was removed ($1 days, $2 rows). A replay that comes first makes a row pending, so it
 * stays. It uses the statement's time, because an index cannot serve clock_timestamp().
 */
const PRUNE = {
  ended:
    `select x.id from webhook_deliveries x where x.state <> 'pending' and x.due_at < ` +
    'statement_timestamp() - make_interval(days => $1) order by x.due_at limit $2 for update ' +
    'skip locked',
  abandoned: `select x.id from webhooks w cross
    join lateral (select x.id from webhook_deliveries x
    where x.webhook_id = w.id and x.state = 'pending'
    and x.due_at < statement_timestamp() - make_interval(days => $1)
    order by x.due_at limit $2 for update skip locked) x where not w.active limit $2`,
} as const;

/** Rows of webhooks. None belongs to the ledger: one statement each, on the read connections. */
export class WebhookStore {
  constructor(private readonly connections: Pick<LedgerConnections, 'read'>) {}

  /** @returns null when the tenant already has `most` */
  async add(
    tenantId: string,
    request: { url: string; events: readonly string[] },
    most: number,
  ): Promise<Webhook | null> {
    return (
      (await this.rows<Webhook>(ADD, [tenantId, request.url, request.events, most]))[0] ?? null
    );
  }
  list(tenantId: string): Promise<Webhook[]> {
    return this.rows<Webhook>(
      `select ${WEBHOOK} from webhooks where tenant_id = $1 and active order by id`,
      [tenantId],
    );
  }
  /** Of every tenant, newest first. */
  listAll({ tenantId, before, limit }: WebhookFilter): Promise<Webhook[]> {
    return this.rows<Webhook>(
      `select ${WEBHOOK} from webhooks where active and ($1::text is null or tenant_id = $1) ` +
        'and ($2::uuid is null or id < $2) order by id desc limit $3',
      [tenantId, before, limit],
    );
  }
  /** @param tenantId null: of any tenant */
  async find(tenantId: string | null, id: string): Promise<Webhook | null> {
    return (
      (
        await this.rows<Webhook>(
          `select ${WEBHOOK} from webhooks where ($1::text is null or tenant_id = $1) and id = $2 and active`,
          [tenantId, id],
        )
      )[0] ?? null
    );
  }
  /**
   * Its deliveries stay in the database, but none is attempted again.
   * @returns whether it existed
   */
  async remove(tenantId: string, id: string): Promise<boolean> {
    return (
      (
        await this.rows(
          'update webhooks set active = false where tenant_id = $1 and id = $2 and active returning id',
          [tenantId, id],
        )
      ).length > 0
    );
  }

  /** Newest first. */
  deliveries(webhookId: string, { state, before, limit }: DeliveryFilter): Promise<Delivery[]> {
    return this.rows<Delivery>(
      `select ${DELIVERY} from webhook_deliveries d join reservation_events e on ` +
        `${EVENT_OF_DELIVERY} where d.webhook_id = $1 and ($2::text is null or d.state = $2) ` +
        'and ($3::uuid is null or d.id < $3) order by d.id desc limit $4',
      [webhookId, state, before, limit],
    );
  }
  async delivery(tenantId: string, id: string): Promise<Delivery | null> {
    return (
      (
        await this.rows<Delivery>(
          `select ${DELIVERY} from webhook_deliveries d join webhooks w on w.id = ` +
            'd.webhook_id and w.active and w.tenant_id = $1 join reservation_events e on ' +
            `${EVENT_OF_DELIVERY} where d.id = $2`,
          [tenantId, id],
        )
      )[0] ?? null
    );
  }
  /**
   * Attempts them again, with a full count of attempts. It leaves a pending one alone.
   * @returns how many
   */
  async replay(tenantId: string, id: string): Promise<number> {
    return (await this.rows(`${REPLAY} and d.id = $2 returning d.id`, [tenantId, id])).length;
  }
  async replaySince(tenantId: string, since: Date, webhookId: string | null): Promise<number> {
    return (
      await this.rows(
        `${REPLAY} and e.at >= $2 and ($3::uuid is null or w.id = $3) returning d.id`,
        [tenantId, since, webhookId],
      )
    ).length;
  }

  /** @returns how many were deleted, `limit` at most */
  async prune(kind: keyof typeof PRUNE, days: number, limit: number): Promise<number> {
    return (
      (
        await this.connections.read.query(
          `delete from webhook_deliveries where id = any (array(${PRUNE[kind]}))`,
          [days, limit],
        )
      ).rowCount ?? 0
    );
  }

  /** Turns new journal rows into deliveries. @returns whether more are waiting */
  async dispatch(): Promise<{ dispatched: number; behind: boolean }> {
    if ((await this.rows('select from webhooks where active limit 1', [])).length === 0)
      return { dispatched: 0, behind: false };
    await this.rows(
      'insert into webhook_cursors (pool_id, version) select p.id, 0 from pools p where ' +
        'not exists (select from webhook_cursors c where c.pool_id = p.id) on conflict do ' +
        'nothing',
      [],
    );
    return (
      (await this.rows<{ dispatched: number; behind: boolean }>(DISPATCH, []))[0] ?? {
        dispatched: 0,
        behind: false,
      }
    );
  }

  async claim(limits: { perWebhook: number; most: number; leaseMs: number }): Promise<Claimed[]> {
    const rows = await this.rows<
      JournalRow & { delivery_id: string; attempts: number; webhook_id: string; url: string }
    >(CLAIM, [limits.perWebhook, limits.most, limits.leaseMs]);
    return rows.map((row) => ({
      id: row.delivery_id,
      attempts: row.attempts,
      webhookId: row.webhook_id,
      url: row.url,
      event: eventOf(row),
    }));
  }
  /** @returns false when the lease has ended and another process has the delivery */
  async note(
    { id, attempts }: Claimed,
    { state, status, error, waitMs }: AttemptResult,
  ): Promise<boolean> {
    const rows = await this.rows(
      `update webhook_deliveries set state = $3, last_status = $4, last_error = $5,
        due_at = clock_timestamp() + $6 * interval '1 millisecond', delivered_at = case
        when $3 = 'delivered' then clock_timestamp() end
      where id = $1 and attempts = $2 and state = 'pending' returning id`,
      [id, attempts, state, status, error, waitMs],
    );
    return rows.length > 0;
  }

  private async rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    return (await this.connections.read.query<Row>(text, values)).rows;
  }
}
