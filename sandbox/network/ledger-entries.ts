import { createHash } from 'node:crypto';
import { Address, StrKey, xdr } from '@stellar/stellar-sdk';

/** A ledger key with its base64 form, which names the entry everywhere in the network. */
export interface EntryKey {
  readonly id: string;
  readonly key: xdr.LedgerKey;
}
export interface AccountFacts {
  readonly balance: bigint;
  readonly sequence: bigint;
  /** Absent: the account's own key signs, with weight 1. */
  readonly signing?: AccountSigning | undefined;
  /** Trustlines and data entries that operations made; absent: none. */
  readonly subEntries?: number | undefined;
  readonly homeDomain?: string | undefined;
}
export interface AccountSigning {
  /** Weight of the own key, then the low, medium and high threshold. */
  readonly thresholds: readonly [number, number, number, number];
  readonly signers: readonly { readonly key: string; readonly weight: number }[];
}

export const sha256 = (bytes: Uint8Array | string): Buffer =>
  createHash('sha256').update(bytes).digest();
export const base64 = (value: xdr.XdrValue): string => value.toXdr('base64');

const names = new WeakMap<xdr.ScVal, string>();
/**
 * Base64 of a storage key, kept with the value: comparing keys of instance maps took a third of a
 * simulation.
 */
export function storageName(key: xdr.ScVal): string {
  const known = names.get(key) ?? base64(key);
  names.set(key, known);
  return known;
}

const ids = new WeakMap<xdr.LedgerKey, string>();
/** The id is kept with the key, because a footprint's keys are asked for it many times. */
export function keyed(key: xdr.LedgerKey): EntryKey {
  const id = ids.get(key) ?? base64(key);
  ids.set(key, id);
  return { id, key };
}

export function accountIdOf(address: string): xdr.AccountId {
  return xdr.PublicKey.publicKeyTypeEd25519(StrKey.decodeEd25519PublicKey(address));
}

export function accountKey(address: string): EntryKey {
  return keyed(
    xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId: accountIdOf(address) })),
  );
}

export function contractDataKey(
  contract: string,
  key: xdr.ScVal,
  durability: 'persistent' | 'temporary',
): EntryKey {
  return keyed(
    xdr.LedgerKey.contractData(
      new xdr.LedgerKeyContractData({
        contract: new Address(contract).toScAddress(),
        key,
        durability: xdr.ContractDataDurability[durability],
      }),
    ),
  );
}

const INSTANCE_KEYS_KEPT_MAX = 10_000;
const instanceKeys = new Map<string, EntryKey>();
export function instanceKey(contract: string): EntryKey {
  const known =
    instanceKeys.get(contract) ??
    contractDataKey(contract, xdr.ScVal.scvLedgerKeyContractInstance(), 'persistent');
  if (instanceKeys.size < INSTANCE_KEYS_KEPT_MAX) instanceKeys.set(contract, known);
  return known;
}

export const codeKey = (wasmHash: Uint8Array): EntryKey =>
  keyed(
    xdr.LedgerKey.contractCode(new xdr.LedgerKeyContractCode({ hash: new xdr.Hash(wasmHash) })),
  );

export const codeEntry = (wasmHash: Uint8Array, code: Uint8Array): xdr.LedgerEntryData =>
  xdr.LedgerEntryData.contractCode(
    new xdr.ContractCodeEntry({ ext: xdr.ContractCodeEntryExt.v0(), hash: wasmHash, code }),
  );

const OWN_KEY_ONLY = [1, 0, 0, 0] as const;

export function accountEntry(address: string, facts: AccountFacts): xdr.LedgerEntryData {
  return xdr.LedgerEntryData.account(
    new xdr.AccountEntry({
      accountId: accountIdOf(address),
      balance: facts.balance,
      seqNum: facts.sequence,
      numSubEntries: (facts.signing?.signers.length ?? 0) + (facts.subEntries ?? 0),
      inflationDest: null,
      flags: 0,
      homeDomain: facts.homeDomain ?? '',
      thresholds: Uint8Array.from(facts.signing?.thresholds ?? OWN_KEY_ONLY),
      signers: (facts.signing?.signers ?? []).map(
        ({ key, weight }) =>
          new xdr.Signer({
            key: xdr.SignerKey.signerKeyTypeEd25519(StrKey.decodeEd25519PublicKey(key)),
            weight,
          }),
      ),
      ext: xdr.AccountEntryExt.v0(),
    }),
  );
}

export function accountData(data: xdr.LedgerEntryData): xdr.AccountEntry {
  if (data.type !== 'account') throw new Error(`expected an account entry, found ${data.type}`);
  return data.value;
}

export function accountFacts(data: xdr.LedgerEntryData): AccountFacts {
  const account = accountData(data);
  const [own = 1, low = 0, medium = 0, high = 0] = account.thresholds.toBytes();
  const plain = account.signers.length === 0 && own === 1 && low + medium + high === 0;
  const subEntries = account.numSubEntries - account.signers.length;
  const homeDomain = account.homeDomain.toString();
  const facts = {
    balance: account.balance,
    sequence: account.seqNum,
    ...(subEntries > 0 && { subEntries }),
    ...(homeDomain !== '' && { homeDomain }),
  };
  if (plain) return facts;
  const signers = account.signers.flatMap(({ key, weight }) =>
    key.type === 'signerKeyTypeEd25519'
      ? [{ key: StrKey.encodeEd25519PublicKey(key.value.toBytes()), weight }]
      : [],
  );
  return { ...facts, signing: { thresholds: [own, low, medium, high], signers } };
}

/** The data entry that a contract data key names. */
export function contractDataEntry(key: xdr.LedgerKey, value: xdr.ScVal): xdr.LedgerEntryData {
  if (key.type !== 'contractData')
    throw new Error(`expected a contract data key, found ${key.type}`);
  const { contract, key: name, durability } = key.value;
  return xdr.LedgerEntryData.contractData(
    new xdr.ContractDataEntry({
      ext: xdr.ExtensionPoint.v0(),
      contract,
      key: name,
      durability,
      val: value,
    }),
  );
}

export function contractDataValue(data: xdr.LedgerEntryData): xdr.ScVal {
  if (data.type !== 'contractData')
    throw new Error(`expected a contract data entry, found ${data.type}`);
  return data.value.val;
}

export function instanceValue(wasmHash: Uint8Array, storage: readonly xdr.ScMapEntry[]): xdr.ScVal {
  return xdr.ScVal.scvContractInstance(
    new xdr.ScContractInstance({
      executable: xdr.ContractExecutable.contractExecutableWasm(wasmHash),
      storage: storage.length ? [...storage] : null,
    }),
  );
}

/** An asset contract: its code is part of the host. */
export const assetInstanceValue = (storage: readonly xdr.ScMapEntry[]): xdr.ScVal =>
  xdr.ScVal.scvContractInstance(
    new xdr.ScContractInstance({
      executable: xdr.ContractExecutable.contractExecutableStellarAsset(),
      storage: [...storage],
    }),
  );

export function instanceOf(data: xdr.LedgerEntryData): xdr.ScContractInstance {
  const value = contractDataValue(data);
  if (value.type !== 'scvContractInstance')
    throw new Error(`expected a contract instance, found ${value.type}`);
  return value.value;
}

/**
 * The C address of a contract that `deployer` creates with this salt, derived as on the network.
 */
export function contractAddress(
  networkPassphrase: string,
  deployer: string,
  salt: Uint8Array,
): string {
  const preimage = xdr.HashIdPreimage.envelopeTypeContractId(
    new xdr.HashIdPreimageContractId({
      networkId: new xdr.Hash(sha256(networkPassphrase)),
      contractIdPreimage: xdr.ContractIdPreimage.contractIdPreimageFromAddress(
        new xdr.ContractIdPreimageFromAddress({
          address: new Address(deployer).toScAddress(),
          salt: new xdr.Uint256Bytes(salt),
        }),
      ),
    }),
  );
  return StrKey.encodeContract(sha256(preimage.toXdr()));
}
