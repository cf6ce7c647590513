import { Address, Contract, Keypair, scValToNative, StrKey, xdr } from '@stellar/stellar-sdk';
import { decodeReply, unreachable, unreadable } from './chain-trouble.js';
import type { RpcClient } from './rpc-client.js';
import { entriesReply } from './rpc-replies.js';

const METHOD = 'getLedgerEntries';
/** Most keys of one getLedgerEntries (docs/stellar.md#get-ledger-entries). */
const KEYS_MAX = 200;

/**
 * Entries of one reply, by the base64 of their key: figures of two replies are never mixed
 * (docs/protocol.md#snapshots-only-move-forward).
 */
export interface LedgerEntries {
  readonly ledger: number;
  entry(key: xdr.LedgerKey): xdr.LedgerEntryData | undefined;
  /**
   * The last ledger in which the entry lives; 0: it is archived. Undefined: not in the reply, an
   * entry without a lifetime, or a node that does not say.
   */
  liveUntil(key: xdr.LedgerKey): number | undefined;
  /** Undefined: not in the reply, or a node that does not say. */
  lastModified(key: xdr.LedgerKey): number | undefined;
}

export async function readEntries(
  rpc: RpcClient,
  keys: readonly xdr.LedgerKey[],
): Promise<LedgerEntries> {
  const reply = await rpc.call(
    METHOD,
    { keys: keys.map((key) => key.toXdr('base64')) },
    entriesReply,
  );
  const found = new Map(reply.entries.map((entry) => [entry.key, entry]));
  return {
    ledger: reply.latestLedger,
    lastModified: (key) => found.get(key.toXdr('base64'))?.lastModifiedLedgerSeq,
    liveUntil: (key) => found.get(key.toXdr('base64'))?.liveUntilLedgerSeq,
    entry: (key) => {
      const encoded = found.get(key.toXdr('base64'))?.xdr;
      return encoded === undefined
        ? undefined
        : decodeReply(METHOD, () => xdr.LedgerEntryData.fromXdr(encoded, 'base64'));
    },
  };
}

/** For any number of items, what the reply with its key says of each: one reply for each batch. */
export async function readInBatches<Item, Found>(
  rpc: RpcClient,
  items: readonly Item[],
  of: {
    readonly key: (item: Item) => xdr.LedgerKey;
    readonly found: (entries: LedgerEntries, item: Item) => Found;
  },
): Promise<Found[]> {
  const found: Found[] = [];
  for (let from = 0; from < items.length; from += KEYS_MAX) {
    const part = items.slice(from, from + KEYS_MAX);
    const entries = await readEntries(rpc, part.map(of.key));
    found.push(...part.map((item) => of.found(entries, item)));
  }
  return found;
}

export const accountKey = (address: string): xdr.LedgerKey =>
  xdr.LedgerKey.account(
    new xdr.LedgerKeyAccount({ accountId: Keypair.fromPublicKey(address).xdrAccountId() }),
  );

export const instanceKey = (contract: string): xdr.LedgerKey =>
  new Contract(contract).getFootprint();

export const persistentKey = (contract: string, key: xdr.ScVal): xdr.LedgerKey =>
  xdr.LedgerKey.contractData(
    new xdr.LedgerKeyContractData({
      contract: new Address(contract).toScAddress(),
      durability: xdr.ContractDataDurability.persistent,
      key,
    }),
  );

/** Exists once the nonce was spent (docs/stellar.md#spent-nonces). */
export const nonceKey = (address: string, nonce: bigint): xdr.LedgerKey =>
  xdr.LedgerKey.contractData(
    new xdr.LedgerKeyContractData({
      contract: new Address(address).toScAddress(),
      durability: xdr.ContractDataDurability.temporary,
      key: xdr.ScVal.scvLedgerKeyNonce(new xdr.ScNonceKey({ nonce })),
    }),
  );

/**
 * Where a Stellar Asset Contract, and most tokens like it, keep the balance of a contract
 * (docs/stellar.md#token-balance).
 */
export const balanceKey = (token: string, holder: string): xdr.LedgerKey =>
  persistentKey(
    token,
    xdr.ScVal.scvVec([xdr.ScVal.scvSymbol('Balance'), new Address(holder).toScVal()]),
  );

export interface Instance {
  readonly executable:
    | { readonly kind: 'wasm'; readonly hash: string }
    | { readonly kind: 'stellar_asset' }
    /** The entry of another contract that names the code. */
    | { readonly kind: 'reference'; readonly owner: string; readonly key: xdr.LedgerKey };
  /** Decoded values of the instance storage by symbol key. */
  readonly storage: ReadonlyMap<string, unknown>;
}

/**
 * The contract instance, or undefined when the reply lacks it.
 * @throws HoldfastError CHAIN_UNREACHABLE also when it cannot be decoded
 */
export function instanceIn(entries: LedgerEntries, contract: string): Instance | undefined {
  try {
    return decodedInstance(entries, contract);
  } catch (thrown) {
    throw unreachable(
      METHOD,
      `the instance of the contract ${contract} cannot be decoded. A later version of the protocol ` +
        'may have written it; a version of this service that knows it is needed then.',
      thrown,
    );
  }
}
function decodedInstance(entries: LedgerEntries, contract: string): Instance | undefined {
  const entry = entries.entry(instanceKey(contract));
  if (!entry) return undefined;
  if (entry.type !== 'contractData' || entry.value.val.type !== 'scvContractInstance')
    throw new Error('not a contract instance');
  const { executable, storage } = entry.value.val.value;
  const pairs = (storage ?? [])
    .filter((pair) => pair.key.type === 'scvSymbol')
    .map((pair): [string, unknown] => [String(scValToNative(pair.key)), scValToNative(pair.val)]);
  return { executable: executableOf(executable), storage: new Map(pairs) };
}

/** Those of the contracts that the reply carries. @throws HoldfastError CHAIN_UNREACHABLE */
export const instancesIn = (
  entries: LedgerEntries,
  contracts: readonly string[],
): Map<string, Instance> =>
  new Map(
    contracts.flatMap((contract) => {
      const instance = instanceIn(entries, contract);
      return instance ? [[contract, instance] as const] : [];
    }),
  );

/** @throws HoldfastError CHAIN_UNREACHABLE also when the reply lacks it */
function presentInstance(entries: LedgerEntries, contract: string, called: string): Instance {
  const instance = instanceIn(entries, contract);
  if (!instance)
    throw unreachable(
      METHOD,
      `the reply does not carry the ${called} ${contract}; it does not exist on this network, or ` +
        'the node lags.',
      undefined,
      { absentContract: contract },
    );
  return instance;
}
export const contractIn = (entries: LedgerEntries, contract: string): Instance =>
  presentInstance(entries, contract, 'contract');
export const poolIn = (entries: LedgerEntries, pool: string): Instance =>
  presentInstance(entries, pool, 'pool contract');
export const lenderIn = (entries: LedgerEntries, lender: string): Instance =>
  presentInstance(entries, lender, 'lending contract');

function executableOf(executable: xdr.ContractExecutable): Instance['executable'] {
  switch (executable.type) {
    case 'contractExecutableWasm':
      return { kind: 'wasm', hash: xdr.encodeBytes(executable.value.toBytes(), 'hex') };
    case 'contractExecutableStellarAsset':
      return { kind: 'stellar_asset' };
    case 'contractExecutableExternalRef': {
      const { executableOwner, tag } = executable.value;
      const owner = Address.fromScAddress(executableOwner).toString();
      return {
        kind: 'reference',
        owner,
        key: persistentKey(owner, xdr.ScVal.scvExecutableTag(tag)),
      };
    }
  }
}

/** An integer of the instance storage; `absent` when the contract never wrote it. */
export function storedInteger(instance: Instance, key: string, absent: bigint): bigint {
  const value = instance.storage.get(key);
  if (value === undefined) return absent;
  if (typeof value !== 'bigint') throw unreadable(`the contract's ${key} is not an integer.`);
  return value;
}

/** Undefined when the contract never wrote it. */
export function linkedAddress(instance: Instance, key: string): string | undefined {
  const found = storedAddress(instance, key);
  if (found === undefined && instance.storage.has(key))
    throw unreadable(`the contract's ${key} is not the address of a contract.`);
  return found;
}

/** False when the contract never wrote it. */
export function storedFlag(instance: Instance, key: string): boolean {
  const value = knownFlag(instance, key);
  if (value === null) throw unreadable(`the contract's ${key} is no yes or no.`);
  return value;
}

/**
 * Null: not known, because the reply lacks the instance or the value is no yes or no. False when the
 * contract never wrote it.
 */
export function knownFlag(instance: Instance | undefined, key: string): boolean | null {
  const value = instance && (instance.storage.get(key) ?? false);
  return typeof value === 'boolean' ? value : null;
}

/** Undefined also for a value that is no address: only for what refuses either in the same way. */
export function storedAddress(instance: Instance, key: string): string | undefined {
  const value = instance.storage.get(key);
  return typeof value === 'string' && StrKey.isValidContract(value) ? value : undefined;
}

/** The balance in a token's entry: the asset contract's map {amount, ...} or a bare i128. */
export function balanceIn(entry: xdr.LedgerEntryData): bigint {
  return decodeReply(METHOD, () => {
    if (entry.type !== 'contractData') throw new Error('not contract data');
    const value: unknown = scValToNative(entry.value.val);
    const amount =
      typeof value === 'object' && value !== null && 'amount' in value ? value.amount : value;
    if (typeof amount !== 'bigint') throw unreadable('the balance in a token is not an amount.');
    return amount;
  });
}

export interface AccountEntry {
  readonly sequence: bigint;
  readonly signers: readonly string[];
  /** The same signers with their weights. */ readonly weights: readonly {
    readonly address: string;
    readonly weight: number;
  }[];
  /** Of signers that are no keys: transactions signed in advance, hashes, signed payloads. */
  readonly otherWeight: number;
  readonly mediumThreshold: number;
  /** Stroops. */ readonly balance: bigint;
}

/**
 * Sequence, and the ed25519 signers of weight above 0, with the master key while it has weight.
 * Other kinds of signers cannot sign an envelope hash.
 */
export function accountIn(entries: LedgerEntries, address: string): AccountEntry | null {
  const entry = entries.entry(accountKey(address));
  if (!entry) return null;
  return decodeReply(METHOD, () => {
    if (entry.type !== 'account') throw new Error('not an account');
    const { seqNum, thresholds, signers, balance } = entry.value;
    const [masterWeight = 0, , mediumThreshold = 0] = thresholds.toBytes();
    const others = signers.flatMap(({ key, weight }) =>
      key.type === 'signerKeyTypeEd25519'
        ? [{ address: StrKey.encodeEd25519PublicKey(key.value.toBytes()), weight }]
        : [],
    );
    const otherWeight = signers
      .filter(({ key }) => key.type !== 'signerKeyTypeEd25519')
      .reduce((sum, { weight }) => sum + weight, 0);
    const weights = [{ address, weight: masterWeight }, ...others].filter(
      ({ weight }) => weight > 0,
    );
    return {
      sequence: seqNum,
      signers: weights.map((signer) => signer.address),
      weights,
      otherWeight,
      mediumThreshold,
      balance,
    };
  });
}
