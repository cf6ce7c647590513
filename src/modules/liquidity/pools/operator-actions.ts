import type { Actor } from '../../../common/caller.js';
import { asError } from '../../../common/errors.js';

/**
 * What a person did: `pool.pause`, `key.create`. `subject`: id of the pool, key or reservation, or
 * `all`.
 */
export interface OperatorAction {
  readonly by: Actor;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly facts?: Readonly<Record<string, unknown>>;
}
/** Who and why, for whoever knows what. */
export interface OperatorNote {
  readonly by: Actor;
  readonly reason: string | null;
}
export interface StoredAction extends Omit<OperatorAction, 'facts'> {
  readonly id: string;
  readonly at: Date;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/**
 * @param client of the change's own transaction, so that neither is without the other @returns the
 * id of the row
 */
export async function noteAction(
  client: Queryable,
  { by, action, subject, reason, facts = {} }: OperatorAction,
): Promise<string> {
  const { rows } = await client.query(
    'insert into operator_actions (actor_kind, actor_id, actor_name, action, subject, ' +
      'reason, facts) values ($1, $2, $3, $4, $5, $6, $7) returning id',
    [by.kind, by.id, by.name, action, subject, reason, JSON.stringify(facts)],
  );
  return (rows as { id: string }[])[0]?.id ?? '';
}

/**
 * A deed that cannot share one transaction with its row: the row comes first, and a second one says
 * how it ended. `facts` of that: what became of it, `begun` the first row.
 */
export async function notedDeed<T extends object>(
  client: Queryable,
  deed: Omit<OperatorAction, 'facts'>,
  work: () => Promise<T>,
  told: (done: T) => Readonly<Record<string, unknown>> = (done) =>
    ({ ...done }) as Record<string, unknown>,
): Promise<T> {
  const begun = await noteAction(client, deed);
  const done = await work().catch(async (thrown: unknown) => {
    await noteFailure(client, deed, thrown, { begun });
    throw thrown;
  });
  await noteAction(client, {
    ...deed,
    action: `${deed.action}-done`,
    facts: { begun, ...told(done) },
  });
  return done;
}

/**
 * A deed that its own transaction could not note. That it failed is told whether or not this row
 * can be written.
 */
export async function noteFailure(
  client: Queryable,
  deed: Omit<OperatorAction, 'facts'>,
  thrown: unknown,
  facts: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const error = asError(thrown);
  await noteAction(client, {
    ...deed,
    action: `${deed.action}-failed`,
    facts: {
      ...facts,
      code: 'code' in error && typeof error.code === 'string' ? error.code : error.name,
    },
  }).catch(() => undefined);
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly actor_kind: Actor['kind'];
  readonly actor_id: string;
  readonly actor_name: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly facts: Record<string, unknown>;
}

/** Newest first. @param subject null: of all */
export async function listActions(
  client: Queryable,
  subject: string | null,
  limit: number,
): Promise<StoredAction[]> {
  const { rows } = await client.query(
    `select id, at, actor_kind, actor_id, actor_name, action, subject, reason, facts from operator_actions
    where $1::text is null or subject = $1 order by id desc limit $2`,
    [subject, limit],
  );
  return (rows as Row[]).map((row) => ({
    id: row.id,
    at: row.at,
    by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: row.subject,
    reason: row.reason,
    facts: row.facts,
  }));
}
