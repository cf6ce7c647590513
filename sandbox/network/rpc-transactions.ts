import { xdr } from '@stellar/stellar-sdk';
import {
  invalidParams,
  isRecord,
  RPC_CODES,
  RpcError,
  textParam,
  wholeParam,
  type RpcParams,
} from './json-rpc.js';
import { toid, type KeptTransaction } from './ledger-history.js';
import { base64 } from './ledger-entries.js';
import type { NodeView } from './node-view.js';
import { TRANSACTIONS_LIMIT_DEFAULT, TRANSACTIONS_LIMIT_MAX } from './network-limits.js';

/** getTransaction: times are strings here and numbers in getTransactions, as on the real wire. */
export function getTransaction(view: NodeView, params: RpcParams): object {
  const hash = textParam(params, 'hash');
  if (hash.length !== 64) throw invalidParams(`unexpected hash length (${hash.length})`);
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw invalidParams(`incorrect hash: ${hash}`);
  const { head, oldest } = view;
  const range = {
    latestLedger: head.sequence,
    latestLedgerCloseTime: String(head.closeTime),
    oldestLedger: oldest.sequence,
    oldestLedgerCloseTime: String(oldest.closeTime),
  };
  const kept = view.transaction(hash.toLowerCase());
  if (!kept)
    return {
      ...range,
      status: 'NOT_FOUND',
      txHash: hash,
      applicationOrder: 0,
      feeBump: false,
      ledger: 0,
      createdAt: '0',
    };
  return {
    ...range,
    ...description(kept, view),
    txHash: hash,
    createdAt: String(kept.ledger.closeTime),
  };
}

/** A node without diagnostics has none in the meta either. */
function description({ record, ledger }: KeptTransaction, { diagnostics }: NodeView): object {
  return {
    status: record.succeeded ? 'SUCCESS' : 'FAILED',
    applicationOrder: record.order,
    feeBump: record.innerHash !== undefined,
    envelopeXdr: record.envelope,
    resultXdr: record.result,
    resultMetaXdr: diagnostics ? record.meta : withoutDiagnostics(record.meta),
    ...(diagnostics && { diagnosticEventsXdr: record.diagnostics }),
    events: { transactionEventsXdr: [], contractEventsXdr: record.events },
    ledger: ledger.sequence,
  };
}

function withoutDiagnostics(meta: string): string {
  const read = xdr.TransactionMeta.fromXdr(meta, 'base64');
  if (read.type !== 'v4') return meta;
  const { ext, txChangesBefore, operations, txChangesAfter, sorobanMeta, events } = read.value;
  return base64(
    xdr.TransactionMeta.v4(
      new xdr.TransactionMetaV4({
        ext,
        txChangesBefore,
        operations,
        txChangesAfter,
        sorobanMeta,
        events,
        diagnosticEvents: [],
      }),
    ),
  );
}

export function getTransactions(view: NodeView, params: RpcParams): object {
  const { head, oldest } = view;
  const pagination = isRecord(params['pagination']) ? params['pagination'] : {};
  const limit = wholeParam(pagination, 'limit') ?? TRANSACTIONS_LIMIT_DEFAULT;
  if (limit < 1 || limit > TRANSACTIONS_LIMIT_MAX)
    throw invalidParams(`limit must be between 1 and ${TRANSACTIONS_LIMIT_MAX}`);
  const after = cursor(pagination['cursor']);
  const startLedger = wholeParam(params, 'startLedger');
  if (after !== undefined && startLedger !== undefined)
    throw invalidParams('startLedger and cursor cannot both be set');
  const first = after === undefined ? (startLedger ?? 0) : Number(after >> 32n);
  if (first < oldest.sequence || first > head.sequence) {
    throw new RpcError(
      RPC_CODES.invalidRequest,
      `start ledger must be between the oldest ledger: ${oldest.sequence} and the latest ` +
        `ledger: ${head.sequence} for this rpc instance`,
    );
  }
  const place = (kept: KeptTransaction): bigint =>
    toid({ ledger: kept.ledger.sequence, transaction: kept.record.order, operation: 1 });
  const page = view
    .transactionsFrom(first)
    .filter((kept) => after === undefined || place(kept) > after)
    .slice(0, limit);
  const last = page.at(-1);
  return {
    transactions: page.map((kept) => ({
      ...description(kept, view),
      txHash: kept.record.hash,
      createdAt: kept.ledger.closeTime,
    })),
    latestLedger: head.sequence,
    latestLedgerCloseTimestamp: head.closeTime,
    oldestLedger: oldest.sequence,
    oldestLedgerCloseTimestamp: oldest.closeTime,
    cursor: String(
      last ? place(last) : (after ?? toid({ ledger: head.sequence, transaction: 0, operation: 0 })),
    ),
  };
}

function cursor(value: unknown): bigint | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || !/^[0-9]{1,19}$/.test(value))
    throw invalidParams('cursor must be a number as text');
  return BigInt(value);
}
