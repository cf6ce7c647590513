import { h } from './dom.js';

export const main = document.querySelector('#main');

/** How often a view reads its rows, which also change without an event of the pool. */
export const ROWS_MS = 4_000;

export const heading = (text) => h('h1', { tabindex: '-1' }, text);

/**
 * What a view does: `pool` shows a change of a pool, `again` reads everything again, `scheme`
 * follows light and dark, `free` ends the view. This one does nothing.
 */
export const IDLE_VIEW = {
  pool: () => undefined,
  again: () => undefined,
  scheme: () => undefined,
  free: () => undefined,
};

/** The page for an address that leads to nothing, with a link back. */
export function notFoundView(title, words) {
  main.replaceChildren(heading(title), h('p', {}, words, ' ', h('a', { href: '#/' }, 'All pools')));
  return IDLE_VIEW;
}
