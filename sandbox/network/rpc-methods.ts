import { xdr } from '@stellar/stellar-sdk';
import { getFeeStats } from './fee-stats.js';
import { getEvents } from './rpc-events.js';
import { getLedgers } from './rpc-ledgers.js';
import { getTransaction, getTransactions } from './rpc-transactions.js';
import { wantsJson, withJson } from './xdr-as-json.js';
import {
  invalidParams,
  RPC_CODES,
  RpcError,
  textParam,
  type RpcMethod,
  type RpcParams,
} from './json-rpc.js';
import { isArchived } from './entry-lifetime.js';
import { base64, keyed } from './ledger-entries.js';
import { closeMeta, ledgerHeader, versionOf } from './ledger-header.js';
import type { SubmissionFault } from './faults.js';
import type { LocalChain, Submitted } from './local-chain.js';
import { wholeView, type NodeView } from './node-view.js';
import {
  BASE_FEE,
  HEALTH_LATENCY_SECONDS_MAX,
  LEDGER_KEYS_MAX,
  RETENTION_LEDGERS,
} from './network-limits.js';
import { simulate } from './simulation.js';
import type { TransactionInput } from './transaction-input.js';
import { refused } from './transaction-results.js';

export interface RpcFacts {
  readonly friendbotUrl: () => string;
  /** Whether a timer closes ledgers: only then can the chain be late. */
  readonly timed: () => boolean;
}

type NodeMethod = (view: NodeView, params: RpcParams) => unknown;

/**
 * The methods of Stellar RPC, with its reply shapes and wire types (docs/stellar.md#rpc). The node
 * that answers a call knows as much as the active faults allow.
 */
export function rpcMethods(chain: LocalChain, facts: RpcFacts): ReadonlyMap<string, RpcMethod> {
  const methods: Readonly<Record<string, NodeMethod>> = {
    getHealth: (view) => getHealth(chain, view, facts),
    getNetwork: (view) => ({
      friendbotUrl: facts.friendbotUrl(),
      passphrase: view.passphrase,
      protocolVersion: versionOf(view.head),
    }),
    getVersionInfo: (view) => ({
      version: '27.1.1-holdfast-model',
      commitHash: '',
      buildTimestamp: '',
      captiveCoreVersion: 'none: a model of the network',
      protocolVersion: versionOf(view.head),
    }),
    getLatestLedger,
    getLedgerEntries: (view, params) => getLedgerEntries(chain, view, params),
    simulateTransaction: (view, params) => simulateTransaction(chain, view, params),
    sendTransaction: (view, params) => sendTransaction(chain, view, params),
    getTransaction,
    getTransactions,
    getLedgers,
    getEvents,
    getFeeStats,
  };
  return new Map(
    Object.entries(methods).map(([method, run]): [string, RpcMethod] => [
      method,
      (params) => {
        const asJson = wantsJson(params);
        chain.faults.admit({ method });
        const reply = chain.faults.reply(
          { method },
          run(chain.faults.view(wholeView(chain), { chain }), params),
        );
        return asJson ? withJson(method, reply) : reply;
      },
    ]),
  );
}

function getHealth(chain: LocalChain, { head, oldest }: NodeView, facts: RpcFacts): object {
  const late = chain.clock() - head.closeTime;
  if (facts.timed() && late > HEALTH_LATENCY_SECONDS_MAX)
    throw new RpcError(
      RPC_CODES.internal,
      `latency (${late}s) since last known ledger closed is too high (>${HEALTH_LATENCY_SECONDS_MAX}s)`,
    );
  return {
    status: 'healthy',
    latestLedger: head.sequence,
    latestLedgerCloseTime: String(head.closeTime),
    oldestLedger: oldest.sequence,
    oldestLedgerCloseTime: String(oldest.closeTime),
    ledgerRetentionWindow: chain.options.retentionLedgers ?? RETENTION_LEDGERS,
  };
}

function getLatestLedger({ head }: NodeView): object {
  return {
    id: head.hash,
    protocolVersion: versionOf(head),
    sequence: head.sequence,
    closeTime: String(head.closeTime),
    headerXdr: base64(ledgerHeader(head)),
    metadataXdr: base64(closeMeta(head)),
  };
}

function getLedgerEntries(chain: LocalChain, view: NodeView, params: RpcParams): object {
  const { keys } = params;
  if (!Array.isArray(keys)) throw invalidParams('keys must be a list');
  if (keys.length > LEDGER_KEYS_MAX)
    throw invalidParams(
      `key count (${keys.length}) exceeds maximum supported (${LEDGER_KEYS_MAX})`,
    );
  const entries = keys.flatMap((text: unknown) => {
    const { id, key } = keyed(ledgerKey(text));
    if (key.type === 'ttl') throw invalidParams('ledger ttl entries cannot be queried directly');
    const extXdr = base64(xdr.LedgerEntryExt.v0());
    const setting = key.type === 'configSetting' ? chain.settings.get(id) : undefined;
    if (setting) return [{ key: id, xdr: base64(setting), lastModifiedLedgerSeq: 1, extXdr }];
    const stored = view.state.get(id);
    if (!stored) return [];
    const lifetime =
      stored.liveUntil === undefined
        ? {}
        : { liveUntilLedgerSeq: isArchived(stored, view.head.sequence) ? 0 : stored.liveUntil };
    return [
      {
        key: id,
        xdr: base64(stored.data),
        lastModifiedLedgerSeq: stored.modified,
        ...lifetime,
        extXdr,
      },
    ];
  });
  return { entries, latestLedger: view.head.sequence };
}

function ledgerKey(text: unknown): xdr.LedgerKey {
  try {
    if (typeof text === 'string') return xdr.LedgerKey.fromXdr(text, 'base64');
  } catch {
    // The code below answers with the key's own text.
  }
  throw invalidParams(`cannot unmarshal key value ${String(text)}`);
}

function read(chain: LocalChain, params: RpcParams): TransactionInput {
  const envelope = textParam(params, 'transaction');
  try {
    return chain.readTransaction(envelope);
  } catch {
    throw invalidParams('invalid_xdr');
  }
}

function simulateTransaction(
  chain: LocalChain,
  { head, state }: NodeView,
  params: RpcParams,
): object {
  const place = { ...chain.simulationPlace, sequence: head.sequence, closeTime: head.closeTime };
  return { ...simulate(read(chain, params), state, place), latestLedger: head.sequence };
}

function sendTransaction(chain: LocalChain, { head }: NodeView, params: RpcParams): object {
  const input = read(chain, params);
  const fault = chain.faults.submission();
  const answer = fault && !fault.queued ? fault.answer : submitted(chain, input, fault);
  const reply = {
    status: answer.status,
    hash: input.hash,
    latestLedger: head.sequence,
    latestLedgerCloseTime: String(head.closeTime),
  };
  return answer.status === 'ERROR'
    ? {
        ...reply,
        errorResultXdr: base64(
          refused(answer.refusal, {
            fee: answer.feeNeeded ?? BASE_FEE,
            innerHash: input.bump?.innerHash ?? null,
          }),
        ),
      }
    : reply;
}

/** All nodes share one queue here. */
function submitted(
  chain: LocalChain,
  input: TransactionInput,
  fault: SubmissionFault | undefined,
): Submitted {
  const answer = chain.submit(input, 'rpc');
  return fault?.answer ?? answer;
}
