import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';

/** The code that an operator accepts for a pool, as it was read from the chain just now. */
export interface AcceptedCode {
  readonly generation: string;
  readonly poolWasmHash: string;
}

/**
 * Whether a contract was upgraded, or has an event or an entry that cannot be read, since the pool
 * last took holds.
 */
export async function needsGeneration(
  reader: pg.Pool | pg.ClientBase,
  poolId: string,
): Promise<boolean> {
  const { rowCount } = await reader.query(
    `select from pool_pauses s
    where s.pool_id = $1 and s.reason in ('contract_upgraded', 'unreadable_event', 'unreadable_entry')
      and s.at > coalesce((select max(h.at) from pool_rules_history h
        where h.pool_id = $1 and h.state = 'active'), '-infinity') limit 1`,
    [poolId],
  );
  return rowCount !== 0;
}

/** @returns the code until now; undefined when none is given, or there is no such pool */
export async function acceptCode(
  tx: Transaction,
  poolId: string,
  code: AcceptedCode | undefined,
): Promise<AcceptedCode | undefined> {
  if (!code) return undefined;
  const { rows } = await tx.client.query<AcceptedCode>(
    `update pools set generation = $2, pool_wasm_hash = $3 where id = $1
    returning old.generation, old.pool_wasm_hash as "poolWasmHash"`,
    [poolId, code.generation, code.poolWasmHash],
  );
  return rows[0];
}
export const codeFacts = (
  before: AcceptedCode | undefined,
  after: AcceptedCode | undefined,
): Record<string, unknown> =>
  before && after
    ? {
        generation: { before: before.generation, after: after.generation },
        poolWasmHash: { before: before.poolWasmHash, after: after.poolWasmHash },
      }
    : {};
