import { xdr } from '@stellar/stellar-sdk';
import { getEvents } from './rpc-events.js';
import { getTransaction, getTransactions } from './rpc-transactions.js';
import { invalidParams, requireBase64, RPC_CODES, RpcError, textParam, type RpcMethod, type RpcParams } from './json-rpc.js';
import { base64, keyed } from './ledger-entries.js';
import { closeMeta, ledgerHeader } from './ledger-header.js';
import type { LocalChain } from './local-chain.js';
import { BASE_FEE, ENTRY_LIFE_LEDGERS, HEALTH_LATENCY_SECONDS_MAX, LEDGER_KEYS_MAX, PROTOCOL_VERSION, RETENTION_LEDGERS } from './network-limits.js';
import { simulate } from './simulation.js';
import type { TransactionInput } from './transaction-input.js';
import { refused } from './transaction-results.js';

export interface RpcFacts { readonly friendbotUrl: () => string; /** whether a timer closes ledgers: only then can the chain be late */ readonly timed: () => boolean }

/** The methods of Stellar RPC; reply shapes and wire types as `stellar.md` B. */
export function rpcMethods(chain: LocalChain, facts: RpcFacts): ReadonlyMap<string, RpcMethod> {
  return new Map<string, RpcMethod>([
    ['getHealth', () => getHealth(chain, facts)],
    ['getNetwork', () => ({ friendbotUrl: facts.friendbotUrl(), passphrase: chain.networkPassphrase, protocolVersion: PROTOCOL_VERSION })],
    ['getVersionInfo', () => ({ version: '27.1.1-holdfast-model', commitHash: '', buildTimestamp: '', captiveCoreVersion: 'none: a model of the network', protocolVersion: PROTOCOL_VERSION })],
    ['getLatestLedger', () => getLatestLedger(chain)],
    ['getLedgerEntries', (params) => getLedgerEntries(chain, params)],
    ['simulateTransaction', (params) => simulateTransaction(chain, params)],
    ['sendTransaction', (params) => sendTransaction(chain, params)],
    ['getTransaction', (params) => getTransaction(chain, params)],
    ['getTransactions', (params) => getTransactions(chain, params)],
    ['getEvents', (params) => getEvents(chain, params)],
    ['getFeeStats', () => getFeeStats(chain)],
  ]);
}

function getHealth(chain: LocalChain, facts: RpcFacts): object {
  const { head, history } = chain;
  const late = chain.clock() - head.closeTime;
  if (facts.timed() && late > HEALTH_LATENCY_SECONDS_MAX) throw new RpcError(RPC_CODES.internal, `latency (${late}s) since last known ledger closed is too high (>${HEALTH_LATENCY_SECONDS_MAX}s)`);
  return {
    status: 'healthy', latestLedger: head.sequence, latestLedgerCloseTime: String(head.closeTime), oldestLedger: history.oldest.sequence,
    oldestLedgerCloseTime: String(history.oldest.closeTime), ledgerRetentionWindow: chain.options.retentionLedgers ?? RETENTION_LEDGERS,
  };
}

function getLatestLedger({ head }: LocalChain): object {
  return {
    id: head.hash, protocolVersion: PROTOCOL_VERSION, sequence: head.sequence, closeTime: String(head.closeTime),
    headerXdr: base64(ledgerHeader(head)), metadataXdr: base64(closeMeta(head)),
  };
}

function getLedgerEntries(chain: LocalChain, params: RpcParams): object {
  requireBase64(params);
  const { keys } = params;
  if (!Array.isArray(keys)) throw invalidParams('keys must be a list');
  if (keys.length > LEDGER_KEYS_MAX) throw invalidParams(`key count (${keys.length}) exceeds maximum supported (${LEDGER_KEYS_MAX})`);
  const entries = keys.flatMap((text: unknown) => {
    const { id, key } = keyed(ledgerKey(text));
    if (key.type === 'ttl') throw invalidParams('ledger ttl entries cannot be queried directly');
    const stored = chain.state.get(id);
    if (!stored) return [];
    const life = stored.data.type === 'contractData' ? { liveUntilLedgerSeq: stored.modified + ENTRY_LIFE_LEDGERS } : {};
    return [{ key: id, xdr: base64(stored.data), lastModifiedLedgerSeq: stored.modified, ...life, extXdr: base64(xdr.LedgerEntryExt.v0()) }];
  });
  return { entries, latestLedger: chain.head.sequence };
}

function ledgerKey(text: unknown): xdr.LedgerKey {
  try {
    if (typeof text === 'string') return xdr.LedgerKey.fromXdr(text, 'base64');
  } catch {
    // answered below, with the key's own text
  }
  throw invalidParams(`cannot unmarshal key value ${String(text)}`);
}

function read(chain: LocalChain, params: RpcParams): TransactionInput {
  requireBase64(params);
  const envelope = textParam(params, 'transaction');
  try {
    return chain.readTransaction(envelope);
  } catch {
    throw invalidParams('invalid_xdr');
  }
}

function simulateTransaction(chain: LocalChain, params: RpcParams): object {
  return { ...simulate(read(chain, params), chain.state, chain.simulationPlace), latestLedger: chain.head.sequence };
}

function sendTransaction(chain: LocalChain, params: RpcParams): object {
  const input = read(chain, params);
  const answer = chain.submit(input);
  const reply = { status: answer.status, hash: input.hash, latestLedger: chain.head.sequence, latestLedgerCloseTime: String(chain.head.closeTime) };
  return answer.status === 'ERROR' ? { ...reply, errorResultXdr: base64(refused(answer.refusal, { fee: BASE_FEE, innerHash: input.bump?.innerHash ?? null })) } : reply;
}

function getFeeStats(chain: LocalChain): object {
  const levels = Object.fromEntries(['max', 'min', 'mode', 'p10', 'p20', 'p30', 'p40', 'p50', 'p60', 'p70', 'p80', 'p90', 'p95', 'p99'].map((name) => [name, String(BASE_FEE)]));
  const over = (ledgers: number): object => {
    const first = Math.max(chain.history.oldest.sequence, chain.head.sequence - ledgers + 1);
    return { ...levels, transactionCount: String(chain.history.transactionsFrom(first).length), ledgerCount: chain.head.sequence - first + 1 };
  };
  return { sorobanInclusionFee: over(50), inclusionFee: over(10), latestLedger: chain.head.sequence };
}
