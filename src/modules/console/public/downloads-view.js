import * as api from './api.js';
import { ask } from './dialog.js';
import { h, now } from './dom.js';
import { heading, IDLE_VIEW, main } from './view.js';

const DAY_MS = 86_400_000;
/** Reports as files, those of finance first. The others are for who knows SQL: `holdfast report`. */
const FILES = [
  ['balances', 'Daily balances: how each pool moved, every row adds up', true],
  ['funnel-daily', 'Requests by day: held, refused, settled, expired', true],
  ['reservations', 'Every hold with its amounts, times and end', true],
  ['refusals', 'Every recorded refusal', true],
  ['unreserved', 'Loans that a pool funded without a hold', true],
  ['breaks', 'Every difference between ledger and chain', true],
  ['position', 'Every pool as it is now', false],
  ['pools', 'Every pool with its contracts and its token', false],
];
const day = (ms) => new Date(ms).toISOString().slice(0, 10);

/** The last whole month, UTC. */
function lastMonth() {
  const today = new Date(now());
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  return { since: day(Date.UTC(year, month - 1, 1)), through: day(Date.UTC(year, month, 0)) };
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}

async function download(report, hasRange, { pool, since, through }) {
  const range = hasRange
    ? {
        since: `${since}T00:00:00Z`,
        until: `${day(Date.parse(through) + DAY_MS)}T00:00:00Z`,
      }
    : {};
  const text = await api.file(`/operator/reports/${report}.csv`, { pool, ...range });
  const name = hasRange ? `${report}-${since}-${through}.csv` : `${report}.csv`;
  save(name, text);
  return `Downloaded ${name}, ${text.split('\r\n').length - 2} rows.`;
}

const rangeFields = () => {
  const { since, through } = lastMonth();
  return [
    { name: 'since', label: 'From (UTC day)', kind: 'date', required: true, value: since },
    { name: 'through', label: 'To, included', kind: 'date', required: true, value: through },
  ];
};

/** @param pools by id, updated by the caller */
export function downloadsView(pools) {
  const poolField = {
    name: 'pool',
    label: 'Pool',
    kind: 'select',
    options: [['', 'all pools'], ...[...pools.values()].map(({ id, name }) => [id, name])],
    value: '',
  };
  const button = ([report, about, hasRange]) => {
    const open = h('button', { type: 'button' }, 'Download');
    open.setAttribute('aria-label', `Download ${report}`);
    open.addEventListener('click', () =>
      ask({
        title: `Download ${report}`,
        verb: 'Download',
        about: `${about}. CSV with every column, amounts in token units and in base units.`,
        reason: false,
        fields: [poolField, ...(hasRange ? rangeFields() : [])],
        run: (given) => download(report, hasRange, given),
      }),
    );
    return h('tr', {}, h('th', { scope: 'row' }, report), h('td', {}, about), h('td', {}, open));
  };
  main.replaceChildren(
    heading('Downloads'),
    h(
      'p',
      {},
      'Reports as files. The columns are those of docs/reporting.md; for more than a million rows ',
      'use the command: holdfast report NAME --format csv.',
    ),
    h('table', { class: 'downloads' }, h('tbody', {}, ...FILES.map(button))),
  );
  return IDLE_VIEW;
}
