import * as api from './api.js';
import { announce } from './announcements.js';
import { h } from './dom.js';
import { timeline } from './timeline.js';
import { trying } from './trouble.js';
import { atMostEvery, inTurn } from './turns.js';
import { heading, main, notFoundView, ROWS_MS } from './view.js';

/**
 * One reservation with its journal.
 * @param explorer address with {hash}, or null
 * @param isCurrent whether the person is still at this address
 */
export async function reservationView(id, { explorer, isCurrent }) {
  let gone = false;
  const alive = () => !gone && isCurrent();
  main.replaceChildren(heading(`Reservation ${id}`), h('p', {}, 'Loading…'));
  let shown = null;
  let missing = false;
  const load = async () => {
    const found = await timeline(id, explorer, () => void again()).catch((thrown) => {
      if (thrown instanceof api.NotFound) return null;
      throw thrown;
    });
    if (!alive()) return;
    missing = found === null;
    if (missing) {
      notFoundView('No such reservation', `There is no reservation ${id}.`);
      return;
    }
    if (shown?.version === found.version) return;
    if (shown !== null) announce(`Reservation is ${found.state}.`);
    shown = { version: found.version, poolId: found.pool.id, state: found.state };
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
