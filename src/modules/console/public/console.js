import { alarmsView, channelsView, countAlarms } from './alarms-view.js';
import { announce } from './announcements.js';
import * as api from './api.js';
import { breaksView, causeView } from './cause-view.js';
import './copying.js';
import { grouped, now, setChainClock, setClock, tick } from './dom.js';
import { isLive, readHealth, setConnection, showHealth } from './health.js';
import { jobsView } from './jobs-view.js';
import { keysView } from './keys-view.js';
import { setNames } from './names.js';
import { downloadsView } from './downloads-view.js';
import { auditView, reservationsView } from './lists-view.js';
import { poolListView } from './pool-list-view.js';
import { poolView } from './pool-view.js';
import { isStale } from './pools.js';
import { reservationView } from './reservation-view.js';
import { runbookView } from './runbook-view.js';
import { searchView } from './search-view.js';
import { setSignedIn } from './session.js';
import { fail, forgetView, trying } from './trouble.js';
import { atMostEvery, inTurn } from './turns.js';
import { IDLE_VIEW, main, notFoundView, ROWS_MS } from './view.js';
import { deliveriesView, webhooksView } from './webhooks-view.js';

const HEALTH_MS = 5_000;
const LOOK_MS = 30_000;

const pools = new Map();
let explorer = null;
let view = IDLE_VIEW;
let visit = 0;

// --- routes

const TITLES = {
  reservations: 'Reservations',
  search: 'Search',
  alarms: 'Alarms',
  channels: 'Channels',
  jobs: 'Jobs',
  webhooks: 'Webhooks',
  keys: 'API keys',
  audit: 'Audit log',
  downloads: 'Downloads',
  runbook: 'Runbook',
  breaks: 'Breaks',
  causes: 'Cause',
};
/** Views by the first part of their address. Each gets what follows it. */
const PLACES = {
  alarms: () => alarmsView(pools),
  channels: channelsView,
  reservations: (id, isCurrent) =>
    id ? reservationView(id, { explorer, isCurrent }) : reservationsView(pools),
  downloads: () => downloadsView(pools),
  jobs: jobsView,
  webhooks: (id) => (id ? deliveriesView(id) : webhooksView()),
  keys: keysView,
  audit: () => auditView(pools),
  runbook: runbookView,
  breaks: () => breaksView(pools),
  causes: (id, isCurrent) => causeView(id ?? '', { explorer, isCurrent }),
};

const NAV_MARGIN = 48;
/** Pages that one reaches from another one. */
const UNDER = { breaks: 'alarms', causes: 'alarms', pools: '' };
/** Shows which page one is on. */
function markPlace(place) {
  const shown = UNDER[place] ?? place;
  for (const link of document.querySelectorAll('header nav a')) {
    const [, of = ''] = link.getAttribute('href').split('#/');
    const here = link.hash !== '' && of === shown;
    if (here) {
      link.setAttribute('aria-current', 'page');
      link.parentElement.scrollLeft = link.offsetLeft - NAV_MARGIN; // on a phone it scrolls
    } else link.removeAttribute('aria-current');
  }
}

/**
 * Addresses: `#/`, `#/pools/<id>[/<term>]`, `#/search/<text>`, and the names of `PLACES`, some with
 * an id. Filters stand behind `?`. With a single pool, `#/` shows that pool.
 * @param moved whether a person went there; then the focus moves too
 */
async function show(moved) {
  const [path] = location.hash.replace(/^#/, '').split('?');
  const [, place = '', id, term] = path.split('/');
  const mine = ++visit;
  view.free();
  view = IDLE_VIEW;
  const only = place === '' && pools.size === 1 ? [...pools.values()][0] : undefined;
  const pool = only ?? (place === 'pools' ? pools.get(id) : undefined);
  forgetView();
  markPlace(place);
  const made = Object.hasOwn(PLACES, place)
    ? await PLACES[place](id, () => mine === visit)
    : place === 'search' && id
      ? await searchView(decodeURIComponent(id))
      : pool
        ? poolView(pool, term ?? 'held')
        : place === 'pools' && id
          ? notFoundView('No such pool', `There is no pool ${id}.`)
          : poolListView(pools);
  if (mine !== visit) {
    made.free();
    return;
  }
  view = made;
  const title = TITLES[place] ?? pool?.name ?? (place === 'pools' && id ? 'No such pool' : 'Pools');
  document.title = `${title} – Holdfast console`;
  if (moved) (main.querySelector(term ? '#rows-title' : 'h1') ?? main).focus();
}

// --- live

/**
 * Remembers the newest figures of a pool. @param pause why a paused pool is paused; the stream does
 * not say so, so the last answer stays until it is read again
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
    announce(
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
      if (state === 'lost') announce('Cut off from the service: the figures are old.');
      if (state === 'lost' || before !== 'connecting' || !started) {
        void look();
        view.again();
      } // shows why the connection was lost, or removes that line
    },
  });
}
/** The stream was refused: the session is over, or the service is full. A request finds out which. */
function comeBack() {
  setTimeout(async () => {
    if (await trying('stream', api.overview)) listen();
    else setTimeout(listen, HEALTH_MS * 2);
  }, HEALTH_MS / 2);
}

/**
 * Whether a new pool changes what this address shows: a second pool joins a single one, or the
 * address names the new pool.
 */
function outgrown(id) {
  return (
    (location.hash.replace(/^#\/?/, '') === '' && pools.size === 2) ||
    location.hash.startsWith(`#/pools/${id}`)
  );
}

let started = false;
/** Reads pools that were registered since, and corrects a clock that has drifted. */
const look = inTurn(async () => {
  await trying('overview', async () => {
    const found = await api.overview();
    setClock(found.now);
    explorer = found.explorerTxUrl;
    setSignedIn(found.signedIn);
    setNames(found);
    restartSilentStream(found.pools);
    let mustShow = !started;
    for (const pool of found.pools) {
      const { known, isNew } = know(pool, found.pauses[pool.id]);
      mustShow ||= isNew && outgrown(pool.id);
      if (started) view.pool(known);
    }
    started = true;
    if (mustShow) await show(false);
    void countAlarms(pools);
  });
});
/**
 * Opens the stream again when pools changed and it was silent: after a proxy or a sleep its socket
 * can be open and lead nowhere.
 */
function restartSilentStream(found) {
  const changed = found.some(
    ({ id, version }) => pools.has(id) && pools.get(id).version !== version,
  );
  if (!isLive() || !changed || performance.now() - streamedAt < LOOK_MS / 2) return;
  stopListening();
  listen();
}

/**
 * Shows what changes with time alone: no event reports that a snapshot gets old, or that the service
 * falls silent.
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
    if (stale) announce(`${pool.name}: its snapshot is stale, new holds are refused.`);
    view.pool(pool);
  }
}

/** A pool was paused while the page is open. The last answer may be older than the pause: read again. */
const askWhy = atMostEvery(ROWS_MS, look);

/**
 * All tabs of this browser share one session. When it ends in one tab, the others close their
 * streams.
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
