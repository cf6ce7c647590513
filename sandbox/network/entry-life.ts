import type { xdr } from '@stellar/stellar-sdk';
import {
  BALANCE_LIFE_LEDGERS,
  BALANCE_RENEWAL_LEDGERS,
  ENTRY_LIFE_LEDGERS,
} from './network-limits.js';

/**
 * What is known of an entry's life: the last ledger in which it is live; undefined for classic
 * entries,
 * which do not expire.
 */
export interface EntryLife {
  readonly liveUntil?: number;
}

/**
 * The last ledger of an entry's life after a write in `ledger`. The recorded contracts give an
 * entry a fixed
 * life when they create it and never
 * renew it; the asset contract renews balances. An instance renews itself here, because a
 * development
 * network must not lapse while it is used.
 */
export function lifeAfterWrite(
  data: xdr.LedgerEntryData,
  before: EntryLife | undefined,
  ledger: number,
): number | undefined {
  const present =
    before?.liveUntil !== undefined && before.liveUntil >= ledger ? before.liveUntil : undefined;
  if (data.type === 'contractCode') return present ?? ledger + ENTRY_LIFE_LEDGERS;
  if (data.type !== 'contractData') return undefined;
  if (isInstance(data)) return Math.max(present ?? 0, ledger + ENTRY_LIFE_LEDGERS);
  if (!isBalance(data.value.key)) return present ?? ledger + ENTRY_LIFE_LEDGERS;
  return present !== undefined && present - ledger >= BALANCE_RENEWAL_LEDGERS
    ? present
    : ledger + BALANCE_LIFE_LEDGERS;
}

/**
 * Whether a persistent entry has outlived its rent: it can be read again only after it was
 * restored.
 */
export const isArchived = (entry: EntryLife, ledger: number): boolean =>
  entry.liveUntil !== undefined && entry.liveUntil < ledger;

export const isInstance = (data: xdr.LedgerEntryData): boolean =>
  data.type === 'contractData' && data.value.key.type === 'scvLedgerKeyContractInstance';

function isBalance(key: xdr.ScVal): boolean {
  const name = key.type === 'scvVec' ? key.value?.[0] : undefined;
  return name?.type === 'scvSymbol' && name.value.toString() === 'Balance';
}
