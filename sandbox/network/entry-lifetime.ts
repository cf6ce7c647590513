import type { xdr } from '@stellar/stellar-sdk';
import { MIN_TEMPORARY_LIFETIME } from './ledger-settings.js';
import {
  BALANCE_LIFETIME_LEDGERS,
  BALANCE_RENEWAL_LEDGERS,
  ENTRY_LIFETIME_LEDGERS,
} from './network-limits.js';

/**
 * The last ledger in which an entry is live; undefined for classic entries, which do not expire.
 */
export interface EntryLifetime {
  readonly liveUntil?: number;
}

/**
 * The last ledger of an entry's lifetime after a write in `ledger`. The recorded contracts set a
 * fixed lifetime at creation and never renew it, nor that of their instance and code; the asset
 * contract renews balances.
 * @param leastLifetime ledgers of a new instance or code; absent: the deployer extends them
 */
export function lifetimeAfterWrite(
  data: xdr.LedgerEntryData,
  before: EntryLifetime | undefined,
  ledger: number,
  leastLifetime?: number,
): number | undefined {
  const present =
    before?.liveUntil !== undefined && before.liveUntil >= ledger ? before.liveUntil : undefined;
  const deployed = leastLifetime === undefined ? ENTRY_LIFETIME_LEDGERS : leastLifetime - 1;
  if (data.type === 'contractCode') return present ?? ledger + deployed;
  if (data.type !== 'contractData') return undefined;
  if (isTemporary(data)) return present ?? ledger + MIN_TEMPORARY_LIFETIME - 1;
  if (isInstance(data)) return present ?? ledger + deployed;
  if (!isBalance(data.value.key)) return present ?? ledger + ENTRY_LIFETIME_LEDGERS;
  return present !== undefined && present - ledger >= BALANCE_RENEWAL_LEDGERS
    ? present
    : ledger + BALANCE_LIFETIME_LEDGERS;
}

/** Whether a persistent entry's rent has run out: it must be restored before it can be read. */
export const isArchived = (entry: EntryLifetime, ledger: number): boolean =>
  entry.liveUntil !== undefined && entry.liveUntil < ledger;

/** A temporary entry is gone when its lifetime ends; it is never restored. */
export const isTemporary = (data: xdr.LedgerEntryData): boolean =>
  data.type === 'contractData' && data.value.durability.name === 'temporary';

const isInstance = (data: xdr.LedgerEntryData): boolean =>
  data.type === 'contractData' && data.value.key.type === 'scvLedgerKeyContractInstance';

function isBalance(key: xdr.ScVal): boolean {
  const name = key.type === 'scvVec' ? key.value?.[0] : undefined;
  return name?.type === 'scvSymbol' && name.value.toString() === 'Balance';
}
