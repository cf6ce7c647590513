import type pg from 'pg';
import { HoldfastError } from '../../../common/errors.js';
import { GroupRead } from '../../../database/group-read.js';
import { inTransaction, type Transaction } from '../../../database/transaction.js';
import { uuidV7 } from '../../../common/uuid.js';
import { noteAction, noteChange, type OperatorNote } from './operator-actions.js';
import type { LedgerConnections } from '../guards/ledger-connections.js';
import { type AcceptedCode, acceptCode, codeFacts, needsGeneration } from './accepted-code.sql.js';
import { type LastLook, lastLooks } from './last-looks.sql.js';
import { retrySafe } from '../../../database/retry-safe.js';
import type { PoolPause } from '../snapshots/observation.js';
import { type NetworkReset, renameNetwork } from './network-reset.sql.js';
import { beginAtSnapshot } from '../snapshots/observation.sql.js';
import { ownPauses } from '../snapshots/reconciliation-reads.sql.js';
import { LEDGER_BEGIN } from '../ledger-transactions.js';
import { type PoolState, type ReadFigures, snapshotOf } from '../reservation.js';
import { observeSnapshot } from '../snapshots/snapshot.sql.js';
import {
  changedRules,
  DEFAULT_RULES,
  insertedRules,
  type PoolRules,
  RULE_COLUMNS,
  ruleParameters,
  type RuleRow,
  rulesOf,
  type StoredRules,
} from './pool-rules.js';

/**
 * What is fixed when a pool is registered: its contracts, which the caller reads from the chain.
 */
export interface PoolIdentity {
  readonly network: string;
  readonly generation: string;
  readonly poolContract: string;
  readonly lendingContract: string;
  readonly tokenContract: string;
  readonly poolWasmHash: string;
  readonly decimals: number;
  /** What people call the token; null: not known. */
  readonly assetCode: string | null;
}
export interface PoolRecord extends PoolIdentity, StoredRules {
  readonly id: string;
  readonly name: string;
  readonly state: PoolState;
  /** The state of the pool when its quarantine ends; null without a quarantine. */
  readonly afterQuarantine: 'active' | 'paused' | null;
}

const COLUMNS = `id, name, network, generation, pool_contract, lending_contract, token_contract,
  pool_wasm_hash, decimals, asset_code, state, quarantined_from, ${RULE_COLUMNS}`;
/** $3 is the requested state. */
const KEPT_FOR_LATER =
  `$3::text in ('active', 'paused') and (state = 'quarantined' or state = 'closed' and ` +
  `exists (select from pools q where q.network = pools.network and q.state = 'quarantined'))`;
interface PoolRow extends RuleRow {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly generation: string;
  readonly pool_contract: string;
  readonly lending_contract: string;
  readonly token_contract: string;
  readonly pool_wasm_hash: string;
  readonly decimals: number;
  readonly asset_code: string | null;
  readonly state: PoolState;
  readonly quarantined_from: 'active' | 'paused' | null;
}
/** The parameters that come before the rules. */
const [INSERTED, CHANGED] = [insertedRules(12), changedRules(4)];

/** The list of pools for operators. Counters and snapshots belong to the ledger. */
export class PoolRegistry {
  private readonly finds = new GroupRead((poolIds: readonly string[]) => this.findAll(poolIds));

  constructor(
    private readonly connections: LedgerConnections,
    private readonly deadlineMs: number,
    private readonly onCommit: () => void = () => undefined,
  ) {}

  /**
   * In a network under quarantine a new pool begins in quarantine: a restored database may have
   * forgotten this pool and its holds (docs/protocol.md#quarantine).
   * @param figures the pool's first snapshot, read before it is registered. Reconciliation begins
   * there (decision 0033); without it, at the first snapshot that is observed.
   * @throws HoldfastError VALIDATION_FAILED when the pool contract is registered already on that
   * network
   */
  register(
    identity: PoolIdentity,
    rules: PoolRules,
    note?: OperatorNote,
    figures?: ReadFigures,
  ): Promise<PoolRecord> {
    // the same in every attempt, so that one whose COMMIT answer was lost recognises its own pool
    const id = uuidV7();
    return this.write(async (tx) => {
      const answer = await tx.client.query<PoolRow>(
        `insert into pools (id, name, network, generation, pool_contract, lending_contract,
          token_contract, pool_wasm_hash, decimals, asset_code, state, quarantined_from,
          ${INSERTED.columns})
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $11,
          case when begins then 'quarantined' else $10::text end,
          case when begins then $10::text end, ${INSERTED.values}
        from (select $10::text in ('active', 'paused') and exists (select from pools q
          where q.network = $3 and q.state = 'quarantined') as begins) quarantine
          on conflict (network, pool_contract) do nothing returning ${COLUMNS}`,
        [
          id,
          rules.name,
          identity.network,
          identity.generation,
          identity.poolContract,
          identity.lendingContract,
          identity.tokenContract,
          identity.poolWasmHash,
          identity.decimals,
          rules.state,
          identity.assetCode,
          ...ruleParameters(rules, DEFAULT_RULES),
        ],
      );
      const row = answer.rows[0];
      const earlier = row
        ? undefined
        : (await tx.client.query<PoolRow>(`select ${COLUMNS} from pools where id = $1`, [id]))
            .rows[0];
      if (earlier) return recordOf(earlier);
      if (!row)
        throw new HoldfastError(
          'VALIDATION_FAILED',
          `The pool contract ${identity.poolContract} is registered on this network already.`,
          { errors: [{ field: 'contract', message: 'is registered on this network already' }] },
        );
      if (figures) {
        await observeSnapshot(tx, snapshotOf(id, figures));
        await beginAtSnapshot(tx, id);
      }
      if (note)
        await noteAction(tx.client, {
          ...note,
          action: 'pool.register',
          subject: row.id,
          facts: { poolContract: identity.poolContract, rules: rulesAsJson(rules) },
        });
      return recordOf(row);
    });
  }

  /**
   * Changes rules of one pool; a rule that is left out stays. In quarantine, a pause, a resumption
   * or the opening of a closed pool takes effect at its end (docs/protocol.md#quarantine). A note
   * identifies an attempt that committed; without one the change runs again.
   * @param code from now on the pool is read by its generation
   * @throws HoldfastError POOL_NOT_FOUND
   */
  change(
    poolId: string,
    rules: Partial<PoolRules>,
    note?: OperatorNote,
    code?: AcceptedCode,
  ): Promise<PoolRecord> {
    return this.write(
      retrySafe(async (tx) => {
        const before = await acceptCode(tx, poolId, code);
        const answer = await tx.client.query<PoolRow>(
          `update pools set name = coalesce($2, name),
            state = case when ${KEPT_FOR_LATER} then 'quarantined' else coalesce($3, state) end,
            quarantined_from = case when ${KEPT_FOR_LATER} then $3 else quarantined_from end,
            ${CHANGED}, version = version + 1
          where id = $1 returning ${COLUMNS}`,
          [poolId, rules.name, rules.state, ...ruleParameters(rules)],
        );
        const row = answer.rows[0];
        if (!row) throw new HoldfastError('POOL_NOT_FOUND', `There is no pool ${poolId}.`);
        return {
          result: recordOf(row),
          row: note
            ? await noteChange(tx.client, {
                ...note,
                action: 'pool.change',
                subject: poolId,
                facts: { rules: rulesAsJson(rules), ...codeFacts(before, code) },
              })
            : null,
        };
      }),
    );
  }

  /**
   * Pauses or resumes a pool; a repeated request writes nothing. In quarantine, which ends by chain
   * time alone, it takes effect at its end (docs/protocol.md#quarantine).
   * @param code from now on the pool is read by its generation
   * @throws HoldfastError POOL_NOT_FOUND, or POOL_STATE_CONFLICT for a closed pool
   */
  turn(
    poolId: string,
    to: 'active' | 'paused',
    note: OperatorNote,
    code?: AcceptedCode,
  ): Promise<PoolRecord> {
    const from = to === 'paused' ? 'active' : 'paused';
    return this.write(
      retrySafe(async (tx) => {
        const before = await acceptCode(tx, poolId, code);
        const answer = await tx.client.query<PoolRow>(
          `update pools set state = case state when 'quarantined' then state else $2
            end, quarantined_from = case state when 'quarantined' then $2 end, version = version + 1
        where id = $1 and (state = $3 or state = 'quarantined' and quarantined_from is distinct from $2)
          returning ${COLUMNS}`,
          [poolId, to, from],
        );
        const row =
          answer.rows[0] ??
          (await tx.client.query<PoolRow>(`select ${COLUMNS} from pools where id = $1`, [poolId]))
            .rows[0];
        if (!row) throw new HoldfastError('POOL_NOT_FOUND', `There is no pool ${poolId}.`);
        if (row.state !== to && row.quarantined_from !== to)
          throw new HoldfastError(
            'POOL_STATE_CONFLICT',
            `The pool is ${row.state}; only one that is ${from} can be ${to === 'paused' ? 'paused' : 'resumed'}.`,
            { poolState: row.state },
          );
        return {
          result: recordOf(row),
          row:
            answer.rows[0] || code
              ? await noteChange(tx.client, {
                  ...note,
                  action: to === 'paused' ? 'pool.pause' : 'pool.resume',
                  subject: poolId,
                  facts: codeFacts(before, code),
                })
              : null,
        };
      }),
    );
  }

  /** @returns ids of the pools that have another name of their network now */
  async renameNetwork(
    reset: NetworkReset,
    note: OperatorNote,
    facts: Readonly<Record<string, unknown>>,
  ): Promise<string[]> {
    return this.write(async (tx) => {
      const pools = await renameNetwork(tx, reset);
      await noteAction(tx.client, {
        ...note,
        action: 'network.reset',
        subject: 'all',
        facts: { ...facts, oldName: reset.oldName, pools },
      });
      return pools;
    });
  }

  /** Of a pool that was registered before asset codes were kept; a known one stays. */
  nameAsset(poolId: string, assetCode: string): Promise<void> {
    return this.write(async (tx) => {
      await tx.client.query(
        'update pools set asset_code = $2 where id = $1 and asset_code is null',
        [poolId, assetCode],
      );
    });
  }

  find(poolId: string): Promise<PoolRecord | null> {
    return this.finds.ask(poolId);
  }

  async list(): Promise<PoolRecord[]> {
    const answer = await this.connections.read.query<PoolRow>(
      `select ${COLUMNS} from pools order by created_at, id`,
    );
    return answer.rows.map(recordOf);
  }

  private async findAll(poolIds: readonly string[]): Promise<(PoolRecord | null)[]> {
    const { rows } = await this.connections.read.queryTogether<PoolRow>(
      `select ${COLUMNS} from pools where id = any ($1::uuid[])`,
      [[...new Set(poolIds)]],
    );
    const found = new Map(rows.map((row) => [row.id, recordOf(row)]));
    return poolIds.map((id) => found.get(id.toLowerCase()) ?? null);
  }

  /** Closed pools that are to be observed or reconciled once more. */
  lastLooks(): Promise<Map<string, LastLook>> {
    return lastLooks(this.connections.read);
  }

  /** Maps each paused pool to why the service paused it; null when an operator did. */
  pauses(): Promise<Map<string, PoolPause | null>> {
    return ownPauses(this.connections.read);
  }

  /**
   * Whether a contract was upgraded, or sent an event that cannot be read, since the pool last took
   * holds. Such a pool needs a generation to be resumed.
   */
  needsGeneration(poolId: string): Promise<boolean> {
    return needsGeneration(this.connections.read, poolId);
  }

  private async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const connections: pg.Pool = this.connections.write;
    const done = await inTransaction(
      connections,
      { name: 'pool', begin: LEDGER_BEGIN, deadlineMs: this.deadlineMs },
      work,
    );
    this.onCommit();
    return done;
  }
}

/** The rules in the journal's form, because JSON has no bigint. */
const rulesAsJson = (rules: Partial<PoolRules>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(rules).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  );

function recordOf(row: PoolRow): PoolRecord {
  return {
    id: row.id,
    name: row.name,
    network: row.network,
    generation: row.generation,
    poolContract: row.pool_contract,
    lendingContract: row.lending_contract,
    tokenContract: row.token_contract,
    poolWasmHash: row.pool_wasm_hash,
    decimals: row.decimals,
    assetCode: row.asset_code,
    state: row.state,
    ...rulesOf(row),
    afterQuarantine: row.state === 'quarantined' ? (row.quarantined_from ?? 'paused') : null,
  };
}
