import {
  Account,
  SorobanDataBuilder,
  TransactionBuilder,
  xdr,
  type Transaction,
} from '@stellar/stellar-sdk';
import { decodeReply } from './chain-trouble.js';
import type { RpcClient } from './rpc-client.js';
import { simulate } from './simulation.js';

const FEE_PERCENT = 110n;

export interface FootprintOperation {
  readonly operation: xdr.Operation;
  readonly footprint: xdr.SorobanTransactionData;
  /** The source's sequence now; the transaction uses the next one. */
  readonly source: { readonly address: string; readonly sequence: bigint };
  readonly networkPassphrase: string;
  /** Stroops. */
  readonly inclusionFee: bigint;
}
export interface FootprintTransaction {
  readonly data: xdr.SorobanTransactionData;
  readonly xdr: string;
  /** Stroops, at most. */
  readonly fee: bigint;
}

/**
 * An unsigned transaction of one operation on entries, with the resources that a simulation gives
 * and a tenth more fee. Null when the node returns no figures for it.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function footprintTransaction(
  rpc: RpcClient,
  request: FootprintOperation,
): Promise<FootprintTransaction | null> {
  const { operation, footprint, source, networkPassphrase, inclusionFee } = request;
  const built = (sorobanData: xdr.SorobanTransactionData): Transaction =>
    new TransactionBuilder(new Account(source.address, source.sequence.toString()), {
      fee: String(inclusionFee),
      networkPassphrase,
      timebounds: { minTime: 0, maxTime: 0 },
      sorobanData,
    })
      .addOperation(operation)
      .build();
  const reply = await simulate(rpc, built(footprint).toXdr());
  const { transactionData, minResourceFee } = reply;
  if (reply.error !== undefined || transactionData === undefined || minResourceFee === undefined)
    return null;
  return decodeReply('simulateTransaction', () => {
    const data = xdr.SorobanTransactionData.fromXdr(transactionData, 'base64');
    const resourceFee = (BigInt(minResourceFee) * FEE_PERCENT) / 100n;
    const final = built(
      new SorobanDataBuilder(data).setResourceFee(resourceFee.toString()).build(),
    );
    return { data, xdr: final.toXdr(), fee: BigInt(final.fee) };
  });
}
