import { StrKey, xdr } from '@stellar/stellar-sdk';
import {
  invalidParams,
  isRecord,
  RPC_CODES,
  RpcError,
  wholeParam,
  type RpcParams,
} from './json-rpc.js';
import { eventId, type KeptEvent } from './ledger-history.js';
import type { NodeView } from './node-view.js';
import { EVENTS_LIMIT_DEFAULT, EVENTS_LIMIT_MAX, EVENTS_SCAN_LEDGERS } from './network-limits.js';

const LIST_MAX = 5;
const SEGMENTS_MAX = 4;
const CURSOR = /^([0-9]{19})-([0-9]{10})$/;
/** Greater than every event id of its ledger. */
const endOf = (ledger: number): string =>
  eventId({ ledger, transaction: 0xf_ffff, operation: 0xfff }, 0xffff_ffff);

interface EventFilter {
  readonly types: readonly string[];
  readonly contracts: readonly string[];
  readonly topics: readonly (readonly string[])[];
}

/**
 * getEvents: oldest first, paged by cursor. The cursor marks the end of the scanned window, even
 * when no event matched (docs/stellar.md#get-events).
 */
export function getEvents(view: NodeView, params: RpcParams): object {
  const { head } = view;
  const { after, start } = from(params);
  const oldest = view.oldest.sequence;
  if (start < oldest || start > head.sequence)
    throw new RpcError(
      RPC_CODES.invalidRequest,
      `startLedger must be within the ledger range: ${oldest} - ${head.sequence}`,
    );
  const filters = readFilters(params['filters']);
  const limit = readLimit(params);
  const end = Math.min(
    wholeParam(params, 'endLedger') || head.sequence + 1,
    head.sequence + 1,
    start + EVENTS_SCAN_LEDGERS,
  );
  const matching: KeptEvent[] = [];
  for (const event of view.eventsAfter(after)) {
    if (event.ledger.sequence >= end || matching.length === limit) break;
    if (wanted(filters, event)) matching.push(event);
  }
  const last = matching.at(-1);
  return {
    events: [...repeated(view, filters, { after, start }), ...matching].map(wireEvent),
    cursor: matching.length === limit && last ? last.id : endOf(end - 1),
    latestLedger: head.sequence,
    latestLedgerCloseTime: String(head.closeTime),
    oldestLedger: oldest,
    oldestLedgerCloseTime: String(view.oldest.closeTime),
  };
}

/** The events that a faulty node repeats before a page. */
function repeated(
  view: NodeView,
  filters: readonly EventFilter[],
  { after, start }: { after: string; start: number },
): readonly KeptEvent[] {
  if (view.eventsRepeated === 0) return [];
  return view
    .eventsAfter(endOf(Math.max(0, start - EVENTS_SCAN_LEDGERS)))
    .filter((event) => event.id <= after && wanted(filters, event))
    .slice(-view.eventsRepeated);
}

const wanted = (filters: readonly EventFilter[], event: KeptEvent): boolean =>
  filters.length === 0 || filters.some((filter) => matches(filter, event));

function from(params: RpcParams): { after: string; start: number } {
  const pagination = isRecord(params['pagination']) ? params['pagination'] : {};
  const startLedger = wholeParam(params, 'startLedger');
  const { cursor } = pagination;
  if (cursor === undefined || cursor === null || cursor === '') {
    if (startLedger === undefined || startLedger === 0)
      throw invalidParams('startLedger must be positive');
    return { after: endOf(startLedger - 1), start: startLedger };
  }
  const match = typeof cursor === 'string' ? CURSOR.exec(cursor) : null;
  if (!match) throw invalidParams(`invalid event id ${JSON.stringify(cursor)}`);
  if (startLedger) throw invalidParams('ledger ranges and cursor cannot both be set');
  return { after: match[0], start: Number(BigInt(match[1] ?? 0) >> 32n) };
}

function readLimit(params: RpcParams): number {
  const limit =
    (isRecord(params['pagination']) ? wholeParam(params['pagination'], 'limit') : undefined) ||
    EVENTS_LIMIT_DEFAULT;
  if (limit > EVENTS_LIMIT_MAX) throw invalidParams(`limit must not exceed ${EVENTS_LIMIT_MAX}`);
  return limit;
}

function list(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidParams(`${name} must be a list`);
  if (value.length > LIST_MAX) throw invalidParams(`maximum ${LIST_MAX} ${name} per request`);
  return value;
}

function readFilters(value: unknown): EventFilter[] {
  return list(value, 'filters').map((filter) => {
    if (!isRecord(filter)) throw invalidParams('a filter must be an object');
    const types =
      typeof filter['type'] === 'string' && filter['type'] ? filter['type'].split(',') : [];
    if (types.some((type) => type !== 'contract' && type !== 'system'))
      throw invalidParams('if set, type must be either system or contract');
    const contracts = list(filter['contractIds'], 'contract IDs').map((id) => {
      if (typeof id !== 'string' || !StrKey.isValidContract(id))
        throw invalidParams(`contract ID ${JSON.stringify(id)} invalid`);
      return id;
    });
    return { types, contracts, topics: list(filter['topics'], 'topics').map(readTopics) };
  });
}

function readTopics(value: unknown): string[] {
  if (!Array.isArray(value)) throw invalidParams('a topic filter must be a list of segments');
  const segments = value.map((segment: unknown) => readSegment(segment));
  const fixed = segments.at(-1) === '**' ? segments.slice(0, -1) : segments;
  if (segments.length === 0 || fixed.length > SEGMENTS_MAX)
    throw invalidParams(`a topic filter has 1 to ${SEGMENTS_MAX} segments`);
  if (fixed.includes('**')) throw invalidParams('wildcard ** is only allowed as the last segment');
  return segments;
}

function readSegment(segment: unknown): string {
  if (segment === '*' || segment === '**') return segment;
  try {
    if (typeof segment === 'string') return xdr.ScVal.fromXdr(segment, 'base64').toXdr('base64');
  } catch {
    // The code below answers with the segment's own text.
  }
  throw invalidParams(
    `topic segment ${JSON.stringify(segment)} is neither a wildcard nor an XDR value`,
  );
}

/** Without a trailing `**` the number of segments must equal the number of topics. */
function matches(filter: EventFilter, event: KeptEvent): boolean {
  if (filter.types.length > 0 && !filter.types.includes(event.type)) return false;
  if (filter.contracts.length > 0 && !filter.contracts.includes(event.contractId)) return false;
  return (
    filter.topics.length === 0 ||
    filter.topics.some((segments) => {
      const open = segments.at(-1) === '**';
      const fixed = open ? segments.slice(0, -1) : segments;
      if (open ? event.topics.length < fixed.length : event.topics.length !== fixed.length)
        return false;
      return fixed.every((segment, index) => segment === '*' || segment === event.topics[index]);
    })
  );
}

function wireEvent(event: KeptEvent): object {
  return {
    type: event.type,
    ledger: event.ledger.sequence,
    ledgerClosedAt: new Date(event.ledger.closeTime * 1000).toISOString().replace('.000Z', 'Z'),
    contractId: event.contractId,
    id: event.id,
    operationIndex: event.operationIndex,
    transactionIndex: event.transactionIndex,
    txHash: event.txHash,
    inSuccessfulContractCall: true,
    topic: event.topics,
    value: event.value,
  };
}
