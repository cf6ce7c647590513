import { Address, Asset, StrKey, xdr } from '@stellar/stellar-sdk';
import { accountIdOf, keyed, storageName, type EntryKey } from './ledger-entries.js';
import { tokenHolding, tokenKey, tokenMetadata } from '../contracts/token.contract.js';

/**
 * A trustline holds a 64 bit integer of units with seven decimals. Other tokens are contracts of
 * their own.
 */
export const ASSET_DECIMALS = 7;
const LIMIT = (1n << 63n) - 1n;
const AUTHORIZED = 1;
const CLAWBACK_ENABLED = 4;

/** The asset behind an asset contract, as its metadata names it. */
export function assetOf(instance: xdr.ScContractInstance): Asset | undefined {
  if (instance.executable.type !== 'contractExecutableStellarAsset') return undefined;
  const metadata = instance.storage?.find(
    (entry) => storageName(entry.key) === storageName(tokenKey.metadata),
  )?.val;
  const [code, issuer] = metadata ? tokenMetadata.decode(metadata).name.split(':') : [];
  return code === undefined || issuer === undefined ? undefined : new Asset(code, issuer);
}

/**
 * The trustline for a storage key of an asset contract; undefined unless the key is the balance of
 * an account.
 */
export function trustlineKey(asset: Asset, key: xdr.ScVal): EntryKey | undefined {
  const holder = holderOf(key);
  if (holder === undefined) return undefined;
  return keyed(
    xdr.LedgerKey.trustline(
      new xdr.LedgerKeyTrustLine({
        accountId: accountIdOf(holder),
        asset: asset.toTrustLineXdrObject(),
      }),
    ),
  );
}

function holderOf(key: xdr.ScVal): string | undefined {
  const [name, holder] = key.type === 'scvVec' ? (key.value ?? []) : [];
  if (
    name?.type !== 'scvSymbol' ||
    name.value.toString() !== 'Balance' ||
    holder?.type !== 'scvAddress'
  )
    return undefined;
  const address = Address.fromScVal(holder).toString();
  return StrKey.isValidEd25519PublicKey(address) ? address : undefined;
}

/** @param value a holding as the token contract writes it */
export function trustlineEntry(key: EntryKey, value: xdr.ScVal): xdr.LedgerEntryData {
  if (key.key.type !== 'trustline')
    throw new Error(`expected a trustline key, found ${key.key.type}`);
  const { amount, authorized, clawback } = tokenHolding.decode(value);
  return xdr.LedgerEntryData.trustline(
    new xdr.TrustLineEntry({
      accountId: key.key.value.accountId,
      asset: key.key.value.asset,
      balance: amount,
      limit: LIMIT,
      flags: (authorized ? AUTHORIZED : 0) | (clawback ? CLAWBACK_ENABLED : 0),
      ext: xdr.TrustLineEntryExt.v0(),
    }),
  );
}

export function trustlineHolding(data: xdr.LedgerEntryData): xdr.ScVal {
  if (data.type !== 'trustline') throw new Error(`expected a trustline, found ${data.type}`);
  const { balance, flags } = data.value;
  return tokenHolding.encode({
    amount: balance,
    authorized: (flags & AUTHORIZED) !== 0,
    clawback: (flags & CLAWBACK_ENABLED) !== 0,
  });
}
