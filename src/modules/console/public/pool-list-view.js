import { h, setText } from './dom.js';
import { isTroubled, poolCard } from './pools.js';
import { heading, IDLE_VIEW, main } from './view.js';

/** Every pool as a card. @param pools by id, updated by the caller */
export function poolListView(pools) {
  const cards = new Map();
  const list = h('div', {});
  const folded = h('summary', {});
  const closed = h('details', { class: 'folded', hidden: true }, folded);
  const add = (pool, how) => {
    const made = poolCard(pool, { level: 'h2' });
    cards.set(pool.id, made);
    if (pool.state === 'closed') closed.append(made.card);
    else list[how](made.card);
  };
  // pools that need attention come first; the order does not change while the page is open
  const rank = (pool) => (isTroubled(pool) ? 0 : pool.state === 'closed' ? 2 : 1);
  for (const pool of [...pools.values()].toSorted((a, b) => rank(a) - rank(b))) add(pool, 'append');
  const sum = h('p', {});
  const count = () => {
    const [open, troubled] = [
      [...pools.values()].filter(({ state }) => state !== 'closed'),
      [...pools.values()].filter(isTroubled),
    ];
    const taking = open.length - troubled.length;
    setText(
      sum,
      pools.size === 0
        ? 'No pool is registered yet. Register one with holdfast pools add.'
        : `${taking} of ${open.length} ${taking === 1 ? 'takes' : 'take'} holds` +
            (troubled.length === 0 ? '' : '; ▲ those that take none come first') +
            (open.length === pools.size ? '.' : `; ${pools.size - open.length} closed.`),
    );
    closed.hidden = closed.childElementCount === 1;
    setText(folded, `Closed pools: ${closed.childElementCount - 1}`);
  };
  count();
  main.replaceChildren(heading('Pools'), sum, list, closed);
  const update = (pool) => {
    count();
    const card = cards.get(pool.id);
    if (card) card.update(pool);
    else add(pool, 'prepend'); // registered while the page is open: on top, where it is seen
  };
  return { ...IDLE_VIEW, pool: update };
}
