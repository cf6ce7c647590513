import { poolActions } from './actions.js';
import * as api from './api.js';
import { poolCharts } from './charts.js';
import { contractLines } from './contracts.js';
import { h } from './dom.js';
import { chosenSpan, historySection, isShortSpan } from './history-view.js';
import { pagedList } from './list.js';
import { poolCard } from './pools.js';
import { raceStrip } from './race.js';
import { ROWS } from './rows.js';
import { trying } from './trouble.js';
import { atMostEvery, inTurn } from './turns.js';
import { main, ROWS_MS } from './view.js';

const HISTORY_MS = 5_000;
/** The service reads them every few minutes. */
const CONTRACTS_MS = 60_000;
/** Longer spans move slowly and cost more to read. */
const LONG_HISTORY_TURNS = 6;
/** A race is over in seconds. */
const RACE_MS = 2_000;

/** Its readers: each shows its own trouble, and shows nothing after the view has ended. */
function readersOf(pool, { charts, contracts, race }, alive) {
  const reading = (what, read, show) =>
    inTurn(() =>
      trying(
        what,
        async () => {
          const found = await read();
          if (alive()) show(found);
        },
        alive,
      ),
    );
  return {
    history: reading('history', () => api.history(pool.id, chosenSpan()), charts.draw),
    contracts: reading('contracts', () => api.contracts(pool.id), contracts.update),
    race: reading('race', race.read, race.show),
  };
}

function startTimers({ history, contracts, race }) {
  let turn = 0;
  return [
    setInterval(() => void race(), RACE_MS),
    setInterval(() => void contracts(), CONTRACTS_MS),
    setInterval(() => {
      turn++;
      if (isShortSpan() || (chosenSpan().hours && turn % LONG_HISTORY_TURNS === 0)) void history();
    }, HISTORY_MS),
  ];
}

/** One pool: its card, what it may be told to do, its race, its history and the rows of one term. */
export function poolView(pool, term) {
  const rows = ROWS[term] ?? ROWS.held;
  const { card, update } = poolCard(pool, { level: 'h1' });
  const [actions, contracts, race] = [poolActions(), contractLines(), raceStrip(pool.id)];
  const charts = poolCharts((span) => history.custom(span));
  let open = true;
  const alive = () => open;
  const readers = readersOf(pool, { charts, contracts, race }, alive);
  const history = historySection(readers.history, charts);
  const list = pagedList({
    title: rows.title,
    filters: rows.filters,
    read: (asked) => rows.load(pool.id, asked),
    everyMs: ROWS_MS,
    alive,
  });
  actions.update(pool);
  main.replaceChildren(
    card,
    actions.element,
    contracts.element,
    race.element,
    history.element, // before the rows, which may be 200
    rowsSection(pool.id, rows, list),
  );
  const again = () => {
    for (const load of [list.refresh, ...Object.values(readers)]) void load();
  };
  again();
  const timers = startTimers(readers);
  const soon = [atMostEvery(ROWS_MS / 4, list.refresh), atMostEvery(RACE_MS / 4, readers.race)];
  return {
    pool: (changed) => {
      if (changed.id !== pool.id) return;
      update(changed);
      actions.update(changed);
      for (const load of soon) load();
    },
    again,
    scheme: () => {
      charts.again();
    },
    free: () => {
      open = false;
      timers.forEach(clearInterval);
      list.free();
      charts.free();
    },
  };
}

function rowsSection(poolId, rows, list) {
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
    list.element,
  );
}
