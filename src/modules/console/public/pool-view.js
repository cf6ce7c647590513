import * as api from './api.js';
import { poolCharts } from './charts.js';
import { contractLines } from './contracts.js';
import { h } from './dom.js';
import { poolCard } from './pools.js';
import { ROWS, rowsTable } from './rows.js';
import { trying } from './trouble.js';
import { atMostEvery, inTurn } from './turns.js';
import { main, ROWS_MS } from './view.js';

const HISTORY_MS = 5_000;
/** The service reads them every few minutes. */
const CONTRACTS_MS = 60_000;
/** Longer spans move slowly and cost more to read. */
const LONG_HISTORY_TURNS = 6;
const SPANS = [
  [0.25, '15 minutes'],
  [1, '1 hour'],
  [24, '24 hours'],
  [168, '7 days'],
];

/** The span that was chosen last, hours. It stays when the view changes. */
let hours = 0.25;

/** One pool: its card, its history and the rows of one term. */
export function poolView(pool, term) {
  const rows = ROWS[term] ?? ROWS.held;
  const { card, update } = poolCard(pool, { level: 'h1' });
  const table = rowsTable(rows.title);
  const charts = poolCharts();
  const contracts = contractLines();
  let alive = true;
  const reading = (what, read, show) =>
    inTurn(() =>
      trying(
        what,
        async () => {
          const found = await read();
          if (alive) show(found);
        },
        () => alive,
      ),
    );
  const load = reading('rows', () => rows.load(pool.id), table.update);
  const loadHistory = reading('history', () => api.history(pool.id, hours), charts.draw);
  const loadContracts = reading('contracts', () => api.contracts(pool.id), contracts.update);
  main.replaceChildren(
    card,
    contracts.element,
    historySection(loadHistory, charts), // before the rows, which may be 200
    rowsSection(pool.id, rows, table),
  );
  const again = () => {
    void load();
    void loadHistory();
    void loadContracts();
  };
  again();
  const loadSoon = atMostEvery(ROWS_MS / 4, load);
  let turn = 0;
  const timers = [
    setInterval(load, ROWS_MS),
    setInterval(loadContracts, CONTRACTS_MS),
    setInterval(() => {
      turn++;
      if (hours < 1 || turn % LONG_HISTORY_TURNS === 0) void loadHistory();
    }, HISTORY_MS),
  ];
  return {
    pool: (changed) => {
      if (changed.id === pool.id) {
        update(changed);
        loadSoon();
      }
    },
    again,
    scheme: () => {
      charts.again();
    },
    free: () => {
      alive = false;
      timers.forEach(clearInterval);
      charts.free();
    },
  };
}

function historySection(loadHistory, charts) {
  const choice = h(
    'fieldset',
    { class: 'spans' },
    h('legend', {}, 'Time shown'),
    ...SPANS.map(([each, name]) => {
      const radio = h('input', {
        type: 'radio',
        name: 'span',
        value: String(each),
        checked: each === hours,
      });
      radio.addEventListener('change', () => {
        hours = each;
        void loadHistory();
      });
      return h('label', {}, radio, ` ${name}`);
    }),
  );
  return h(
    'section',
    { 'aria-labelledby': 'charts-title' },
    h('h2', { id: 'charts-title' }, 'History'),
    choice,
    charts.element,
  );
}

function rowsSection(poolId, rows, table) {
  const links = Object.entries(ROWS).map(([name, { title }]) =>
    h(
      'a',
      { href: `#/pools/${poolId}/${name}`, 'aria-current': rows === ROWS[name] ? 'true' : null },
      title,
    ),
  );
  return h(
    'section',
    { 'aria-labelledby': 'rows-title' },
    h('h2', { id: 'rows-title', tabindex: '-1' }, rows.title),
    h('nav', { class: 'tabs', 'aria-label': 'Rows' }, ...links),
    h('p', {}, rows.about),
    table.element,
  );
}
