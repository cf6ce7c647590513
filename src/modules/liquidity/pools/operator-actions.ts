import type { Actor } from '../../../common/caller.js';
import { asError } from '../../../common/errors.js';
import type { WrittenRow } from '../../../database/retry-safe.js';

/**
 * What an operator did, such as `pool.pause` or `key.create`. `subject` is the id of the pool, key
 * or reservation, or `all`.
 */
export interface OperatorAction {
  readonly by: Actor;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly facts?: Readonly<Record<string, unknown>>;
}
/** Who acted and why, as the operator states it. */
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
 * @param client of the change's own transaction, so that both commit or neither
 * @returns the id of the row
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
 * Records a change within its own transaction; a second attempt recognises the first by this row.
 */
export async function noteChange(client: Queryable, action: OperatorAction): Promise<WrittenRow> {
  return {
    text: 'select from operator_actions where id = $1',
    values: [await noteAction(client, action)],
  };
}

/**
 * Runs an action that cannot share a transaction with its row. The first row comes before the
 * action, the second says how it ended. The second row's `facts` have the result, and `begun` the
 * id of the first.
 */
export async function runAndNote<T extends object>(
  client: Queryable,
  planned: Omit<OperatorAction, 'facts'>,
  work: () => Promise<T>,
  resultFacts: (result: T) => Readonly<Record<string, unknown>> = (result) =>
    ({ ...result }) as Record<string, unknown>,
): Promise<T> {
  const begun = await noteAction(client, planned);
  const result = await work().catch(async (thrown: unknown) => {
    await noteFailure(client, planned, thrown, { begun });
    throw thrown;
  });
  await noteAction(client, {
    ...planned,
    action: `${planned.action}-done`,
    facts: { begun, ...resultFacts(result) },
  });
  return result;
}

/**
 * Records that an action failed whose own transaction could not record it. The caller logs the
 * failure whether or not this row can be written.
 */
export async function noteFailure(
  client: Queryable,
  planned: Omit<OperatorAction, 'facts'>,
  thrown: unknown,
  facts: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const error = asError(thrown);
  await noteAction(client, {
    ...planned,
    action: `${planned.action}-failed`,
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

/** A page of the list. */
export interface ActionFilter {
  /** Null: every subject. */
  readonly subject: string | null;
  /** Only rows before this id, which are older; null: from the newest on. */
  readonly before: string | null;
  readonly limit: number;
}

/** Newest first. */
export async function listActions(
  client: Queryable,
  { subject, before, limit }: ActionFilter,
): Promise<StoredAction[]> {
  const { rows } = await client.query(
    `select id, at, actor_kind, actor_id, actor_name, action, subject, reason, facts from operator_actions
    where ($1::text is null or subject = $1) and ($2::uuid is null or id < $2)
    order by id desc limit $3`,
    [subject, before, limit],
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
