import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import type { SeenEvent, SeenProposal } from './observation.js';

type Reader = pg.Pool | pg.ClientBase;

/** The last ledger in which they live; 0: archived; null: not known, or no code of its own. */
export interface SeenLifetime {
  readonly contract: string;
  readonly name: string;
  readonly instanceUntil: number | null;
  readonly codeUntil: number | null;
}
export interface StoredLifetime extends SeenLifetime {
  /** Ledger of the reply. */
  readonly ledger: number;
  /** Of the shorter of the two, at the newest known ledger; 0: archived; null: not known. */
  readonly ledgersLeft: number | null;
}
export interface ProposedUpgrade {
  readonly contract: string;
  readonly wasmHash: string;
  /** Unix seconds of the chain. */
  readonly unlocksAt: bigint;
  readonly ledger: number;
  /** Null: not known. */
  readonly generation: string | null;
}

/** SQL of a lifetime that is left, for `l` of contract_lifetimes and `p` of pools. */
export const LEDGERS_LEFT = `case when coalesce(l.instance_until, l.code_until) is not null
    then greatest(least(l.instance_until, l.code_until) - greatest(l.ledger, p.head_ledger), 0) end`;

/** A reply of an older ledger writes nothing. Contracts that are no longer linked go. */
export async function storeLifetimes(
  tx: Transaction,
  poolId: string,
  seen: { readonly ledger: number; readonly contracts: readonly SeenLifetime[] },
): Promise<void> {
  const { contracts, ledger } = seen;
  await tx.client.query(
    `insert into contract_lifetimes (pool_id, contract, name, instance_until, code_until, ledger)
    select $1, u.*, $6 from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) as u
      on conflict (pool_id, contract) do update set name = excluded.name,
        instance_until = excluded.instance_until, code_until = excluded.code_until,
        ledger = excluded.ledger, seen_at = clock_timestamp()
      where contract_lifetimes.ledger <= excluded.ledger`,
    [
      poolId,
      contracts.map((each) => each.contract),
      contracts.map(({ name }) => name),
      contracts.map(({ instanceUntil }) => instanceUntil),
      contracts.map(({ codeUntil }) => codeUntil),
      ledger,
    ],
  );
  await tx.client.query(
    'delete from contract_lifetimes where pool_id = $1 and contract <> all ($2::text[]) and ledger <= $3',
    [poolId, contracts.map((each) => each.contract), ledger],
  );
}

/** In the order in which they lapse. */
export async function listLifetimes(reader: Reader, poolId: string): Promise<StoredLifetime[]> {
  const { rows } = await reader.query<StoredLifetime>(
    `select l.contract, l.name, l.instance_until::float8 as "instanceUntil",
      l.code_until::float8 as "codeUntil", l.ledger::float8 as ledger,
      (${LEDGERS_LEFT})::float8 as "ledgersLeft"
    from contract_lifetimes l join pools p on p.id = l.pool_id
    where l.pool_id = $1 order by ${LEDGERS_LEFT}, l.name, l.contract`,
    [poolId],
  );
  return rows;
}

/** A contract has one proposed upgrade: a later proposal takes the place of an earlier one. */
export async function storeProposals(
  tx: Transaction,
  poolId: string,
  proposals: readonly SeenProposal[],
): Promise<void> {
  for (const { event, wasmHash, unlocksAt } of proposals)
    await tx.client.query(
      `insert into pool_upgrades (pool_id, contract, wasm_hash, unlocks_at, event_id, ledger)
      values ($1, $2, $3, to_timestamp($4::float8), $5, $6)
        on conflict (pool_id, contract) do update set wasm_hash = excluded.wasm_hash,
          unlocks_at = excluded.unlocks_at, event_id = excluded.event_id, ledger = excluded.ledger,
          generation = null
        where pool_upgrades.event_id < excluded.event_id`,
      [poolId, event.contract, wasmHash, unlocksAt.toString(), event.id, event.ledger],
    );
}

export async function endProposals(
  tx: Transaction,
  poolId: string,
  executed: readonly SeenEvent[],
): Promise<void> {
  for (const { contract, id } of executed)
    await tx.client.query(
      'delete from pool_upgrades where pool_id = $1 and contract = $2 and event_id < $3',
      [poolId, contract, id],
    );
}

/** The contract runs other code since that ledger, whatever its events said. */
export async function endProposalsBefore(
  tx: Transaction,
  poolId: string,
  { contract, ledger }: { readonly contract: string; readonly ledger: number },
): Promise<void> {
  await tx.client.query(
    'delete from pool_upgrades where pool_id = $1 and contract = $2 and ledger < $3',
    [poolId, contract, ledger],
  );
}

export async function rateProposal(
  tx: Transaction,
  poolId: string,
  rated: Pick<ProposedUpgrade, 'contract' | 'wasmHash' | 'generation'>,
): Promise<void> {
  await tx.client.query(
    'update pool_upgrades set generation = $4 where pool_id = $1 and contract = $2 and wasm_hash = $3',
    [poolId, rated.contract, rated.wasmHash, rated.generation],
  );
}

/** The first to be unlocked first. */
export async function listProposals(reader: Reader, poolId: string): Promise<ProposedUpgrade[]> {
  const { rows } = await reader.query<Omit<ProposedUpgrade, 'unlocksAt'> & { unlocks: string }>(
    `select contract, wasm_hash as "wasmHash", extract(epoch from unlocks_at)::bigint::text as unlocks,
      ledger::float8 as ledger, generation
    from pool_upgrades where pool_id = $1 order by unlocks_at, contract`,
    [poolId],
  );
  return rows.map(({ unlocks, ...row }) => ({ ...row, unlocksAt: BigInt(unlocks) }));
}
