import * as api from './api.js';
import { poolCharts } from './charts.js';
import { grouped, h, now, setChainClock, setClock, setText, tick } from './dom.js';
import { isLive, readHealth, setConnection, showHealth } from './health.js';
import { isStale, isTroubled, poolCard } from './pools.js';
import { ROWS, rowsTable } from './rows.js';
import { timeline } from './timeline.js';
import { fail, forgetView, trying } from './trouble.js';
import { atMostEvery, inTurn } from './turns.js';

const main = document.querySelector('#main');
const said = document.querySelector('#said');

const HEALTH_MS = 5_000;
const LOOK_MS = 30_000;
/** Rows also change without the pool: a vote of the judge moves no counter. */
const ROWS_MS = 4_000;
const HISTORY_MS = 5_000;
/** Longer spans move slowly, and cost more to read. */
const LONG_HISTORY_TURNS = 6;
/** A pool under load changes many times a second: screen readers hear of it at most this often. */
const SAY_MS = 5_000;
const SPANS = [
  [0.25, '15 minutes'],
  [1, '1 hour'],
  [24, '24 hours'],
  [168, '7 days'],
];

const pools = new Map();
let explorer = null;
/**
 * What is on the screen: `pool` for a change of a pool, `again` to read all of it anew, `scheme`
 * for light and dark, `free` when it goes.
 */
const NO_UPDATE = {
  pool: () => undefined,
  again: () => undefined,
  scheme: () => undefined,
  free: () => undefined,
};
let view = NO_UPDATE;
let visit = 0;
let hours = 0.25;

// --- what is said
// ---------------------------------------------------------------------------------------------------

let toSay = '';
let sayTimer = null;
function say(text) {
  toSay = text;
  sayTimer ??= setTimeout(() => {
    sayTimer = null;
    setText(said, toSay);
  }, SAY_MS);
}

// --- views
// ----------------------------------------------------------------------------------------------------------

const heading = (text) => h('h1', { tabindex: '-1' }, text);

function allPools() {
  const cards = new Map();
  const list = h('div', {});
  const add = (pool, how) => {
    const made = poolCard(pool, { level: 'h2' });
    cards.set(pool.id, made);
    list[how](made.card);
  };
  // what somebody should look at is seen first; nothing moves while one reads
  const rank = (pool) => (isTroubled(pool) ? 0 : pool.state === 'closed' ? 2 : 1);
  for (const pool of [...pools.values()].toSorted((a, b) => rank(a) - rank(b))) add(pool, 'append');
  const sum = h('p', {});
  const count = () => {
    const [open, troubled] = [
      [...pools.values()].filter(({ state }) => state !== 'closed'),
      [...pools.values()].filter(isTroubled),
    ];
    setText(
      sum,
      pools.size === 0
        ? 'No pool is registered yet: npm run pools -- add'
        : `${open.length - troubled.length} of ${open.length} take ` +
            `holds${troubled.length === 0 ? '' : '; ▲ those that take none were put first'}${open.length === pools.size ? '' : `; ${pools.size - open.length} closed`}.`,
    );
  };
  count();
  main.replaceChildren(heading('Pools'), sum, list);
  const update = (pool) => {
    count();
    const card = cards.get(pool.id);
    if (card) card.update(pool);
    else add(pool, 'prepend'); // registered while one looks: where it is seen
  };
  return { ...NO_UPDATE, pool: update };
}

function onePool(pool, term) {
  const rows = ROWS[term] ?? ROWS.held;
  const { card, update } = poolCard(pool, { level: 'h1' });
  const table = rowsTable(rows.title);
  const charts = poolCharts();
  const links = Object.entries(ROWS).map(([name, { title }]) =>
    h(
      'a',
      { href: `#/pools/${pool.id}/${name}`, 'aria-current': rows === ROWS[name] ? 'true' : null },
      title,
    ),
  );
  const load = inTurn(() =>
    trying(
      'rows',
      async () => {
        const found = await rows.load(pool.id);
        if (alive) table.update(found);
      },
      () => alive,
    ),
  );
  const loadHistory = inTurn(() =>
    trying(
      'history',
      async () => {
        const found = await api.history(pool.id, hours);
        if (alive) charts.draw(found);
      },
      () => alive,
    ),
  );
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
  let alive = true;
  main.replaceChildren(
    card,
    h(
      'section',
      { 'aria-labelledby': 'charts-title' },
      h('h2', { id: 'charts-title' }, 'History'),
      choice,
      charts.element,
    ), // before the rows, which may be 200
    h(
      'section',
      { 'aria-labelledby': 'rows-title' },
      h('h2', { id: 'rows-title', tabindex: '-1' }, rows.title),
      h('nav', { class: 'tabs', 'aria-label': 'Rows' }, ...links),
      h('p', {}, rows.about),
      table.element,
    ),
  );
  const again = () => {
    void load();
    void loadHistory();
  };
  again();
  const loadSoon = atMostEvery(ROWS_MS / 4, load);
  let turn = 0;
  const timers = [
    setInterval(load, ROWS_MS),
    setInterval(() => {
      turn++;
      if (hours < 1 || turn % LONG_HISTORY_TURNS === 0) void loadHistory();
    }, HISTORY_MS),
  ];
  return {
    pool: (now) => {
      if (now.id === pool.id) {
        update(now);
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

/** An address of somewhere that is not there, with the way back. */
function nowhere(title, words) {
  main.replaceChildren(heading(title), h('p', {}, words, ' ', h('a', { href: '#/' }, 'All pools')));
  return NO_UPDATE;
}

async function oneReservation(id) {
  const mine = visit;
  let gone = false;
  const alive = () => !gone && mine === visit;
  main.replaceChildren(heading(`Reservation ${id}`), h('p', {}, 'Loading…'));
  let shown = null;
  let missing = false;
  const load = async () => {
    const found = await timeline(id, explorer).catch((thrown) => {
      if (thrown instanceof api.NotFound) return null;
      throw thrown;
    });
    if (!alive()) return;
    missing = found === null;
    if (missing) {
      nowhere('No such reservation', `There is no reservation ${id}.`);
      return;
    }
    const text = found.element.textContent;
    if (shown?.text === text) return;
    if (shown !== null) say(`Reservation is ${found.state}.`);
    shown = { text, poolId: found.pool.id, state: found.state };
    main.replaceChildren(main.querySelector('h1'), found.element);
  };
  const again = inTurn(() => trying('reservation', load, alive));
  const timer = setInterval(() => {
    if (!missing && (shown === null || shown.state === 'held')) void again();
  }, ROWS_MS);
  const soon = atMostEvery(ROWS_MS / 4, again);
  await again();
  return {
    pool: (pool) => {
      if (pool.id === shown?.poolId && shown.state === 'held') soon();
    },
    again,
    scheme: () => undefined,
    free: () => {
      gone = true;
      clearInterval(timer);
    },
  };
}

// --- routes
// ---------------------------------------------------------------------------------------------------------

/**
 * `#/`, `#/pools/<id>[/<term>]`, `#/reservations/<id>`. With one pool, that is what there is to
 * see. @param moved whether a person went there: the focus goes along
 */
async function show(moved) {
  const [, place = '', id, term] = location.hash.replace(/^#/, '').split('/');
  const mine = ++visit;
  view.free();
  view = NO_UPDATE;
  const only = place === '' && pools.size === 1 ? [...pools.values()][0] : undefined;
  const pool = only ?? (place === 'pools' ? pools.get(id) : undefined);
  forgetView();
  const made =
    place === 'reservations' && id
      ? await oneReservation(id)
      : pool
        ? onePool(pool, term ?? 'held')
        : place === 'pools' && id
          ? nowhere('No such pool', `There is no pool ${id}.`)
          : allPools();
  if (mine !== visit) {
    made.free();
    return;
  }
  view = made;
  const title =
    place === 'reservations'
      ? 'Reservation'
      : (pool?.name ?? (place === 'pools' && id ? 'No such pool' : 'Pools'));
  document.title = `${title} – Holdfast console`;
  if (moved) (main.querySelector(term ? '#rows-title' : 'h1') ?? main).focus();
}

// --- live
// -----------------------------------------------------------------------------------------------------------

/**
 * @param pause why a paused pool is; a stream does not say, so that what was read stays until it is
 * read anew
 */
function know(pool, pause = pools.get(pool.id)?.pause) {
  const known = {
    ...pool,
    pause: pool.state === 'paused' ? pause : undefined,
    readAt:
      pool.ageSeconds === null ? null : new Date(now() - pool.ageSeconds * 1000).toISOString(),
    chainBehind:
      pool.chainLagSeconds === null || pool.ageSeconds === null
        ? null
        : pool.chainLagSeconds - pool.ageSeconds,
  };
  const before = pools.get(pool.id);
  pools.set(pool.id, known);
  setChainClock(pools.values());
  if (
    before !== undefined &&
    (before.held !== pool.held ||
      before.inFlight !== pool.inFlight ||
      before.state !== pool.state ||
      before.shortfall !== pool.shortfall)
  ) {
    say(
      `${pool.name}: ${grouped(pool.available)} available, ${grouped(pool.held)} held in ` +
        `${pool.liveHolds} holds, ${grouped(pool.inFlight)} in ` +
        `flight.${pool.state === 'active' ? '' : ` The pool is ${pool.state}.`}`,
    );
  }
  if (known.state === 'paused' && known.pause === undefined) askWhy();
  return { known, isNew: before === undefined };
}

/** Ends the stream. */
let stopListening = () => undefined;
let streamedAt = 0;
function listen() {
  streamedAt = performance.now();
  stopListening = api.follow({
    onPool: (pool) => {
      streamedAt = performance.now();
      const { known, isNew } = know(pool);
      if (isNew && outgrown(pool.id)) void show(false);
      else view.pool(known);
    },
    onState: (state) => {
      const before = setConnection(state);
      if (state === 'refused') comeBack();
      if (state === before) return;
      if (state === 'lost') say('Cut off from the service: the figures are old.');
      if (state === 'lost' || before !== 'connecting' || !started) {
        void look();
        view.again();
      } // says why it is lost, or takes that away
    },
  });
}
/** Refused for good: the session is over, or the service is full; asking tells which. */
function comeBack() {
  setTimeout(async () => {
    if (await trying('stream', api.overview)) listen();
    else setTimeout(listen, HEALTH_MS * 2);
  }, HEALTH_MS / 2);
}

/**
 * Whether a new pool makes another view of this place: the only one is no longer alone, or the one
 * that was asked for is there now.
 */
function outgrown(id) {
  return (
    (location.hash.replace(/^#\/?/, '') === '' && pools.size === 2) ||
    location.hash.startsWith(`#/pools/${id}`)
  );
}

let started = false;
/** Pools that were registered since, and a clock that has drifted. */
const look = inTurn(async () => {
  await trying('overview', async () => {
    const found = await api.overview();
    setClock(found.now);
    explorer = found.explorerTxUrl;
    streamIsDeaf(found.pools);
    let anew = !started;
    for (const pool of found.pools) {
      const { known, isNew } = know(pool, found.pauses[pool.id]);
      anew ||= isNew && outgrown(pool.id);
      if (started) view.pool(known);
    }
    started = true;
    if (anew) await show(false);
  });
});
/**
 * Its socket may be open and lead nowhere, after a proxy or a sleep: then pools change, and it says
 * nothing of it.
 */
function streamIsDeaf(found) {
  const changed = found.some(
    ({ id, version }) => pools.has(id) && pools.get(id).version !== version,
  );
  if (!isLive() || !changed || performance.now() - streamedAt < LOOK_MS / 2) return;
  stopListening();
  listen();
}

/**
 * What changes with time alone: no event tells that a snapshot gets old, or that the service falls
 * silent.
 */
const knownAsStale = new Set();
function pass() {
  tick();
  showHealth();
  for (const pool of pools.values()) {
    const stale = isStale(pool);
    if (stale === knownAsStale.has(pool.id)) continue;
    if (stale) knownAsStale.add(pool.id);
    else knownAsStale.delete(pool.id);
    if (stale) say(`${pool.name}: its snapshot is stale, nothing is promised on it.`);
    view.pool(pool);
  }
}

/** A pool was paused while one looks. What was read may be older than the pause: then once more. */
const askWhy = atMostEvery(ROWS_MS, look);

/**
 * Every tab of this browser has the one session: where it ends in one, the others close their
 * streams too.
 */
const session = new BroadcastChannel('holdfast-session');
document.querySelector('form[action="/sign-out"]').addEventListener('submit', () => {
  session.postMessage('over');
});
session.addEventListener('message', () => {
  stopListening();
  setConnection('refused');
  fail('stream', new api.SignedOut('The session is over.'));
  comeBack();
});

addEventListener('hashchange', () => {
  if (location.hash === '' || location.hash.startsWith('#/')) void show(true);
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => view.scheme());
setInterval(pass, 1000);
setInterval(readHealth, HEALTH_MS);
setInterval(look, LOOK_MS);
showHealth();
void readHealth();
await look();
listen();
