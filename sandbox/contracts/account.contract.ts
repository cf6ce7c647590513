import type { xdr } from '@stellar/stellar-sdk';
import { exported } from './exported-function.js';
import type { ContractCode } from './host.js';
import { bytes32, bytes64, type Codec, symbol, voidValue } from './scval.js';

const AccountError = { NoOwner: 1 } as const;

/** Instance key of the ed25519 key that owns the account. */
export const accountOwnerKey = symbol('KEY');

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
