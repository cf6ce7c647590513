import * as api from './api.js';
import { h } from './dom.js';

/** By reader, because the success of one says nothing about another. */
const box = document.querySelector('#trouble');
const troubles = new Map();
function showTroubles() {
  const byMessage = new Map([...troubles.values()].map((thrown) => [thrown.message, thrown]));
  const lines = [...byMessage.values()].map((thrown) =>
    h(
      'p',
      {},
      `▲ ${thrown.message} `,
      thrown instanceof api.SignedOut ? h('a', { href: '/sign-in' }, 'Sign in again') : null,
    ),
  );
  if (box.textContent !== lines.map((line) => line.textContent).join(''))
    box.replaceChildren(...lines); // the same text is not announced again
}
export function fail(who, thrown) {
  troubles.set(who, thrown);
  showTroubles();
}
function forget(...who) {
  for (const each of who) troubles.delete(each);
  showTroubles();
}
/** Removes the troubles of the view on the screen. */
export function forgetView() {
  forget('rows', 'history', 'reservation', 'race', 'action');
}
/**
 * Runs the work and shows its failure; its next success removes that.
 * @param alive whether the view is still open
 * @returns whether it worked
 */
export async function trying(who, work, alive = () => true) {
  try {
    await work();
    if (alive()) forget(who);
    return true;
  } catch (thrown) {
    if (alive()) fail(who, thrown);
    return false;
  }
}
