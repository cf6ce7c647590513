import {
  Account,
  Contract,
  rpc,
  TransactionBuilder,
  xdr,
  type Keypair,
} from '@stellar/stellar-sdk';
import { ControlRefusal } from './control-refusal.js';
import type { LocalChain } from './local-chain.js';
import { simulate } from './simulation.js';
import type { SimulationReply } from './simulated-fee.js';

interface SignedWhen {
  readonly source: Keypair;
  /** Whether to close the ledger in which it lands; default true. */
  readonly close?: boolean | undefined;
  /** Lifts the limits of its ledger, because a set-up must not test a limit. */
  readonly roomy?: boolean | undefined;
}
export interface SignedCall extends SignedWhen {
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
}
export interface SignedOperation extends SignedWhen {
  readonly operation: xdr.Operation;
}
export interface LandedCall {
  readonly hash: string;
  /** null: no ledger has it yet */
  readonly succeeded: boolean | null;
  /** The contract's return value; undefined unless it succeeded. */
  readonly value: xdr.ScVal | undefined;
}

const LIFETIME_SECONDS = 3600;
/** Stroops; the going rate, where that is more. */
const INCLUSION_FEE = 1000n;

type Simulated = Exclude<SimulationReply, { readonly error: string }>;

/**
 * Simulates, signs and submits, as any wallet would, and closes the ledger in which it lands.
 * @throws ControlRefusal with the host's message when the contract refuses
 */
export const landCall = (chain: LocalChain, call: SignedCall): LandedCall =>
  landOperation(chain, { ...call, operation: operationOf(call) });

/**
 * The same for an operation that may carry authorizations.
 * @throws ControlRefusal with the host's message when it refuses
 */
export function landOperation(chain: LocalChain, call: SignedOperation): LandedCall {
  const draft = drafted(chain, call);
  const { results, transactionData, minResourceFee } = simulated(chain, draft);
  const transaction = rpc
    .assembleTransaction(draft, {
      id: '1',
      latestLedger: chain.head.sequence,
      transactionData,
      minResourceFee,
      events: [],
      results: results.map(({ auth, xdr: value }) => ({ auth: [...auth], xdr: value })),
    })
    .build();
  transaction.sign(call.source);
  const input = chain.readTransaction(transaction.toXdr());
  const answer = chain.submit(input);
  if (answer.status !== 'PENDING')
    throw new ControlRefusal(
      `the network answered ${answer.status}${answer.status === 'ERROR' ? ` ${answer.refusal.code}` : ''}`,
    );
  if (call.close ?? true) chain.closeLedger({ roomy: call.roomy ?? false });
  const record = chain.history.transaction(input.hash)?.record;
  return {
    hash: input.hash,
    succeeded: record?.succeeded ?? null,
    value: record?.succeeded ? returnValue(record.meta) : undefined,
  };
}

/**
 * The value that the contract would return now.
 * @throws ControlRefusal with the host's message when it would refuse
 */
export function tryCall(chain: LocalChain, call: SignedCall): xdr.ScVal {
  const [first] = simulated(
    chain,
    drafted(chain, { ...call, operation: operationOf(call) }),
  ).results;
  if (!first) throw new Error('a simulation without a result');
  return xdr.ScVal.fromXdr(first.xdr, 'base64');
}

const operationOf = ({ contract, fn, args }: SignedCall): xdr.Operation =>
  new Contract(contract).call(fn, ...args);

function drafted(
  chain: LocalChain,
  { source, operation }: Pick<SignedOperation, 'source' | 'operation'>,
): ReturnType<TransactionBuilder['build']> {
  const account = chain.account(source.publicKey());
  if (!account) throw new ControlRefusal(`no such account: ${source.publicKey()}`);
  const timebounds = { minTime: 0, maxTime: chain.clock() + LIFETIME_SECONDS };
  const bid = BigInt(chain.notes.surge?.soroban ?? 0);
  return new TransactionBuilder(new Account(source.publicKey(), String(account.sequence)), {
    fee: String(bid > INCLUSION_FEE ? bid : INCLUSION_FEE),
    networkPassphrase: chain.networkPassphrase,
    timebounds,
  })
    .addOperation(operation)
    .build();
}

function simulated(chain: LocalChain, draft: ReturnType<TransactionBuilder['build']>): Simulated {
  const reply = simulate(chain.readTransaction(draft.toXdr()), chain.state, chain.simulationPlace);
  if ('error' in reply) throw new ControlRefusal(reply.error);
  return reply;
}

function returnValue(meta: string): xdr.ScVal | undefined {
  const read = xdr.TransactionMeta.fromXdr(meta, 'base64');
  return read.type === 'v4' ? (read.value.sorobanMeta?.returnValue ?? undefined) : undefined;
}
