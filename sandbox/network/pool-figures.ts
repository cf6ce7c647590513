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
import { EMPTY_RESERVE, reserveData, reserveKey } from '../contracts/reserve.contract.js';
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
  if (pool.generation === 'reserve') return { ...reserveFigures(state, pool), loanCounter: '0' };
  const amount = (value: xdr.ScVal | undefined): string => String(value ? i128.decode(value) : 0n);
  const counter = instanceField(state, pool.creditline, creditlineKey.loanCounter);
  return {
    total: amount(instanceField(state, pool.pool, poolKey.totalLiquidity)),
    locked: amount(instanceField(state, pool.pool, poolKey.lockedLiquidity)),
    tokenBalance: tokenBalance(state, pool),
    loanCounter: String(counter ? u64.decode(counter) : 0n),
  };
}

function reserveFigures(state: EntryReader, pool: PoolRecord): Omit<PoolFigures, 'loanCounter'> {
  const stored = instanceField(state, pool.pool, reserveKey.data);
  const { supplied, lent } = stored ? reserveData.decode(stored) : EMPTY_RESERVE;
  return {
    total: String(supplied),
    locked: String(lent),
    tokenBalance: tokenBalance(state, pool),
  };
}

function tokenBalance(state: EntryReader, pool: PoolRecord): string {
  const holding = state.get(
    contractDataKey(pool.token, tokenKey.balance(pool.pool), 'persistent').id,
  );
  return String(holding ? tokenHolding.decode(contractDataValue(holding.data)).amount : 0n);
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
