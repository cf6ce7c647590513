import * as api from './api.js';
import { poolCharts } from './charts.js';
import { facts, grouped, h, now, setChainClock, setClock, setText, tick } from './dom.js';
import { poolCard } from './pools.js';
import { ROWS, rowsTable } from './rows.js';
import { timeline } from './timeline.js';
import { fail, forgetView, trying } from './trouble.js';

const main = document.querySelector('#main');
const said = document.querySelector('#said');
const healthBox = document.querySelector('#health');

const HEALTH_MS = 10_000;
/** Rows also change without the pool: a vote of the judge moves no counter. */
const ROWS_MS = 4_000;
const HISTORY_MS = 10_000;
/** A pool under load changes many times a second: a listener is told of it at most so often. */
const SAY_MS = 5_000;
const SPANS = [[1, '1 hour'], [24, '24 hours'], [168, '7 days']];

const pools = new Map();
let explorer = null;
let connection = 'connecting';
let lastHealth = null;
/** What is on the screen: `pool` for a change of a pool, `free` when it goes. */
let view = { pool: () => undefined, scheme: () => undefined, free: () => undefined };
let visit = 0;
let hours = 1;

// --- what is said ---------------------------------------------------------------------------------------------------

let toSay = '';
let sayTimer = null;
function say(text) {
  toSay = text;
  sayTimer ??= setTimeout(() => { sayTimer = null; setText(said, toSay); }, SAY_MS);
}

// --- health ---------------------------------------------------------------------------------------------------------

const CONNECTIONS = { connecting: 'connecting', live: '● live', lost: '▲ cut off, trying again', refused: '▲ cut off' };
function showHealth() {
  const check = ({ ok, detail }) => ({ text: `${ok ? '●' : '▲'} ${detail}`, strong: !ok });
  healthBox.replaceChildren(facts([
    ['this page', { text: CONNECTIONS[connection], strong: connection !== 'live' }],
    ...(lastHealth === null ? [] : [['chain', check(lastHealth.chain)], ['database', check(lastHealth.database)], ['snapshots', check(lastHealth.pools)], ['jobs', check(lastHealth.jobs)]]),
  ]));
}
async function readHealth() {
  try { lastHealth = await api.health(); } catch { lastHealth = null; }
  showHealth();
}

// --- views ----------------------------------------------------------------------------------------------------------

const heading = (text) => h('h1', { tabindex: '-1' }, text);

function allPools() {
  const cards = new Map();
  const list = h('div', {});
  const add = (pool, how) => { const made = poolCard(pool, { level: 'h2' }); cards.set(pool.id, made); list[how](made.card); };
  const byState = [...pools.values()].toSorted((a, b) => Number(a.state === 'closed') - Number(b.state === 'closed'));
  for (const pool of byState) add(pool, 'append');
  const none = h('p', { hidden: pools.size > 0 }, 'No pool is registered yet: npm run pools -- add');
  main.replaceChildren(heading('Pools'), none, list);
  const update = (pool) => {
    none.hidden = true;
    const card = cards.get(pool.id);
    if (card) card.update(pool); else add(pool, 'prepend'); // registered while one looks: where it is seen
  };
  return { pool: update, scheme: () => undefined, free: () => undefined };
}

function onePool(pool, term) {
  const rows = ROWS[term] ?? ROWS.held;
  const { card, update } = poolCard(pool, { level: 'h1' });
  const table = rowsTable(rows.title);
  const charts = poolCharts();
  const links = Object.entries(ROWS).map(([name, { title }]) => h('a', { href: `#/pools/${pool.id}/${name}`, 'aria-current': rows === ROWS[name] ? 'true' : null }, title));
  const load = () => trying('rows', async () => { const found = await rows.load(pool.id); if (alive) table.update(found); }, () => alive);
  const loadHistory = () => trying('history', async () => { const found = await api.history(pool.id, hours); if (alive) charts.draw(found); }, () => alive);
  const choice = h('fieldset', { class: 'spans' }, h('legend', {}, 'Time shown'), ...SPANS.map(([each, name]) => {
    const radio = h('input', { type: 'radio', name: 'span', value: String(each), checked: each === hours });
    radio.addEventListener('change', () => { hours = each; void loadHistory(); });
    return h('label', {}, radio, ` ${name}`);
  }));
  let alive = true;
  main.replaceChildren(card,
    h('section', { 'aria-labelledby': 'rows-title' }, h('h2', { id: 'rows-title', tabindex: '-1' }, rows.title), h('nav', { class: 'tabs', 'aria-label': 'Rows' }, ...links), h('p', {}, rows.about), table.element),
    h('section', { 'aria-labelledby': 'charts-title' }, h('h2', { id: 'charts-title' }, 'History'), choice, charts.element));
  void load();
  void loadHistory();
  const loadSoon = atMostEvery(ROWS_MS / 4, load);
  const timers = [setInterval(load, ROWS_MS), setInterval(loadHistory, HISTORY_MS)];
  return {
    pool: (now) => { if (now.id === pool.id) { update(now); loadSoon(); } },
    scheme: () => { charts.again(); },
    free: () => { alive = false; timers.forEach(clearInterval); charts.free(); },
  };
}

/** An address of somewhere that is not there, with the way back. */
function nowhere(title, words) {
  main.replaceChildren(heading(title), h('p', {}, words, ' ', h('a', { href: '#/' }, 'All pools')));
  return { pool: () => undefined, scheme: () => undefined, free: () => undefined };
}

async function oneReservation(id) {
  const mine = visit;
  let gone = false;
  const alive = () => !gone && mine === visit;
  main.replaceChildren(heading(`Reservation ${id}`), h('p', {}, 'Loading…'));
  let shown = null;
  let missing = false;
  const load = async () => {
    const found = await timeline(id, explorer).catch((thrown) => { if (thrown instanceof api.NotFound) return null; throw thrown; });
    if (!alive()) return;
    missing = found === null;
    if (missing) { nowhere('No such reservation', `There is no reservation ${id}.`); return; }
    const told = found.element.textContent;
    if (shown?.told === told) return;
    if (shown !== null) say(`Reservation is ${found.state}.`);
    shown = { told, poolId: found.pool.id, state: found.state };
    main.replaceChildren(main.querySelector('h1'), found.element);
  };
  const again = () => trying('reservation', load, alive);
  const timer = setInterval(() => { if (!missing && (shown === null || shown.state === 'held')) void again(); }, ROWS_MS);
  const soon = atMostEvery(ROWS_MS / 4, again);
  await again();
  return { pool: (pool) => { if (pool.id === shown?.poolId && shown.state === 'held') soon(); }, scheme: () => undefined, free: () => { gone = true; clearInterval(timer); } };
}

/** At once the first time, then at most once in `ms`; the last call is never lost. */
function atMostEvery(ms, work) {
  let timer = null;
  let again = false;
  const run = () => {
    if (timer !== null) { again = true; return; }
    timer = setTimeout(() => { timer = null; if (again) { again = false; run(); } }, ms);
    void work();
  };
  return run;
}

// --- routes ---------------------------------------------------------------------------------------------------------

/** `#/`, `#/pools/<id>[/<term>]`, `#/reservations/<id>`. With one pool, that is what there is to see. @param moved whether a person went there: the focus goes along */
async function show(moved) {
  const [, place = '', id, term] = location.hash.replace(/^#/, '').split('/');
  const mine = ++visit;
  view.free();
  view = { pool: () => undefined, scheme: () => undefined, free: () => undefined };
  const only = place === '' && pools.size === 1 ? [...pools.values()][0] : undefined;
  const pool = only ?? (place === 'pools' ? pools.get(id) : undefined);
  forgetView();
  const made = place === 'reservations' && id ? await oneReservation(id) : pool ? onePool(pool, term ?? 'held') : place === 'pools' && id ? nowhere('No such pool', `There is no pool ${id}.`) : allPools();
  if (mine !== visit) { made.free(); return; }
  view = made;
  const title = place === 'reservations' ? 'Reservation' : pool?.name ?? (place === 'pools' && id ? 'No such pool' : 'Pools');
  document.title = `${title} – Holdfast console`;
  if (moved) (main.querySelector(term ? '#rows-title' : 'h1') ?? main).focus();
}

// --- live -----------------------------------------------------------------------------------------------------------

/** @param pause why a paused pool is; a stream does not say, so that what was read stays until it is read anew */
function know(pool, pause = pools.get(pool.id)?.pause) {
  const known = { ...pool, pause: pool.state === 'paused' ? pause : undefined, readAt: pool.ageSeconds === null ? null : new Date(now() - pool.ageSeconds * 1000).toISOString() };
  setChainClock(pool.chainLagSeconds, pool.ageSeconds);
  const before = pools.get(pool.id);
  pools.set(pool.id, known);
  if (before !== undefined && (before.held !== pool.held || before.inFlight !== pool.inFlight || before.state !== pool.state || before.shortfall !== pool.shortfall)) {
    say(`${pool.name}: ${grouped(pool.available)} available, ${grouped(pool.held)} held in ${pool.liveHolds} holds, ${grouped(pool.inFlight)} in flight.${pool.state === 'active' ? '' : ` The pool is ${pool.state}.`}`);
  }
  if (known.state === 'paused' && known.pause === undefined) askWhy();
  return { known, isNew: before === undefined };
}

/** Ends the stream. */
let stopListening = () => undefined;
function listen() {
  stopListening = api.follow({
    onPool: (pool) => {
      const { known, isNew } = know(pool);
      if (isNew && outgrown(pool.id)) void show(false);
      else view.pool(known);
    },
    onState: (state) => {
      connection = state;
      showHealth();
      if (state === 'refused') comeBack();
    },
  });
}
/** Refused for good: the session is over, or the service is full; asking tells which. */
function comeBack() { setTimeout(async () => { if (await trying('stream', api.overview)) listen(); else setTimeout(listen, HEALTH_MS); }, HEALTH_MS / 5); }

/** Whether a new pool makes another view of this place: the only one is no longer alone, or the one that was asked for is there now. */
function outgrown(id) { return (location.hash.replace(/^#\/?/, '') === '' && pools.size === 2) || location.hash.startsWith(`#/pools/${id}`); }

let started = false;
/** Pools that were registered since, and a clock that has drifted. */
async function look() {
  await trying('overview', async () => {
    const found = await api.overview();
    setClock(found.now);
    explorer = found.explorerTxUrl;
    let anew = !started;
    for (const pool of found.pools) { const { known, isNew } = know(pool, found.pauses[pool.id]); anew ||= isNew && outgrown(pool.id); if (started) view.pool(known); }
    started = true;
    if (anew) await show(false);
  });
}

/** A pool was paused while one looks. What was read may be older than the pause: then once more. */
const askWhy = atMostEvery(ROWS_MS, look);

/** Every tab of this browser has the one session: where it ends in one, the others close their streams too. */
const session = new BroadcastChannel('holdfast-session');
document.querySelector('form[action="/sign-out"]').addEventListener('submit', () => { session.postMessage('over'); });
session.addEventListener('message', () => {
  stopListening();
  connection = 'refused';
  showHealth();
  fail('stream', new api.SignedOut('The session is over.'));
  comeBack();
});

addEventListener('hashchange', () => { if (location.hash === '' || location.hash.startsWith('#/')) void show(true); });
document.querySelector('.skip').addEventListener('click', (event) => { event.preventDefault(); main.focus(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => view.scheme());
setInterval(tick, 1000);
setInterval(readHealth, HEALTH_MS);
setInterval(look, HEALTH_MS * 3);
showHealth();
void readHealth();
await look();
listen();
