import { facts, grouped, h, moment, pieceNode } from './dom.js';
import { rowsTable } from './table.js';

/** What a reservation is for, and what its borrower was given to sign. */

/** @param terms null: they are not kept */
export function termsSection(terms) {
  if (terms === null) return [];
  return [
    h('h2', {}, 'The loan'),
    facts([
      ['loan', { whole: terms.loanId }],
      ['tenant', terms.tenantId],
      terms.vendor === null ? null : ['vendor', { whole: terms.vendor }],
      ['total', grouped(terms.totalAmount)],
      ['guarantee paid by the borrower', grouped(terms.guaranteeAmount)],
      ['loan type', terms.loanType],
    ]),
    scheduleTable(terms.schedule),
  ];
}

function scheduleTable(schedule) {
  const table = rowsTable('Schedule of repayments');
  table.update({
    note: '',
    none: 'No schedule.',
    columns: ['repayment', 'due', 'amount'],
    rows: schedule.map(({ amount, dueAt }, at) => ({
      key: String(at),
      cells: [`${at + 1} of ${schedule.length}`, { at: dueAt }, { amount: grouped(amount) }],
    })),
  });
  return table.element;
}

/** What was to be signed, in plain members and as the wallet got it. */
export function signedSection(terms) {
  if (terms === null || terms.toSign.length === 0) return [];
  return [
    h('h2', {}, 'What the borrower signs'),
    ...terms.toSign.map((each) =>
      h(
        'details',
        { class: 'signed', open: each === terms.toSign.at(-1) },
        h(
          'summary',
          {},
          `${each.kind === 'authorization' ? 'Authorization' : `Transaction ${each.number}`}`,
        ),
        each.reads === null ? h('p', {}, 'It cannot be read here.') : read(each.reads),
        h('h3', {}, 'XDR, as the wallet gets it'),
        h('div', { class: 'block' }, h('pre', { tabindex: '0' }, h('code', {}, each.xdr)), copy()),
      ),
    ),
  ];
}

const copy = () =>
  h('button', { class: 'copy', type: 'button', 'aria-label': 'Copy the XDR' }, 'copy');

const read = ({ source, sequence, fee, calls }) =>
  h(
    'div',
    {},
    ...(source === undefined
      ? []
      : [
          facts([
            ['source', { whole: source }],
            ['sequence', sequence],
            ['fee at most, stroops', grouped(fee)],
          ]),
        ]),
    ...calls.map(({ contract, function: called, args }) =>
      h(
        'div',
        { class: 'call' },
        h('p', {}, 'Calls ', h('strong', {}, called), ' of ', pieceNode({ whole: contract })),
        h(
          'p',
          { class: 'hint' },
          'As the contract gets them: amounts in base units, times in seconds.',
        ),
        h(
          'table',
          { class: 'prose' },
          h('caption', {}, `Arguments of ${called}`),
          h(
            'tbody',
            {},
            ...args.map(({ name, value }, at) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, name === null ? `argument ${at + 1}` : words(name)),
                h('td', {}, h('code', {}, valueText(value))),
              ),
            ),
          ),
        ),
      ),
    ),
  );

const words = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
const valueText = (value) =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === 'string'
    ? value[0] // a case without members
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 1).replace(/\n */g, ' ');

/** The one sentence that matters: what a live hold waits for, or how it ended. */
export function standingCallout({ reservation, waitsFor }) {
  if (waitsFor !== null)
    return h(
      'p',
      { class: `callout ${waitsFor.needsPerson ? 'bad' : 'live'}` },
      waitsFor.needsPerson
        ? h('strong', {}, `▲ needs a person: ${waitsFor.sentence}`)
        : waitsFor.sentence,
    );
  const ended = `${reservation.state} on ${moment(reservation.endedAt)}`;
  return h(
    'p',
    { class: `callout ${reservation.state === 'settled' ? 'good' : 'closed'}` },
    ENDS[reservation.state]?.(reservation) ?? ended,
  );
}
const ENDS = {
  settled: ({ settledLedger, endedAt }) =>
    `The loan landed in ledger ${settledLedger}; recorded on ${moment(endedAt)}.`,
  released: ({ releaseReason, endedAt }) =>
    `Released on ${moment(endedAt)}` +
    `${releaseReason ? `: ${releaseReason.replaceAll('_', ' ')}` : ''}. The amount is free again.`,
  expired: ({ endedAt }) =>
    `Expired on ${moment(endedAt)}: no transaction of it can land any more. The amount is free again.`,
};
