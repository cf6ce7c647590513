import {
  Account,
  Contract,
  scValToNative,
  StrKey,
  TransactionBuilder,
  xdr,
} from '@stellar/stellar-sdk';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { RpcClient } from './rpc-client.js';
import { simulationReply, type SimulationReply } from './rpc-replies.js';

const METHOD = 'simulateTransaction';
/**
 * Simulation needs a source but no existing account; it ignores sequence, time bounds and
 * signatures (docs/stellar.md#simulation).
 */
export const ZERO_ACCOUNT = StrKey.encodeEd25519PublicKey(new Uint8Array(32));

export const simulate = (rpc: RpcClient, transaction: string): Promise<SimulationReply> =>
  rpc.call(METHOD, { transaction }, simulationReply);

export interface ViewCall {
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
  readonly networkPassphrase: string;
}

/**
 * Calls a reader of a contract by simulation.
 * @throws HoldfastError CHAIN_UNREACHABLE also when the contract refuses: a reader has no reason to
 * refuse
 */
export async function callReader(
  rpc: RpcClient,
  call: ViewCall,
): Promise<{ readonly ledger: number; readonly value: unknown }> {
  const reply = await tryReader(rpc, call);
  if ('failure' in reply)
    throw unreachable(METHOD, `${call.fn}() of ${call.contract} failed: ${reply.failure}`);
  return reply;
}

/**
 * The same for a reader that may refuse. `failure` is the first line of the node's log.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function tryReader(
  rpc: RpcClient,
  call: ViewCall,
): Promise<
  { readonly ledger: number } & ({ readonly value: unknown } | { readonly failure: string })
> {
  const transaction = new TransactionBuilder(new Account(ZERO_ACCOUNT, '0'), {
    fee: '100',
    networkPassphrase: call.networkPassphrase,
    timebounds: { minTime: 0, maxTime: 0 },
  })
    .addOperation(new Contract(call.contract).call(call.fn, ...call.args))
    .build();
  const reply = await simulate(rpc, transaction.toXdr());
  if (reply.error !== undefined)
    return { ledger: reply.latestLedger, failure: firstLine(reply.error) };
  if (reply.restorePreamble)
    throw unreachable(
      METHOD,
      `${call.fn}() of ${call.contract} needs archived entries restored first.`,
    );
  const result = reply.results[0];
  if (!result) throw unreachable(METHOD, `${call.fn}() of ${call.contract} returned nothing.`);
  return {
    ledger: reply.latestLedger,
    value: decodeReply(METHOD, (): unknown =>
      scValToNative(xdr.ScVal.fromXdr(result.xdr, 'base64')),
    ),
  };
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').slice(0, 200);
