import { resolveButton, resubmitButton } from './actions.js';
import * as api from './api.js';
import { facts, grouped, h, moment, pieceNode } from './dom.js';
import { stateChip } from './rows.js';
import { rowsTable } from './table.js';
import { signedSection, standingCallout, termsSection } from './terms.js';

const KINDS = {
  held: 'Held',
  submitted: 'Submitted',
  rebuilt: 'Rebuilt',
  envelope_failed: 'Transaction failed, hold kept',
  landing_issued: 'Landing issued',
  landing_failed: 'Landing failed, hold kept',
  cancel_requested: 'Cancellation requested',
  settled: 'Settled',
  released: 'Released',
  expired: 'Expired',
};
const CERTIFICATES = {
  D1: 'deadline passed, then two NOT_FOUND a ledger apart',
  D2: 'its sequence number was used by another transaction',
  D3: 'found FAILED and applied, by two replies of two ledgers',
  D4: "found SUCCESS, with the contract's own event",
  D5: 'its fence passed, and two replies a ledger apart showed that its nonce was not spent',
  contract_state: "the contract's own list of loans",
  operator: "an operator's decision",
};

/**
 * One reservation with its journal.
 * @param explorer address with {hash}, or null
 * @param changed runs after a person ended it
 */
export async function timeline(id, explorer, changed) {
  const found = await api.reservation(id);
  const { reservation, journal, pool, waitsFor, nextLoanId, terms, ...issued } = found;
  const { envelopes, authorization, landings } = issued;
  const link = (hash) =>
    hash === null
      ? null
      : {
          whole: hash,
          ...(explorer === null
            ? {}
            : { href: explorer.replaceAll('{hash}', encodeURIComponent(hash)) }),
        };
  return {
    pool,
    state: reservation.state,
    /** Changes when anything on the page but a countdown does. */
    version: JSON.stringify(found),
    element: h(
      'div',
      {},
      standingCallout({ reservation, waitsFor }),
      summary(reservation, pool),
      h(
        'div',
        { class: 'actions' },
        waitsToLand(reservation) ? resubmitButton(reservation, changed) : null,
        reservation.state === 'held' ? resolveButton(reservation, changed) : null,
        h('a', { href: `#/audit?subject=${id}` }, 'Operator actions'),
      ),
      ...termsSection(terms),
      h('h2', {}, 'Journal'),
      h('ol', { class: 'timeline' }, ...journal.map((row) => step(row, link))),
      ...(authorization === null
        ? [
            h('h2', {}, 'Transactions issued for it'),
            transactionsTable(envelopes, { link, nextLoanId }),
          ]
        : [
            h('h2', {}, 'Authorization that the borrower signs'),
            authorizationFacts(authorization, link),
            h('h2', {}, 'Landings: transactions of channels that carry it'),
            landingsTable(landings, link),
          ]),
      ...signedSection(terms),
    ),
  };
}

/** Whether the service has a signed transaction of it and may submit that again. */
const waitsToLand = ({ state, signing, submittedAt, cancelRequestedAt }) =>
  state === 'held' &&
  signing === 'transaction' &&
  submittedAt !== null &&
  cancelRequestedAt === null;

function transactionsTable(envelopes, { link, nextLoanId }) {
  const table = rowsTable('Transactions issued for it');
  table.update({
    note: '',
    none: 'None.',
    columns: [
      'no.',
      'transaction',
      'state',
      'valid until',
      'sequence',
      'loan ids',
      'room for others',
      'submitted',
      'found',
    ],
    rows: envelopes.map((each) => ({
      key: each.hash,
      cells: [
        String(each.number),
        link(each.hash),
        each.state,
        { at: each.maxTime },
        each.sequence,
        loanIds(each, nextLoanId),
        roomFor(each),
        submitted(each, 'not through this service'),
        found(each),
      ],
    })),
  });
  return table.element;
}

const submitted = ({ submittedAt, submissionStatus }, never) =>
  submittedAt === null ? never : `${moment(submittedAt)} (${submissionStatus ?? 'no answer'})`;

const found = ({ foundLedger, resultCode, failedBy, failedReason }) =>
  foundLedger === null
    ? null
    : `ledger ${foundLedger}, ` +
      (resultCode ?? 'no code') +
      (failedBy === null ? '' : ` (${failedBy}: ${failedReason})`);

const AUTHORIZATION_STATES = {
  open: 'open: it may land',
  spent: 'spent: its nonce is used, so its loan landed',
  dead: 'dead: it can never land',
};

function authorizationFacts(each, link) {
  return facts([
    ['state', { text: AUTHORIZATION_STATES[each.state] ?? each.state, strong: true }],
    ['hash', { whole: each.hash }],
    ['nonce', each.nonce],
    ['last ledger', String(each.expirationLedger)],
    ['signed', each.signedAt === null ? 'not yet' : moment(each.signedAt)],
    each.spentLedger === null ? null : ['spent in ledger', String(each.spentLedger)],
    each.landingTxHash === null ? null : ['landed by', link(each.landingTxHash)],
  ]);
}

function landingsTable(landings, link) {
  const table = rowsTable('Landings');
  table.update({
    note: '',
    none: 'None.',
    columns: [
      'no.',
      'transaction',
      'state',
      'channel',
      'valid until',
      'fee, stroops',
      'charged, stroops',
      'submitted',
      'found',
    ],
    rows: landings.map((each) => ({
      key: each.hash,
      cells: [
        String(each.number),
        link(each.hash),
        each.state,
        { whole: each.channel, short: true },
        { at: each.maxTime },
        grouped(each.fee),
        each.feeCharged === null ? null : grouped(each.feeCharged),
        submitted(each, 'not yet'),
        found(each),
      ],
    })),
  });
  return table.element;
}

function summary(reservation, pool) {
  return facts([
    ['state', stateChip(reservation.state)],
    ['reservation', { whole: reservation.id }],
    ['amount', grouped(reservation.amount)],
    ['pool', { text: pool.name, href: `#/pools/${pool.id}` }],
    ['borrower', { whole: reservation.borrower }],
    [
      'borrower signs',
      reservation.signing === 'authorization'
        ? 'an authorization, which the service lands'
        : 'a transaction',
    ],
    [
      'deadline',
      reservation.state === 'held'
        ? { until: reservation.expiresAt }
        : { at: reservation.expiresAt },
    ],
  ]);
}

/** Ids may be larger than a number holds exactly. Null where loans have none. */
function loanIds({ state, loanIdWindow }, nextLoanId) {
  if (loanIdWindow === null) return null;
  const { first, last } = loanIdWindow;
  const outside = state === 'open' && nextLoanId !== null && BigInt(nextLoanId) > BigInt(last);
  return outside
    ? { text: `${first}–${last} ▲ outside: the next is ${nextLoanId}`, strong: true }
    : `${first}–${last}`;
}

/**
 * Loans of others that may land before it, and what that costs; null where it was not recorded, or
 * where loans have no ids.
 */
function roomFor({ loanIdWindow, windowBytes, windowFee }) {
  if (loanIdWindow === null || windowBytes === null || windowFee === null) return null;
  const { first, last } = loanIdWindow;
  return `${BigInt(last) - BigInt(first)} loans, ${grouped(String(windowBytes))} bytes, ${grouped(windowFee)} stroops`;
}

function step(row, link) {
  return h(
    'li',
    { 'data-kind': row.kind },
    h('h3', {}, KINDS[row.kind] ?? row.kind.replaceAll('_', ' ')),
    h('p', { class: 'when' }, h('time', { datetime: row.at }, moment(row.at))),
    facts([
      row.stateBefore === row.stateAfter || row.stateBefore === null
        ? null
        : ['state', `${row.stateBefore} → ${row.stateAfter}`],
      row.heldBefore === row.heldAfter
        ? null
        : ['held in the pool', `${grouped(row.heldBefore)} → ${grouped(row.heldAfter)}`],
      row.inFlightBefore === row.inFlightAfter
        ? null
        : [
            'in flight in the pool',
            `${grouped(row.inFlightBefore)} → ${grouped(row.inFlightAfter)}`,
          ],
      row.envelopeHash === null ? null : ['transaction', link(row.envelopeHash)],
      row.ledger === null
        ? null
        : [
            'ledger',
            `${row.ledger}${row.closeTime === null ? '' : `, closed ${moment(row.closeTime)}`}`,
          ],
      row.reason === null
        ? null
        : [
            row.kind === 'submitted' && row.reason !== 'signed' ? "the node's answer" : 'reason',
            row.reason,
          ],
    ]),
    row.evidence === null ? null : evidence(row.evidence),
  );
}

function evidenceWord(name, value) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (name.endsWith('CloseTime') && /^\d{1,11}$/.test(value))
    return moment(new Date(Number(value) * 1000).toISOString());
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** The certificate: what the chain said, member by member. */
function evidence({ certificate, ...others }) {
  const members =
    certificate === undefined
      ? others
      : {
          certificate: CERTIFICATES[certificate]
            ? `${certificate}: ${CERTIFICATES[certificate]}`
            : certificate,
          ...others,
        };
  const pairs = Object.entries(members).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    evidenceWord(name, value),
  ]);
  return h(
    'div',
    { class: 'evidence' },
    h('h4', {}, 'Evidence'),
    h(
      'dl',
      { class: 'facts' },
      ...pairs.map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, pieceNode(text)))),
    ),
  );
}
