import { asError } from '../../common/errors.js';
import { LEDGER_SECONDS } from '../../common/ledger-time.js';
import { timeOf } from '../../common/times.js';
import type { Chain } from '../chain/chain.js';
import type { ProposedUpgrade } from '../liquidity/snapshots/contract-watch.sql.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import type { LedgerGuards } from '../liquidity/guards/ledger-guards.js';
import { AlarmLog, type Alarms } from './alarm-log.js';

export interface ContractWatchRooms {
  readonly ledger: Pick<
    ReconciliationLedger,
    'storeLifetimes' | 'lifetimes' | 'proposals' | 'rateProposal'
  >;
  readonly pools: Pick<PoolRegistry, 'list' | 'nameAsset'>;
  readonly chain: Pick<
    Chain,
    | 'networkPassphrase'
    | 'assetCode'
    | 'brokenLinks'
    | 'contractLifetimes'
    | 'proposedGeneration'
    | 'head'
  >;
  readonly guards: Pick<LedgerGuards, 'stopPool'>;
}

/** Three days. */
export const ALARM_LEDGERS = (3 * 86_400) / LEDGER_SECONDS;
const ADVICE_LIFETIME =
  'Anyone may extend it: holdfast pools extend POOL_ID --source G...; ' +
  'docs/operations.md#contract-lapsing.';
const ADVICE_BROKEN =
  'The pool takes no holds. Have the link repaired, then resume the pool; ' +
  'docs/operations.md#contracts-broken.';
const ADVICE_UPGRADE =
  'Ask the team that proposed it, and look for a version of this service that knows the code; ' +
  'docs/operations.md#upgrade-proposed.';

/**
 * Watches what ends the contracts as they are: lifetimes that run out, upgrades that are proposed,
 * and links between them that break, which stops their pool.
 */
export class ContractWatch {
  constructor(
    private readonly rooms: ContractWatchRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly alarmLedgers = ALARM_LEDGERS,
  ) {}

  /** One round over all observed pools. A pool that fails does not stop the others. */
  async watchAll(): Promise<void> {
    const { pools, chain } = this.rooms;
    for (const pool of await pools.list()) {
      if (pool.state === 'closed' || pool.network !== chain.networkPassphrase) continue;
      try {
        await this.watch(pool);
      } catch (thrown) {
        this.alarms.raise('pool_round_failed', { pool: pool.id, error: asError(thrown).message });
      }
    }
  }

  /** @throws HoldfastError CHAIN_UNREACHABLE, BUSY_RETRY */
  async watch(pool: PoolRecord): Promise<void> {
    await this.watchUpgrades(pool);
    await this.watchLinks(pool);
    await this.nameAsset(pool);
    const { ledger, chain } = this.rooms;
    await ledger.storeLifetimes(pool.id, await chain.contractLifetimes(pool));
    for (const { contract, name, ledgersLeft, ...until } of await ledger.lifetimes(pool.id))
      if (ledgersLeft !== null && ledgersLeft < this.alarmLedgers)
        this.alarms.raise(ledgersLeft === 0 ? 'contract_archived' : 'contract_lapsing', {
          pool: pool.id,
          contract,
          name,
          instanceUntil: until.instanceUntil,
          codeUntil: until.codeUntil,
          ledgersLeft,
          advice: ADVICE_LIFETIME,
        });
  }

  private async nameAsset({ id, assetCode, tokenContract }: PoolRecord): Promise<void> {
    if (assetCode !== null) return;
    const code = await this.rooms.chain.assetCode(tokenContract);
    if (code !== null) await this.rooms.pools.nameAsset(id, code);
  }

  /** One wrong reply must not stop a pool, so two have to agree. */
  private async watchLinks(pool: PoolRecord): Promise<void> {
    const { ledger, chain, guards } = this.rooms;
    const seen = await chain.brokenLinks(pool);
    if (seen.length === 0) return;
    const had = new Set((await ledger.lifetimes(pool.id)).map(({ name }) => name));
    const broken = seen.filter(({ lost }) => lost === null || had.has(lost));
    if (broken.length === 0) return;
    const again = new Set((await chain.brokenLinks(pool)).map(({ refusal }) => refusal.sentence));
    for (const { refusal } of broken.filter(({ refusal: { sentence } }) => again.has(sentence))) {
      const { contract, contractId, number, name, sentence } = refusal;
      const facts = { contract, contractId, number, name };
      this.alarms.raise('contracts_broken', {
        pool: pool.id,
        ...facts,
        sentence,
        advice: ADVICE_BROKEN,
      });
      await guards.stopPool(pool.id, 'contracts_broken', facts);
    }
  }

  private async watchUpgrades(pool: PoolRecord): Promise<void> {
    const proposals = await this.rooms.ledger.proposals(pool.id);
    if (proposals.length === 0) return;
    const { closeTime } = await this.rooms.chain.head();
    const hashes = new Map(proposals.map(({ contract, wasmHash }) => [contract, wasmHash]));
    for (const proposal of proposals) {
      const generation = await this.rooms.chain.proposedGeneration(pool, {
        contract: proposal.contract,
        hashes,
      });
      if (generation !== proposal.generation)
        await this.rooms.ledger.rateProposal(pool.id, { ...proposal, generation });
      this.raiseProposal(pool, { ...proposal, generation }, closeTime);
    }
  }

  private raiseProposal(pool: PoolRecord, proposal: ProposedUpgrade, closeTime: bigint): void {
    const { contract, wasmHash, unlocksAt, generation } = proposal;
    this.alarms.raise('upgrade_proposed', {
      pool: pool.id,
      contract,
      wasmHash,
      generation,
      unlocksAt: timeOf(unlocksAt),
      secondsLeft: Number(unlocksAt > closeTime ? unlocksAt - closeTime : 0n),
      advice: ADVICE_UPGRADE,
    });
  }
}
