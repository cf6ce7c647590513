import * as api from './api.js';
import { grouped } from './dom.js';
import { breakClasses } from './names.js';

export const reservationLink = (id) => ({
  text: id.slice(-12),
  href: `#/reservations/${id}`,
  title: id,
});
export const account = (address) => ({ whole: address, short: true });
const SPAN = [
  { name: 'since', label: 'from, UTC', kind: 'datetime-local' },
  { name: 'until', label: 'to, UTC', kind: 'datetime-local' },
];
const BORROWER = { name: 'borrower', label: 'borrower', placeholder: 'G… or C…' };
/** The filters of every list of reservations, by the names of the API. */
export const RESERVATION_FILTERS = [
  { name: 'state', label: 'state', options: ['held', 'settled', 'released', 'expired'] },
  BORROWER,
  { name: 'createdAfter', label: 'made from, UTC', kind: 'datetime-local' },
  { name: 'createdBefore', label: 'to, UTC', kind: 'datetime-local' },
];
const REFUSED = [
  'INSUFFICIENT_LIQUIDITY',
  'OUTFLOW_CAP_REACHED',
  'OUTFLOW_CAP_EXCEEDED',
  'VENDOR_CAP_REACHED',
  'VENDOR_CAP_EXCEEDED',
  'LOAN_REFUSED_BY_CONTRACT',
];
const STAGES = [
  ['unsubmitted', 'not submitted'],
  ['submitted', 'submitted'],
  ['lapsed', 'deadline passed'],
];
/** What a list of the last days says, unless it is filtered. */
const NONE_LATELY = 'None in the last 7 days.';
const STATES = {
  held: { text: '◐ held', chip: 'live' },
  settled: { text: '● settled', chip: 'good' },
  released: { text: '○ released', chip: 'closed' },
  expired: { text: '○ expired', chip: 'closed' },
};
/** When a reservation ended, or the time left of a live hold. */
export const END = 'end or deadline';
export const endOf = ({ endedAt, expiresAt }) =>
  endedAt === null ? { until: expiresAt } : { at: endedAt };
export const stateChip = (state) => STATES[state] ?? state;

/** Names of the views' columns, for people. */
const COLUMN_NAMES = {
  at: 'when',
  is_alarm: 'alarm',
  row_count: 'rows',
  judged_at_ledger: 'ledger',
  max_snapshot_age_seconds: 'oldest snapshot, s',
  hold_seconds: 'hold time, s',
};
const TIMES = new Set(['at', 'valid_from', 'valid_until']);
const AMOUNTS = new Set([
  'total',
  'locked',
  'token_balance',
  'observed_available',
  'held',
  'in_flight',
  'buffer',
  'available',
  'shortfall',
  'amount',
]);

/** The rows behind each term: a heading, a sentence, and how to read them. */
export const ROWS = {
  held: {
    title: 'Live holds',
    about:
      'Held is the sum of these. A hold counts until the chain proves that its transaction ' +
      'landed or never can; deadlines are times of the chain. The soonest deadline comes first.',
    filters: [{ name: 'stage', label: 'state', options: STAGES }, BORROWER],
    load: loadHolds,
  },
  'in-flight': {
    title: 'In flight',
    about:
      'Settled on the chain after the ledger of the snapshot: the snapshot does not show them yet.',
    filters: [BORROWER],
    load: loadInFlight,
  },
  observed: {
    title: 'Snapshots of the pool',
    about:
      'Observed available is the smaller of two figures of the newest snapshot: the total less what ' +
      'is locked, and the token balance. The last 7 days, unless filtered.',
    filters: SPAN,
    load: view('readings', 'ledger', NONE_LATELY),
  },
  buffer: {
    title: 'Rules of the pool',
    about: 'The buffer is never held for a loan. Each row is a change of the rules.',
    filters: [
      { name: 'state', label: 'state', options: ['active', 'paused', 'quarantined', 'closed'] },
    ],
    load: view('rules', 'valid_from', 'No rules were ever set.'),
  },
  available: {
    title: 'Refused requests',
    about:
      'Available is what is left of the observed liquidity and has no rows of its own. These ' +
      'requests were refused for lack of it, or by the contract. The last 7 days, unless filtered.',
    filters: [{ name: 'code', label: 'code', options: REFUSED }, BORROWER, ...SPAN],
    load: view('refusals', null, NONE_LATELY),
  },
  breaks: {
    title: 'Breaks',
    about:
      'Differences between ledger and chain, as they were found. A break that lasts is found ' +
      'with every snapshot. The last 7 days, unless filtered.',
    filters: [{ name: 'class', label: 'class', options: breakClasses }, ...SPAN],
    load: view('breaks', null, NONE_LATELY),
  },
  reservations: {
    title: 'All holds',
    about: 'Newest first.',
    filters: RESERVATION_FILTERS,
    load: (poolId, asked) => readReservations({ ...asked, poolId }),
  },
};

async function loadHolds(poolId, asked) {
  const { holds, nextCursor } = await api.holds(poolId, asked);
  return {
    note: '',
    nextCursor,
    columns: ['hold', 'borrower', 'amount', 'state', 'deadline', 'what it waits for'],
    rows: holds.map((hold) => ({
      key: hold.reservationId,
      cells: [
        reservationLink(hold.reservationId),
        account(hold.borrower),
        { amount: grouped(hold.amount) },
        stateOf(hold),
        { until: hold.expiresAt },
        {
          text: hold.waitsFor.needsPerson
            ? `▲ needs a person: ${hold.waitsFor.sentence}`
            : hold.waitsFor.sentence,
          strong: hold.waitsFor.needsPerson,
        },
      ],
    })),
    none: 'No hold is live.',
  };
}

function stateOf({ submittedAt, cancelRequested, transactions, outdated, signing, landings }) {
  const came = signing === 'authorization' ? 'signed' : 'submitted';
  const words = [
    cancelRequested ? 'cancelled' : submittedAt === null ? 'held' : came,
    ...(signing === 'authorization' ? ['by authorization'] : []),
    ...(landings > 0 ? [`landing ${landings}`] : []),
    ...(transactions > 1 ? [`rebuilt ${transactions - 1}×`] : []),
    ...(outdated ? ['▲ outside its window'] : []),
  ];
  return words.join(', ');
}

async function loadInFlight(poolId, asked) {
  const { reservations, nextCursor } = await api.inFlight(poolId, asked);
  return {
    note: '',
    nextCursor,
    columns: ['hold', 'borrower', 'amount', 'settled at ledger', 'recorded'],
    none: 'Nothing is in flight: the snapshot shows every settlement.',
    rows: reservations.map((each) => ({
      key: each.id,
      cells: [
        reservationLink(each.id),
        account(each.borrower),
        { amount: grouped(each.amount) },
        String(each.settledLedger),
        { at: each.endedAt },
      ],
    })),
  };
}

/** @param pools by id, where the list is of all pools */
export async function readReservations(asked, pools) {
  const { reservations, nextCursor } = await api.reservations(asked);
  return {
    note: '',
    nextCursor,
    columns: ['hold', ...(pools ? ['pool'] : []), 'borrower', 'amount', 'state', 'made', END],
    none: 'No reservations yet.',
    rows: reservations.map((each) => ({
      key: each.id,
      cells: [
        reservationLink(each.id),
        ...(pools
          ? [{ text: pools.get(each.poolId)?.name ?? each.poolId, href: `#/pools/${each.poolId}` }]
          : []),
        account(each.borrower),
        { amount: grouped(each.amount) },
        stateChip(each.state),
        { at: each.heldAt },
        endOf(each),
      ],
    })),
  };
}

function view(kind, key, none) {
  return async (poolId, asked) => {
    const { columns, rows, nextCursor } = await api.rows(poolId, kind, asked);
    return {
      note: '',
      nextCursor,
      columns: columns.map((name) => COLUMN_NAMES[name] ?? name.replaceAll('_', ' ')),
      none,
      rows: rows.map((row, at) => ({
        key: key === null ? `${at} ${JSON.stringify(row)}` : String(row[key]),
        cells: columns.map((name) => viewCell(name, row[name])),
      })),
    };
  };
}

function viewCell(name, value) {
  if (value === null || value === undefined) return null;
  if (TIMES.has(name)) return { at: value };
  if (AMOUNTS.has(name)) return { amount: grouped(String(value)) };
  if (name === 'borrower') return account(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
