import type { xdr } from '@stellar/stellar-sdk';
import {
  storageName,
  contractDataKey,
  contractDataValue,
  instanceKey,
  instanceOf,
} from './ledger-entries.js';
import type { EntryReader } from './ledger-state.js';
import type { PoolRecord } from './network-notes.js';
import { creditlineKey } from '../contracts/creditline-storage.js';
import { poolKey } from '../contracts/pool-storage.js';
import { i128, u64 } from '../contracts/scval.js';
import { tokenHolding, tokenKey } from '../contracts/token.contract.js';

/** Base units as text; the counter is the last loan's id. */
export interface PoolFigures {
  readonly total: string;
  readonly locked: string;
  readonly tokenBalance: string;
  readonly loanCounter: string;
}

/** Reads the entries directly, without RPC, so that tests can compare RPC and SQL with it. */
export function poolFigures(state: EntryReader, pool: PoolRecord): PoolFigures {
  const amount = (value: xdr.ScVal | undefined): string => String(value ? i128.decode(value) : 0n);
  const counter = instanceField(state, pool.creditline, creditlineKey.loanCounter);
  const holding = state.get(
    contractDataKey(pool.token, tokenKey.balance(pool.pool), 'persistent').id,
  );
  return {
    total: amount(instanceField(state, pool.pool, poolKey.totalLiquidity)),
    locked: amount(instanceField(state, pool.pool, poolKey.lockedLiquidity)),
    tokenBalance: String(
      holding ? tokenHolding.decode(contractDataValue(holding.data)).amount : 0n,
    ),
    loanCounter: String(counter ? u64.decode(counter) : 0n),
  };
}

function instanceField(
  state: EntryReader,
  contract: string,
  key: xdr.ScVal,
): xdr.ScVal | undefined {
  const stored = state.get(instanceKey(contract).id);
  return (
    stored &&
    instanceOf(stored.data).storage?.find((entry) => storageName(entry.key) === storageName(key))
      ?.val
  );
}
