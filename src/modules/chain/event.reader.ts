import { Address, xdr } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { ChainEvent, EventsReply, EventsRequest, Head, TransactionEvents } from './chain.js';
import { contractEventOf, decoded, textOf } from './event-data.js';
import type { RpcClient } from './rpc-client.js';
import { eventsReply, type EventsPage, type TransactionReply } from './rpc-replies.js';
import { outerHashOf } from './signed-envelope.js';
import { operationEvents } from './transaction-report.js';

const METHOD = 'getEvents';
/** JSON-RPC "invalid request": the start lies outside the ledgers that the node keeps. */
const OUT_OF_RANGE = -32600;
/** JSON-RPC's other codes: the call is wrong, or the node failed. Some nodes refuse a range by them too. */
const isAboutTheCall = (code: number): boolean =>
  code !== OUT_OF_RANGE && code >= -32_768 && code <= -32_600;
const RANGE = /ledger range: ([0-9]+) - ([0-9]+)/;

/** Pages of events of one pool's three contracts, by cursor. */
export class EventReader {
  constructor(
    private readonly rpc: RpcClient,
    private readonly head: () => Promise<Head>,
  ) {}

  async read(request: EventsRequest): Promise<EventsReply> {
    try {
      return pageOf(await this.rpc.call(METHOD, paramsOf(request), eventsReply), request);
    } catch (thrown) {
      const code = thrown instanceof HoldfastError ? thrown.facts['rpcCode'] : undefined;
      if (!(thrown instanceof HoldfastError) || typeof code !== 'number') throw thrown;
      if (code === OUT_OF_RANGE) return this.outOfRange(startOf(request), thrown);
      return this.pruned(request, thrown, isAboutTheCall(code));
    }
  }

  /**
   * A refusal by another code is a gap when two heads show it. Where the code may mean a wrong call
   * or a node in trouble, the same call must also be answered from the oldest ledger on.
   */
  private async pruned(
    request: EventsRequest,
    refusal: HoldfastError,
    mayBeAnotherFault: boolean,
  ): Promise<EventsReply> {
    const [first, head] = [await this.head(), await this.head()];
    const oldestLedger = Math.min(first.oldestLedger, head.oldestLedger);
    if (startOf(request) >= oldestLedger) throw refusal;
    if (mayBeAnotherFault) {
      const startLedger = Math.max(first.oldestLedger, head.oldestLedger);
      const probe = paramsOf({ ...request, from: { startLedger }, limit: 1 });
      await this.rpc.call(METHOD, probe, eventsReply).catch(() => {
        throw refusal;
      });
    }
    return { kind: 'gap', oldestLedger, latestLedger: head.ledger };
  }

  /**
   * A gap is final, so it needs two replies: the refusal, if it names a range, and the head must
   * both show that the start is older than the ledgers kept. Nodes change their words. A start
   * beyond the newest ledger means that the node lags.
   */
  private async outOfRange(start: number, refusal: HoldfastError): Promise<EventsReply> {
    const head = await this.head();
    const range = RANGE.exec(refusal.cause instanceof Error ? refusal.cause.message : '');
    const [oldest, latestLedger] = range
      ? [Number(range[1]), Number(range[2])]
      : [head.oldestLedger, head.ledger];
    if (start > latestLedger) {
      throw unreachable(
        METHOD,
        `the node's newest ledger is ${latestLedger}, events are known up to ${start} already: it lags.`,
      );
    }
    if (start >= oldest) throw refusal;
    if (start >= head.oldestLedger) {
      const kept = `the head of the same node keeps ledgers from ${head.oldestLedger} on`;
      throw unreachable(
        METHOD,
        `ledger ${start} is refused as older than ${oldest}, and ${kept}. Neither is used.`,
      );
    }
    return { kind: 'gap', oldestLedger: Math.min(oldest, head.oldestLedger), latestLedger };
  }
}

/**
 * One filter shape per contract: nodes before v27.1.1 lost events when filters with and without
 * topics were mixed (docs/stellar.md#get-events). Without `**` a filter matches one topic count.
 * The pool is second or third: transfer has from and to, older mint and clawback an admin first.
 */
function paramsOf(request: EventsRequest): Readonly<Record<string, unknown>> {
  const pool = new Address(request.poolContract).toScVal().toXdr('base64');
  const filter = (contract: string, topics: readonly (readonly string[])[]): object => ({
    type: 'contract',
    contractIds: [contract],
    topics,
  });
  const filters = [
    filter(request.poolContract, [['*', '**']]),
    ...(request.lendingContract === request.poolContract
      ? []
      : [filter(request.lendingContract, [['*', '**']])]),
    filter(request.tokenContract, [
      ['*', pool, '**'],
      ['*', '*', pool, '**'],
    ]),
  ];
  if ('cursor' in request.from)
    return { filters, pagination: { cursor: request.from.cursor, limit: request.limit } };
  return { startLedger: request.from.startLedger, filters, pagination: { limit: request.limit } };
}

const ledgerOf = (cursor: string): number => Number(BigInt(cursor.slice(0, 19)) >> 32n);
const startOf = ({ from }: EventsRequest): number =>
  'cursor' in from ? ledgerOf(from.cursor) : from.startLedger;

/**
 * A cursor behind the last event is the end of the scan. A cursor at the last event proves nothing
 * about the rest of its ledger.
 */
function pageOf(page: EventsPage, { limit, from }: EventsRequest): EventsReply {
  if ('cursor' in from && page.cursor < from.cursor)
    throw unreachable(METHOD, 'the cursor of the page lies before the one that was asked from.');
  const last = page.events.at(-1);
  if (last && page.cursor < last.id)
    throw unreachable(METHOD, 'the cursor lies before the last event of the page.');
  const cursorLedger = ledgerOf(page.cursor);
  // No ledger beyond it was scanned, so continuing from there would lose events.
  if (cursorLedger > page.latestLedger)
    throw unreachable(
      METHOD,
      `the cursor is of ledger ${cursorLedger}, and the node's newest is ${page.latestLedger}.`,
    );
  const throughLedger = last && page.cursor === last.id ? cursorLedger - 1 : cursorLedger;
  const events = page.events.filter((event) => event.inSuccessfulContractCall !== false);
  return {
    kind: 'page',
    events: decodeReply(METHOD, () => events.map(plainEvent)),
    cursor: page.cursor,
    throughLedger,
    more: page.events.length >= limit || throughLedger < page.latestLedger,
  };
}

function plainEvent(event: EventsPage['events'][number]): ChainEvent {
  const topics = event.topic.map((topic) => textOf(decoded(xdr.ScVal.fromXdr(topic, 'base64'))));
  return {
    id: event.id,
    ledger: event.ledger,
    txHash: event.txHash,
    contract: event.contractId,
    name: topics[0] ?? '',
    topics,
    data: decoded(xdr.ScVal.fromXdr(event.value, 'base64')),
  };
}

/**
 * The same events, read from their transaction, with the ids of getEvents: TOID of ledger,
 * transaction and operation, then the place in the operation.
 */
export function eventsOfTransaction(
  reply: TransactionReply,
  transaction: { readonly hash: string; readonly networkPassphrase: string },
): TransactionEvents {
  if (reply.status === 'NOT_FOUND') return { found: false };
  const { ledger, applicationOrder } = reply;
  if (reply.status === 'FAILED') return { found: true, ledger, events: [] };
  if (applicationOrder === undefined)
    throw unreachable(
      'getTransaction',
      'the reply does not say at which place in its ledger the transaction is.',
    );
  const txHash = reply.feeBump
    ? outerHashOf(reply.envelopeXdr, transaction.networkPassphrase)
    : transaction.hash;
  return decodeReply('getTransaction', () => ({
    found: true,
    ledger,
    events: operationEvents(reply).flatMap((events, operation) => {
      const place = String(
        (BigInt(ledger) << 32n) | (BigInt(applicationOrder) << 12n) | BigInt(operation),
      ).padStart(19, '0');
      return events.flatMap((event, index) =>
        transactionEvent(event, {
          id: `${place}-${String(index).padStart(10, '0')}`,
          ledger,
          txHash,
        }),
      );
    }),
  }));
}

function transactionEvent(
  event: xdr.ContractEvent,
  place: Pick<ChainEvent, 'id' | 'ledger' | 'txHash'>,
): ChainEvent[] {
  const found = event.type.name === 'contract' ? contractEventOf(event) : null;
  return found ? [{ ...place, ...found }] : [];
}
