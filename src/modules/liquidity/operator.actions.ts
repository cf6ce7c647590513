import type { Actor } from '../../common/caller.js';

/** What a person did: `pool.pause`, `key.create`. `subject`: id of the pool or key, or `all`. */
export interface OperatorAction { readonly by: Actor; readonly action: string; readonly subject: string; readonly reason: string | null; readonly facts?: Readonly<Record<string, unknown>> }
/** Who and why, for whoever knows what. */
export interface OperatorNote { readonly by: Actor; readonly reason: string | null }
export interface StoredAction extends Omit<OperatorAction, 'facts'> { readonly id: string; readonly at: Date; readonly facts: Readonly<Record<string, unknown>> }

interface Queryable { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> }

/** @param client of the change's own transaction, so that neither is without the other */
export async function noteAction(client: Queryable, { by, action, subject, reason, facts = {} }: OperatorAction): Promise<void> {
  await client.query(`insert into operator_actions (actor_kind, actor_id, actor_name, action, subject, reason, facts) values ($1, $2, $3, $4, $5, $6, $7)`,
    [by.kind, by.id, by.name, action, subject, reason, JSON.stringify(facts)]);
}

interface Row { readonly id: string; readonly at: Date; readonly actor_kind: Actor['kind']; readonly actor_id: string; readonly actor_name: string; readonly action: string; readonly subject: string; readonly reason: string | null; readonly facts: Record<string, unknown> }

/** Newest first. @param subject null: of every pool and key */
export async function listActions(client: Queryable, subject: string | null, limit: number): Promise<StoredAction[]> {
  const { rows } = await client.query(`select id, at, actor_kind, actor_id, actor_name, action, subject, reason, facts from operator_actions
    where $1::text is null or subject = $1 order by id desc limit $2`, [subject, limit]);
  return (rows as Row[]).map((row) => ({
    id: row.id, at: row.at, by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name }, action: row.action, subject: row.subject, reason: row.reason, facts: row.facts,
  }));
}
