import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import { lockPool } from '../snapshots/observation.sql.js';

export interface PoolCode {
  readonly generation: string;
  readonly poolWasmHash: string;
}
/** The code that an operator accepts for a pool, as it was read from the chain just now. */
export interface AcceptedCode extends PoolCode {
  /** What the contracts ran when they were checked: hex of the hash, or null, by contract. */
  readonly codes: {
    readonly ledger: number;
    readonly hashes: ReadonlyMap<string, string | null>;
  };
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

/**
 * The code that was checked is what the next look compares with: an upgrade between the check and
 * this transaction is a change then, and pauses the pool again.
 * @returns the code until now; undefined when none is given, or there is no such pool
 */
export async function acceptCode(
  tx: Transaction,
  poolId: string,
  code: AcceptedCode | undefined,
): Promise<PoolCode | undefined> {
  if (!code) return undefined;
  await lockPool(tx, poolId);
  const { ledger, hashes } = code.codes;
  await tx.client.query(
    `insert into contract_codes (pool_id, contract, wasm_hash, ledger)
    select p.id, u.contract, u.hash, least($4, p.head_ledger) from pools p,
      unnest($2::text[], $3::text[]) as u(contract, hash) where p.id = $1
      on conflict (pool_id, contract) do update
        set wasm_hash = excluded.wasm_hash, ledger = excluded.ledger, seen_at = clock_timestamp()`,
    [poolId, [...hashes.keys()], [...hashes.values()], ledger],
  );
  const { rows } = await tx.client.query<PoolCode>(
    `with old as (select generation, pool_wasm_hash from pools where id = $1)
    update pools set generation = $2, pool_wasm_hash = $3 from old where id = $1
    returning old.generation, old.pool_wasm_hash as "poolWasmHash"`,
    [poolId, code.generation, code.poolWasmHash],
  );
  return rows[0];
}
export const codeFacts = (
  before: PoolCode | undefined,
  after: PoolCode | undefined,
): Record<string, unknown> =>
  before && after
    ? {
        generation: { before: before.generation, after: after.generation },
        poolWasmHash: { before: before.poolWasmHash, after: after.poolWasmHash },
      }
    : {};
