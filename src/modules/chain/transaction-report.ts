import { xdr } from '@stellar/stellar-sdk';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { ContractEvent, TransactionReport } from './transaction-outcome.js';
import { contractEventOf } from './event-data.js';
import { causeOf } from './failure-cause.js';
import type { FoundReply, TransactionReply } from './rpc-replies.js';

const METHOD = 'getTransaction';

/**
 * One getTransaction reply, in plain types (docs/stellar.md#get-transaction,
 * docs/stellar.md#decoding).
 */
export function reportOf(reply: TransactionReply): TransactionReport {
  const range = {
    latestLedger: reply.latestLedger,
    latestCloseTime: reply.latestLedgerCloseTime,
    oldestLedger: reply.oldestLedger,
  };
  if (reply.status === 'NOT_FOUND') return { ...range, status: 'not_found' };
  return decodeReply(METHOD, () => {
    const { result, feeCharged } = xdr.TransactionResult.fromXdr(reply.resultXdr, 'base64');
    const place = {
      ledger: reply.ledger,
      closeTime: reply.createdAt,
      feeBump: reply.feeBump,
      feeCharged,
    };
    const outcome = outcomeOf(result);
    if (outcome.succeeded !== (reply.status === 'SUCCESS'))
      throw unreachable(
        METHOD,
        `the status ${reply.status} contradicts the result ${outcome.code}.`,
      );
    if (outcome.succeeded)
      return { ...range, ...place, status: 'success', events: eventsOf(reply) };
    const cause = outcome.applied ? causeOf(outcome.operation, diagnosticsOf(reply)) : null;
    return {
      ...range,
      ...place,
      status: 'failed',
      applied: outcome.applied,
      resultCode: outcome.code,
      cause,
    };
  });
}

interface Outcome {
  readonly succeeded: boolean;
  readonly applied: boolean;
  readonly code: string;
  /** Result of its operation; empty when none ran. */ readonly operation: string;
}

/**
 * The result of a transaction. For a fee bump it is the inner one's, because its sequence and
 * operation count (docs/stellar.md#fee-bumps).
 */
function outcomeOf(outer: xdr.TransactionResultResult): Outcome {
  if (outer.type !== 'txFeeBumpInnerSuccess' && outer.type !== 'txFeeBumpInnerFailed')
    return outcomeIn(outer);
  return outcomeIn(outer.value.result.result);
}

function outcomeIn(
  result: xdr.TransactionResultResult | xdr.InnerTransactionResultResult,
): Outcome {
  if (result.type === 'txSuccess')
    return { succeeded: true, applied: true, code: result.type, operation: '' };
  if (result.type !== 'txFailed')
    return { succeeded: false, applied: false, code: result.type, operation: '' };
  const operation = operationCode(result.value[0]);
  return { succeeded: false, applied: true, code: `txFailed/${operation}`, operation };
}

function operationCode(result: xdr.OperationResult | undefined): string {
  if (!result) return 'noOperation';
  if (result.type !== 'opInner') return result.type;
  return result.value.type === 'invokeHostFunction' ? result.value.value.type : result.value.type;
}

/**
 * The code of a submission's errorResultXdr, such as txBadSeq; null when it is absent or cannot be
 * read (it proves nothing in any case).
 */
export function submissionCode(errorResultXdr: string | undefined): string | null {
  if (errorResultXdr === undefined) return null;
  try {
    return outcomeOf(xdr.TransactionResult.fromXdr(errorResultXdr, 'base64').result).code;
  } catch {
    return null;
  }
}

const eventsOf = (reply: FoundReply): ContractEvent[] =>
  operationEvents(reply)
    .flat()
    .flatMap((event) => plainEvent(event));

/**
 * Events by operation. Since v23 the node returns them beside the meta; older nodes return them
 * only in the meta.
 */
export function operationEvents(reply: FoundReply): readonly (readonly xdr.ContractEvent[])[] {
  const listed = reply.events?.contractEventsXdr;
  return listed
    ? listed.map((events) =>
        (events ?? []).map((event) => xdr.ContractEvent.fromXdr(event, 'base64')),
      )
    : eventsInMeta(reply.resultMetaXdr);
}

function eventsInMeta(metaXdr: string | undefined): readonly (readonly xdr.ContractEvent[])[] {
  if (metaXdr === undefined)
    throw unreachable(METHOD, 'the reply carries neither events nor meta.');
  const meta = xdr.TransactionMeta.fromXdr(metaXdr, 'base64');
  if (meta.type === 'v4') return meta.value.operations.map((operation) => operation.events);
  return meta.type === 'v3' ? [meta.value.sorobanMeta?.events ?? []] : [];
}

/** Events whose first topic is a symbol; others have no name. */
function plainEvent(event: xdr.ContractEvent): ContractEvent[] {
  const { body } = event;
  if (body.type !== 'v0' || body.value.topics[0]?.type !== 'scvSymbol') return [];
  const found = contractEventOf(event);
  return found ? [found] : [];
}

/** Oldest first; empty when the node gave none. */
function diagnosticsOf(reply: FoundReply): readonly xdr.DiagnosticEvent[] {
  const listed = reply.events?.diagnosticEventsXdr ?? reply.diagnosticEventsXdr;
  return listed
    ? listed.map((event) => xdr.DiagnosticEvent.fromXdr(event, 'base64'))
    : diagnosticsInMeta(reply.resultMetaXdr);
}

function diagnosticsInMeta(metaXdr: string | undefined): readonly xdr.DiagnosticEvent[] {
  if (metaXdr === undefined) return [];
  const meta = xdr.TransactionMeta.fromXdr(metaXdr, 'base64');
  if (meta.type === 'v4') return meta.value.diagnosticEvents;
  return meta.type === 'v3' ? (meta.value.sorobanMeta?.diagnosticEvents ?? []) : [];
}
