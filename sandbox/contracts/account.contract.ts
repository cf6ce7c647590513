import { xdr } from '@stellar/stellar-sdk';
import { exported } from './exported-function.js';
import type { ContractCode } from './host.js';
import { bytes32, type Codec, ScValTypeError, symbol, voidValue } from './scval.js';

const AccountError = { NoOwner: 1 } as const;

/** Instance key of the ed25519 key that owns the account. */
export const accountOwnerKey = symbol('KEY');

const bytes64: Codec<Uint8Array> = {
  encode: (value) => xdr.ScVal.scvBytes(value),
  decode: (value) => {
    const bytes = value.type === 'scvBytes' ? value.value.toBytes() : undefined;
    if (bytes?.length !== 64) throw new ScValTypeError('64 bytes', value);
    return bytes;
  },
  type: xdr.ScSpecTypeDef.scSpecTypeBytesN(new xdr.ScSpecTypeBytesN({ n: 64 })),
};
const anything: Codec<xdr.ScVal> = { encode: (value) => value, decode: (value) => value };

/**
 * The smallest contract account (smart wallet): one ed25519 key signs for any call. The signature
 * is the bare 64 bytes.
 */
export const accountContract: ContractCode = {
  name: 'account',
  errors: AccountError,
  functions: {
    __check_auth: exported(
      [bytes32, bytes64, anything],
      (host, [payload, signature, _contexts]) => {
        const owner = host.read('instance', accountOwnerKey) ?? host.fail(AccountError.NoOwner);
        host.verifySignature(bytes32.decode(owner), payload, signature);
        return voidValue();
      },
    ),
  },
};
