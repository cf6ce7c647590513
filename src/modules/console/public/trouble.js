import * as api from './api.js';
import { h } from './dom.js';

/** By who met it: the success of one reader says nothing of another's. */
const box = document.querySelector('#trouble');
const troubles = new Map();
function tellTroubles() {
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
    box.replaceChildren(...lines); // the same again is not announced again
}
export function fail(who, thrown) {
  troubles.set(who, thrown);
  tellTroubles();
}
function forget(...who) {
  for (const each of who) troubles.delete(each);
  tellTroubles();
}
/** What only the view on the screen reads. */
export function forgetView() {
  forget('rows', 'history', 'reservation');
}
/**
 * Runs it, and tells of its failure; its own next success takes that away. @param alive whether
 * anybody still looks @returns whether it worked
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
