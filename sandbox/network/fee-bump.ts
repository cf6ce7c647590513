import { FeeBumpTransaction, TransactionBuilder, type Keypair } from '@stellar/stellar-sdk';
import { ControlRefusal } from './control-refusal.js';
import type { LocalChain } from './local-chain.js';

export interface LandedBump {
  /** outer */
  readonly hash: string;
  readonly innerHash: string;
  /** null: no ledger has it yet */
  readonly succeeded: boolean | null;
}

/**
 * Wraps a signed transaction, as any wallet may, and submits it.
 * @throws ControlRefusal when it is no plain signed transaction, or the network refuses it
 */
export function landFeeBump(
  chain: LocalChain,
  sponsor: Keypair,
  request: { envelope: string; baseFee: string; close: boolean },
): LandedBump {
  const inner = readPlain(chain, request.envelope);
  const bump = TransactionBuilder.buildFeeBumpTransaction(
    sponsor,
    request.baseFee,
    inner,
    chain.networkPassphrase,
  );
  bump.sign(sponsor);
  const input = chain.readTransaction(bump.toXdr());
  const answer = chain.submit(input);
  if (answer.status !== 'PENDING')
    throw new ControlRefusal(
      `the network answered ${answer.status}` +
        (answer.status === 'ERROR'
          ? ` ${answer.refusal.code}${answer.refusal.ofInner ? ' for the transaction inside' : ''}`
          : ''),
    );
  if (request.close) chain.closeLedger();
  return {
    hash: input.hash,
    innerHash: input.bump?.innerHash ?? input.hash,
    succeeded: chain.history.transaction(input.hash)?.record.succeeded ?? null,
  };
}

function readPlain(
  chain: LocalChain,
  envelope: string,
): Exclude<ReturnType<typeof TransactionBuilder.fromXdr>, FeeBumpTransaction> {
  let parsed: ReturnType<typeof TransactionBuilder.fromXdr>;
  try {
    parsed = TransactionBuilder.fromXdr(envelope, chain.networkPassphrase);
  } catch {
    throw new ControlRefusal('the envelope is not a transaction');
  }
  if (parsed instanceof FeeBumpTransaction)
    throw new ControlRefusal('the envelope is a fee bump already');
  return parsed;
}
