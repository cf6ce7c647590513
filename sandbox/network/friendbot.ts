import { Account, Operation, StrKey, TransactionBuilder } from '@stellar/stellar-sdk';
import { json, type Reply } from './http-listener.js';
import type { LocalChain } from './local-chain.js';
import { BASE_FEE, FRIENDBOT_GRANT } from './network-limits.js';

const STROOPS_PER_LUMEN = 10_000_000n;

/**
 * Creates an account with 10,000 lumens by a real transaction of the root account, and closes the
 * ledger in which it lands.
 */
export function friendbot(chain: LocalChain, address: string | null): Reply {
  if (address === null || !StrKey.isValidEd25519PublicKey(address))
    return json(400, {
      status: 400,
      title: 'Bad Request',
      detail: 'addr must be an account address (G...)',
    });
  const root = chain.root.publicKey();
  const account = chain.account(root);
  if (!account) throw new Error('the root account is missing');
  const transaction = new TransactionBuilder(new Account(root, String(account.sequence)), {
    fee: chain.notes.surge?.classic ?? String(BASE_FEE),
    networkPassphrase: chain.networkPassphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(
      Operation.createAccount({
        destination: address,
        startingBalance: String(FRIENDBOT_GRANT / STROOPS_PER_LUMEN),
      }),
    )
    .build();
  transaction.sign(chain.root);
  if (chain.account(address))
    return json(400, {
      status: 400,
      title: 'Bad Request',
      detail: 'createAccountAlreadyExist (account already funded to starting balance)',
    });
  const input = chain.readTransaction(transaction.toXdr());
  const answer = chain.submit(input);
  if (answer.status !== 'PENDING')
    return json(502, {
      status: 502,
      title: 'Bad Gateway',
      detail: `the network answered ${answer.status}`,
    });
  chain.closeLedger();
  const kept = chain.history.transaction(input.hash);
  if (!kept?.record.succeeded)
    return json(504, {
      status: 504,
      title: 'Timeout',
      detail: 'the transaction did not land in the next ledger',
    });
  return json(200, {
    successful: true,
    hash: input.hash,
    ledger: kept.ledger.sequence,
    envelope_xdr: kept.record.envelope,
    result_xdr: kept.record.result,
    result_meta_xdr: kept.record.meta,
  });
}
