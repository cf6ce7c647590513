import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type {
  BrokenLink,
  Chain,
  CodeRecognition,
  EventsReply,
  PoolState,
} from '../../modules/chain/chain.js';
import type { Generation } from '../../modules/chain/families/contract-family.js';
import { familyOf } from '../../modules/chain/families/families.js';
import type { ContractLifetimes } from '../../modules/chain/lifetimes.js';
import { identify } from '../../modules/operations/register-pool.js';
import { attempt, type Read } from './finding.js';

export type DoctorContracts = Pick<
  Chain,
  | 'networkPassphrase'
  | 'describePool'
  | 'observePool'
  | 'contractLifetimes'
  | 'brokenLinks'
  | 'readEvents'
  | 'head'
>;
/** A pool to look at. */
export interface Patient {
  readonly contract: string;
  /** null: it is not registered. */ readonly name: string | null;
  /** As it is registered; absent: by its code. */ readonly generation?: Generation;
}
export interface ContractFacts {
  readonly generation: Generation;
  readonly code: CodeRecognition;
  readonly decimals: number;
  readonly state: Read<PoolState>;
  readonly lifetimes: Read<ContractLifetimes>;
  readonly broken: Read<readonly BrokenLink[]>;
  /** Events from as long ago as they are needed. */
  readonly events: Read<EventsReply>;
}

/** @param ledgers how far back events must be kept */
export const readContracts = (
  chain: DoctorContracts,
  { contract, generation }: Patient,
  ledgers: number,
): Promise<Read<ContractFacts>> =>
  attempt(async () => {
    const { identity: pool, code } = await identify(chain, {
      contract,
      ...(generation !== undefined && { generation }),
    });
    const [state, lifetimes, broken, events] = await Promise.all([
      attempt(() => chain.observePool(pool)),
      attempt(() => chain.contractLifetimes(pool)),
      attempt(() => chain.brokenLinks(pool)),
      attempt(async () => {
        const { ledger, oldestLedger } = await chain.head();
        // what no ledger can have is not asked for, nor the ledger that the node forgets meanwhile
        const first = oldestLedger <= 2 ? oldestLedger + 1 : 0;
        const startLedger = Math.max(first, ledger - ledgers - LAG_LEDGERS_MAX, 1);
        return chain.readEvents({ ...pool, from: { startLedger }, limit: 1 });
      }),
    ]);
    const { decimals } = pool;
    const read = familyOf(pool.generation).generation;
    return { generation: read, code, decimals, state, lifetimes, broken, events };
  });
