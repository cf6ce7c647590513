import { setTimeout as wait } from 'node:timers/promises';
import { rpc, type Transaction, xdr } from '@stellar/stellar-sdk';

/** What became of a signed transaction on the chain. */
export type Fate =
  | { readonly kind: 'landed' }
  /** It is in a ledger and failed: its sender has paid, stroops. */
  | { readonly kind: 'burnt'; readonly fee: bigint }
  | { readonly kind: 'refused' }
  | { readonly kind: 'missing' };

const LOOK_AGAIN_MS = 500;
const TRIES = 20;

/** Submits as wallets do: again while the node asks to try again later. */
export async function submitted(server: rpc.Server, signed: Transaction): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { status } = await server.sendTransaction(signed);
    if (status === 'PENDING' || status === 'DUPLICATE') return true;
    if (status === 'ERROR') return false;
    await wait(LOOK_AGAIN_MS);
  }
  return false;
}

export const hashOf = (transaction: Transaction): string =>
  xdr.encodeBytes(transaction.hash(), 'hex');

export async function fateOf(server: rpc.Server, hash: string, limitMs: number): Promise<Fate> {
  const until = performance.now() + limitMs;
  for (;;) {
    const reply = await server.getTransaction(hash);
    if (reply.status === rpc.Api.GetTransactionStatus.SUCCESS) return { kind: 'landed' };
    if (reply.status === rpc.Api.GetTransactionStatus.FAILED)
      return { kind: 'burnt', fee: BigInt(reply.resultXdr.feeCharged) };
    if (performance.now() > until) return { kind: 'missing' };
    await wait(LOOK_AGAIN_MS);
  }
}
