import * as api from './api.js';
import { grouped, h, pieceNode, setText } from './dom.js';

const reservationLink = (id) => ({ text: id.slice(-12), href: `#/reservations/${id}`, title: id });
const account = (address) => ({ whole: address, short: true });
const STATES = {
  held: { text: '◐ held', chip: 'live' },
  settled: { text: '● settled', chip: 'good' },
  released: { text: '○ released', chip: 'closed' },
  expired: { text: '○ expired', chip: 'closed' },
};
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
      'landed or never can; deadlines are times of the chain.',
    load: loadHolds,
  },
  'in-flight': {
    title: 'In flight',
    about:
      'Settled on the chain after the ledger of the snapshot: the snapshot does not show them yet.',
    load: loadInFlight,
  },
  observed: {
    title: 'Snapshots of the pool',
    about:
      'Observed available is the lesser of total less locked and the token balance, from the ' +
      'newest snapshot. The newest 100 of 7 days.',
    load: view('readings', 'ledger'),
  },
  buffer: {
    title: 'Rules of the pool',
    about: 'The buffer is never held for a loan. Each row is a change of the rules.',
    load: view('rules', 'valid_from'),
  },
  available: {
    title: 'Refused requests',
    about:
      'Available is what is left of the observed liquidity and has no rows of its own. These ' +
      'requests were refused for lack of it, or by the contract. The newest 100 of 7 days.',
    load: view('refusals', null),
  },
  breaks: {
    title: 'Breaks',
    about:
      'Differences between ledger and chain, as they were found. A break that lasts is found ' +
      'with every snapshot. The newest 100 of 7 days.',
    load: view('breaks', null),
  },
  reservations: {
    title: 'All holds',
    about: 'Newest first, in every state; 50 at most.',
    load: loadReservations,
  },
};

async function loadHolds(poolId) {
  const { total, holds } = await api.holds(poolId);
  return {
    note:
      holds.length < total
        ? `${holds.length} of ${grouped(String(total))}: submitted ones first, then by deadline.`
        : '',
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

async function loadInFlight(poolId) {
  const { reservations } = await api.inFlight(poolId);
  return {
    note: '',
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

async function loadReservations(poolId) {
  const { reservations } = await api.reservations(poolId);
  return {
    note: '',
    columns: ['hold', 'borrower', 'amount', 'state', 'made', 'ended'],
    none: 'No hold was ever made.',
    rows: reservations.map((each) => ({
      key: each.id,
      cells: [
        reservationLink(each.id),
        account(each.borrower),
        { amount: grouped(each.amount) },
        stateChip(each.state),
        { at: each.heldAt },
        each.endedAt === null ? null : { at: each.endedAt },
      ],
    })),
  };
}

function view(kind, key) {
  return async (poolId) => {
    const { columns, rows } = await api.rows(poolId, kind);
    return {
      note: '',
      columns: columns.map((name) => COLUMN_NAMES[name] ?? name.replaceAll('_', ' ')),
      none: 'None.',
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

/**
 * A table that is kept up to date row by row: what does not change stays, with the focus in it. On
 * a phone its rows are cards, so each cell knows its column.
 */
export function rowsTable(title) {
  const known = new Map();
  const head = h('tr', {});
  const body = h('tbody', {});
  const caption = h('caption', {}, title);
  const note = h('p', { class: 'note' });
  const table = h('table', { class: 'rows' }, caption, h('thead', {}, head), body);
  // amounts may have 39 digits: the table scrolls, not the page
  const wide = h('div', { class: 'wide', role: 'group', 'aria-label': title }, table);
  const element = h('div', {}, note, wide);
  const update = ({ note: words, columns, rows, none }) => {
    setText(note, rows.length === 0 ? none : words);
    wide.hidden = rows.length === 0;
    if (head.childElementCount !== columns.length)
      head.replaceChildren(...columns.map((name) => h('th', { scope: 'col' }, name)));
    columns.forEach((_, column) =>
      head.cells[column].classList.toggle(
        'amount',
        rows.some(({ cells }) => cells[column]?.amount !== undefined),
      ),
    );
    const kept = new Set(rows.map(({ key }) => key));
    for (const [key, row] of known)
      if (!kept.has(key)) {
        row.tr.remove();
        known.delete(key);
      }
    rows.forEach(({ key, cells }, at) => {
      const row = known.get(key) ?? { tr: h('tr', { 'data-key': key }), shown: [] };
      known.set(key, row);
      cells.forEach((piece, column) => {
        const text = JSON.stringify(piece);
        if (row.shown[column] === text) return;
        row.shown[column] = text;
        const cell = h(
          column === 0 ? 'th' : 'td',
          {
            scope: column === 0 ? 'row' : null,
            'data-column': columns[column],
            class: piece?.amount === undefined ? null : 'amount',
          },
          pieceNode(piece),
        );
        if (row.tr.cells[column]) row.tr.cells[column].replaceWith(cell);
        else row.tr.append(cell);
      });
      if (body.rows[at] !== row.tr) body.insertBefore(row.tr, body.rows[at] ?? null);
    });
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute('tabindex'); // with a focus, a keyboard can scroll it
  };
  return { element, update };
}
