import * as api from './api.js';
import { h, setText } from './dom.js';

/** Requests that came at about the same time are a race, and each of them is a cell. */

const KINDS = {
  refused: { sign: '×', words: 'refused' },
  held: { sign: '◐', words: 'held, not signed yet' },
  submitted: { sign: '◕', words: 'submitted' },
  settled: { sign: '●', words: 'landed' },
  released: { sign: '○', words: 'released' },
  expired: { sign: '○', words: 'expired' },
};
const CELLS_MAX = 300;

const kindOf = (hold) => (hold.state === 'held' && hold.submittedAt ? 'submitted' : hold.state);

function cells({ holds, refusals }) {
  const asked = [
    ...holds.map((each) => ({ ...each, kind: kindOf(each) })),
    ...refusals.map((each) => ({ ...each, kind: 'refused' })),
  ];
  return asked.toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(-CELLS_MAX);
}

function cell({ id, kind, amount, code, borrower }) {
  const words = `${KINDS[kind].words}: ${amount} for ${borrower.slice(0, 6)}…${code ? `, ${code}` : ''}`;
  const attributes = { class: `cell ${kind}`, title: words };
  return id === undefined
    ? h('span', attributes, KINDS[kind].sign)
    : h('a', { ...attributes, href: `#/reservations/${id}`, tabindex: '-1' }, KINDS[kind].sign);
}

function sentence(all, seconds) {
  const count = (...kinds) => all.filter(({ kind }) => kinds.includes(kind)).length;
  const refused = count('refused');
  const parts = [
    [count('settled'), 'landed'],
    [count('submitted'), 'submitted'],
    [count('held'), 'wait for a signature'],
    [count('released', 'expired'), 'ended without a loan'],
  ].filter(([many]) => many > 0);
  const got = all.length - refused;
  return (
    `In the last ${Math.round(seconds / 60)} minutes: ${got} of ${all.length} requests got a hold, ` +
    `${refused} ${refused === 1 ? 'was' : 'were'} refused` +
    `${parts.length === 0 ? '.' : `. Of the ${got}: ${parts.map((each) => each.join(' ')).join(', ')}.`}`
  );
}

/** The requests of the last two minutes, in the order in which they came; hidden when there is none. */
export function raceStrip(poolId) {
  const words = h('p', {});
  // the sentence says it, and the rows below have every figure
  const grid = h('div', { class: 'cells', 'aria-hidden': 'true' });
  const element = h(
    'section',
    { class: 'race', 'aria-labelledby': 'race-title', hidden: true },
    h('h2', { id: 'race-title' }, 'Requests now'),
    words,
    grid,
  );
  let shown = '';
  const read = () => api.recent(poolId);
  const show = (found) => {
    const all = cells(found);
    element.hidden = all.length === 0;
    setText(words, all.length === 0 ? '' : sentence(all, found.seconds));
    const now = all.map(({ id, kind }) => `${id} ${kind}`).join();
    if (now === shown) return;
    shown = now;
    grid.replaceChildren(...all.map(cell));
  };
  return { element, read, show };
}
