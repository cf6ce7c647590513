import * as api from './api.js';
import { chainClockWords, facts, span } from './dom.js';
import { inTurn } from './turns.js';

/** The line that is always visible: whether the page is live, and how healthy the service is. */
const box = document.querySelector('#health');
/**
 * Longer than the interval between health checks. A service that is silent for this long hangs,
 * even when the stream's socket is open.
 */
const SILENT_SECONDS = 20;

let connection = 'connecting';
/** null: not known; undefined: not asked yet. */
let health;

function connectionWords() {
  if (connection === 'connecting') return 'connecting';
  if (connection === 'refused') return '▲ cut off';
  if (connection === 'live' && api.silentSeconds() <= SILENT_SECONDS) return '● live';
  return (
    `▲ ${connection === 'lost' ? 'cut off, trying again' : 'the service is silent'}: what is ` +
    `shown is ${span(api.silentSeconds())} old`
  );
}

let shownText = '';
/** May be called often, because it draws only what changed. */
export function showHealth() {
  const check = ({ ok, detail }) => ({ text: `${ok ? '●' : '▲'} ${detail}`, strong: !ok });
  const [connected, clock] = [connectionWords(), chainClockWords()];
  document.body.classList.toggle('old', connected.startsWith('▲'));
  const pairs = [
    ['this page', { text: connected, strong: !connected.startsWith('●') }],
    ...(health === null ? [['service', { text: '▲ its health is not known', strong: true }]] : []),
    ...(health
      ? [
          ['chain', check(health.chain)],
          ['database', check(health.database)],
          ['snapshots', check(health.pools)],
          ['jobs', check(health.jobs)],
        ]
      : []),
    clock === null ? null : ['chain clock', { text: clock, strong: true }],
  ];
  const words = JSON.stringify(pairs);
  if (words !== shownText) {
    box.replaceChildren(facts(pairs));
    // a phone shows the words of what is wrong only
    for (const shown of box.querySelectorAll('.facts div')) {
      shown.classList.toggle('fine', shown.lastChild.textContent.startsWith('●'));
      shown.lastChild.title = shown.lastChild.textContent;
    }
  }
  shownText = words;
}

/**
 * @param state connecting, live, lost (it tries again by itself) or refused
 * @returns the state before
 */
export function setConnection(state) {
  const before = connection;
  connection = state;
  showHealth();
  return before;
}
export const isLive = () => connection === 'live';

export const readHealth = inTurn(async () => {
  try {
    health = await api.health();
  } catch {
    health = null;
  }
  showHealth();
});
