import { TransactionBuilder, xdr, type Transaction } from '@stellar/stellar-sdk';
import { addressedEntry } from './authorization-entry.js';
import type { AuthorizationsLookup, NonceKey } from './authorizations.js';
import { decodeReply, unreachable } from './chain-trouble.js';
import type { TransactionReply } from './rpc-replies.js';

const METHOD = 'getTransaction';

/**
 * The authorizations by address in a transaction's envelope, also inside a fee bump.
 * @throws HoldfastError CHAIN_UNREACHABLE also when the envelope has another hash
 */
export function authorizationsOf(
  reply: TransactionReply,
  { hash, networkPassphrase }: { readonly hash: string; readonly networkPassphrase: string },
): AuthorizationsLookup {
  if (reply.status === 'NOT_FOUND') return { found: false, oldestLedger: reply.oldestLedger };
  const { envelopeXdr } = reply;
  if (envelopeXdr === undefined)
    throw unreachable(METHOD, 'a transaction came without its envelope.');
  const parsed = decodeReply(METHOD, () =>
    TransactionBuilder.fromXdr(envelopeXdr, networkPassphrase),
  );
  const inner = 'innerTransaction' in parsed ? parsed.innerTransaction : parsed;
  const hashes = [parsed, inner].map((each) => xdr.encodeBytes(each.hash(), 'hex'));
  if (!hashes.includes(hash))
    throw unreachable(METHOD, `the envelope that came for ${hash} has another hash.`);
  return {
    found: true,
    ledger: reply.ledger,
    succeeded: reply.status === 'SUCCESS',
    innerHash: parsed === inner ? null : (hashes[1] ?? null),
    authorizations: decodeReply(METHOD, () => addressedIn(inner)),
  };
}

const addressedIn = ({ operations }: Transaction): NonceKey[] =>
  operations
    .flatMap((operation) => (operation.type === 'invokeHostFunction' ? (operation.auth ?? []) : []))
    .flatMap((entry) => {
      const addressed = addressedEntry(entry);
      return addressed ? [{ address: addressed.address, nonce: addressed.nonce }] : [];
    });
