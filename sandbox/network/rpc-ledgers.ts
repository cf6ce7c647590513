import { invalidParams, isRecord, RPC_CODES, RpcError, wholeParam } from './json-rpc.js';
import type { RpcParams } from './json-rpc.js';
import { base64 } from './ledger-entries.js';
import { closeMeta, headerEntry } from './ledger-header.js';
import { LEDGERS_LIMIT_DEFAULT, LEDGERS_LIMIT_MAX } from './network-limits.js';
import type { NodeView } from './node-view.js';

const refused = (message: string): RpcError => new RpcError(RPC_CODES.invalidRequest, message);

/** Pages of ledgers. Their meta has no transactions: getTransactions has those. */
export function getLedgers(view: NodeView, params: RpcParams): object {
  const { head, oldest } = view;
  const pagination = isRecord(params['pagination']) ? params['pagination'] : {};
  const limit = wholeParam(pagination, 'limit') ?? 0;
  const after = cursorOf(pagination['cursor']);
  const startLedger = wholeParam(params, 'startLedger') ?? 0;
  const between =
    `must be between the oldest ledger: ${oldest.sequence} and the latest ledger: ` +
    `${head.sequence} for this rpc instance`;
  const isKept = (ledger: number): boolean => ledger >= oldest.sequence && ledger <= head.sequence;
  if (after !== undefined && startLedger !== 0)
    throw refused('startLedger and cursor cannot both be set');
  if (after === undefined && !isKept(startLedger)) throw refused(`start ledger ${between}`);
  if (limit > LEDGERS_LIMIT_MAX) throw refused(`limit must not exceed ${LEDGERS_LIMIT_MAX}`);
  const start = after === undefined ? startLedger : after + 1;
  if (!isKept(start)) throw invalidParams(`cursor ('${String(after)}') ${between}`);
  const page = view.ledgersFrom(start).slice(0, limit || LEDGERS_LIMIT_DEFAULT);
  return {
    ledgers: page.map((ledger) => ({
      hash: ledger.hash,
      sequence: ledger.sequence,
      ledgerCloseTime: String(ledger.closeTime),
      headerXdr: base64(headerEntry(ledger)),
      metadataXdr: base64(closeMeta(ledger)),
    })),
    latestLedger: head.sequence,
    latestLedgerCloseTime: head.closeTime,
    oldestLedger: oldest.sequence,
    oldestLedgerCloseTime: oldest.closeTime,
    cursor: String(page.at(-1)?.sequence ?? start - 1),
  };
}

function cursorOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || !/^[0-9]{1,10}$/.test(value))
    throw invalidParams('cursor must be a number as text');
  return Number(value);
}
