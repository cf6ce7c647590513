import { StrKey, xdr } from '@stellar/stellar-sdk';
import { isSignatureBy } from '../../src/common/ed25519.js';
import type { AuthorizationPlace } from './authorization.js';
import { HostFailure } from './host-failure.js';
import { accountData, accountKey } from './ledger-entries.js';

const SIGNATURES_MAX = 20;
/** The medium threshold is the third byte, the weight of the master key the first. */
const MASTER = 0;
const MEDIUM = 2;
/** The host's own number for a failed authentication of an account. */
const AUTHENTICATION_ERROR = 5;

/**
 * Checks the signatures of an account that is no contract: a list of `{public_key, signature}`,
 * ordered by key, of its signers, whose weights reach its medium threshold.
 * @throws HostFailure with the host's error and words
 */
export function checkAccountSignatures(
  address: string,
  payload: Uint8Array,
  signature: xdr.ScVal,
  place: AuthorizationPlace,
): void {
  if (signature.type !== 'scvVec') throw unexpectedType();
  const list = signature.value ?? [];
  if (list.length > SIGNATURES_MAX)
    throw refused('too many account signers', xdr.ScVal.scvU32(list.length));
  if (list.length === 0) throw refused('no account signatures found');
  const account = loadedAccount(address, place);
  let weight = 0;
  let previous: Uint8Array | undefined;
  for (const item of list) {
    const { key, bytes } = readSignature(item);
    if (previous && Buffer.compare(previous, key) >= 0)
      throw refused(
        'public keys are not ordered',
        xdr.ScVal.scvBytes(previous),
        xdr.ScVal.scvBytes(key),
      );
    verifyEd25519(key, payload, bytes);
    const own = weightOf(address, key, account);
    if (own === 0) throw refused('signer does not belong to account', xdr.ScVal.scvBytes(key));
    weight += own;
    previous = key;
  }
  const threshold = account.thresholds.toBytes()[MEDIUM] ?? 0;
  if (weight < threshold)
    throw refused(
      'signature weight is lower than threshold',
      xdr.ScVal.scvU32(weight),
      xdr.ScVal.scvU32(threshold),
    );
}

/** @throws HostFailure Error(Crypto, InvalidInput) */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  if (isSignatureBy(key, message, signature)) return;
  throw new HostFailure(xdr.ScError.sceCrypto(xdr.ScErrorCode.scecInvalidInput), {
    data: xdr.ScVal.scvString('failed ED25519 verification'),
    hostFunction: 'verify_sig_ed25519',
  });
}

function loadedAccount(address: string, place: AuthorizationPlace): xdr.AccountEntry {
  const key = accountKey(address);
  place.access.touch(key, 'read');
  const stored = place.state.get(key.id);
  if (stored) return accountData(stored.data);
  throw new HostFailure(xdr.ScError.sceStorage(xdr.ScErrorCode.scecMissingValue), {
    data: xdr.ScVal.scvVec([xdr.ScVal.scvString('account is missing')]),
    hostFunction: null,
  });
}

function weightOf(address: string, key: Uint8Array, account: xdr.AccountEntry): number {
  if (StrKey.encodeEd25519PublicKey(key) === address)
    return account.thresholds.toBytes()[MASTER] ?? 0;
  const signer = account.signers.find(
    ({ key: own }) =>
      own.type === 'signerKeyTypeEd25519' && Buffer.from(own.value.toBytes()).equals(key),
  );
  return Math.min(signer?.weight ?? 0, 255);
}

function readSignature(item: xdr.ScVal): { readonly key: Uint8Array; readonly bytes: Uint8Array } {
  if (item.type !== 'scvMap') throw unexpectedType();
  const fields = item.value ?? [];
  if (fields.length !== 2)
    throw new HostFailure(xdr.ScError.sceObject(xdr.ScErrorCode.scecUnexpectedSize), {
      data: xdr.ScVal.scvString(
        'differing host map and output slice lengths when unpacking map to slice',
      ),
      hostFunction: null,
    });
  const bytesOf = (at: number, name: string, length: number): Uint8Array => {
    const field = fields[at];
    const named = field?.key.type === 'scvSymbol' && field.key.value.toString() === name;
    const bytes = named && field.val.type === 'scvBytes' ? field.val.value.toBytes() : undefined;
    if (bytes?.length !== length) throw unexpectedType();
    return bytes;
  };
  return { key: bytesOf(0, 'public_key', 32), bytes: bytesOf(1, 'signature', 64) };
}

/** The host converts the value without a line in the log. */
const unexpectedType = (): HostFailure =>
  new HostFailure(xdr.ScError.sceValue(xdr.ScErrorCode.scecUnexpectedType));

const refused = (words: string, ...details: readonly xdr.ScVal[]): HostFailure =>
  new HostFailure(xdr.ScError.sceContract(AUTHENTICATION_ERROR), {
    data:
      details.length === 0
        ? xdr.ScVal.scvString(words)
        : xdr.ScVal.scvVec([xdr.ScVal.scvString(words), ...details]),
    hostFunction: null,
  });
