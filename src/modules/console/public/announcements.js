import { setText } from './dom.js';

const live = document.querySelector('#said');

/** A pool under load changes many times a second. Screen readers hear of it at most this often. */
const ANNOUNCE_MS = 5_000;

let next = '';
let timer = null;
/** Announces the newest text to screen readers. */
export function announce(text) {
  next = text;
  timer ??= setTimeout(() => {
    timer = null;
    setText(live, next);
  }, ANNOUNCE_MS);
}
