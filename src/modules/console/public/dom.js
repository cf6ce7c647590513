/**
 * Builds elements. Data from the service reaches the page as text nodes and attributes only.
 * Nothing here parses HTML, so a pool's name or a reason is never more than text.
 */

/**
 * @param {Record<string, unknown>} attributes null, undefined and false are left out; true is an
 * empty attribute
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Sets a text only when it changed, so that screen readers stay quiet and selected text stays
 * selected.
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** 1234567.5 as 1,234,567.5. Exact, because it stays text. */
export function grouped(amount) {
  if (amount === null || amount === undefined) return 'not known';
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(amount) ?? [null, '', amount, ''];
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

/**
 * How far the service's clock is ahead of the browser's, milliseconds. Deadlines are counted down
 * by the service's clock.
 */
let aheadMs = 0;
export function setClock(iso) {
  aheadMs = Date.parse(iso) - Date.now();
}
export const now = () => Date.now() + aheadMs;

/** 2026-11-25T12:05:01.123Z as 2026-11-25 12:05:01 UTC */
export const moment = (iso) => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : '');
export const clock = (iso) => (iso ? `${iso.slice(11, 19)} UTC` : '');

export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  if (whole < 86_400)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** How far the chain's clock is behind the service's, milliseconds. Deadlines are chain times. */
let chainBehindMs = 0;
const CLOCKS_DIFFER_SECONDS = 30;
/**
 * Sets the chain's clock by the pool that was observed last; an old snapshot of a closed pool says
 * nothing about today. A lag below half a minute is the ordinary distance between two ledgers, and
 * following it would make countdowns jump.
 * @param {Iterable<{ readAt: string | null, chainBehind: number | null }>} pools
 */
export function setChainClock(pools) {
  const read = [...pools].filter(
    ({ readAt, chainBehind }) => readAt !== null && chainBehind !== null,
  );
  const behind =
    read.reduce(
      (newest, pool) => (newest === null || pool.readAt > newest.readAt ? pool : newest),
      null,
    )?.chainBehind ?? 0;
  chainBehindMs = Math.abs(behind) > CLOCKS_DIFFER_SECONDS ? behind * 1000 : 0;
}
/** Names the clock of the countdowns when it is not the service's. */
export const chainClockWords = () =>
  chainBehindMs === 0
    ? null
    : `▲ ${span(Math.abs(chainBehindMs) / 1000)} ${chainBehindMs > 0 ? 'behind' : 'ahead'}: ` +
      'deadlines are counted down by it';

export function countdown(iso) {
  const seconds = (Date.parse(iso) - now() + chainBehindMs) / 1000;
  return seconds > 0 ? `in ${span(seconds)}` : `passed ${span(-seconds)} ago`;
}

/** Texts that change with time. One timer serves the page. */
export function tick() {
  for (const element of document.querySelectorAll('[data-until]'))
    setText(element, countdown(element.dataset.until));
  for (const element of document.querySelectorAll('[data-since]'))
    setText(element, `${span((now() - Date.parse(element.dataset.since)) / 1000)} ago`);
}

/**
 * A cell or a fact: a text, or an object that stands for one. `whole` is for text that people copy:
 * `short` draws its beginning and end, but selecting, copying and reading aloud give all of it.
 * `chip` is the kind of a state: good, live, bad or closed.
 * `acts` are buttons, `facts` what is folded away.
 * @typedef {string | { amount: string } | { text: string, href?: string, title?: string, strong?:
 * boolean, chip?: string } | { whole: string, href?: string, short?: boolean } | { until: string } | { at: string
 * } | { since: string } | { acts: { words: string, act: () => void, said?: string, danger?:
 * boolean }[] } | { summary: string, facts: Record<string, Piece> }} Piece
 * @param {Piece | null} piece
 */
export function pieceNode(piece) {
  if (piece === null || piece === undefined) return document.createTextNode('–');
  if (typeof piece === 'string') return document.createTextNode(piece);
  if ('amount' in piece) return document.createTextNode(piece.amount);
  if ('until' in piece)
    return h(
      'span',
      { class: 'nowrap' },
      h('time', { datetime: piece.until }, clock(piece.until)),
      ' ',
      h('span', { class: 'count', 'data-until': piece.until }, countdown(piece.until)),
    );
  if ('since' in piece)
    return h(
      'span',
      { class: 'nowrap', 'data-since': piece.since },
      `${span((now() - Date.parse(piece.since)) / 1000)} ago`,
    );
  if ('whole' in piece) return wholeNode(piece);
  if ('acts' in piece) return h('span', { class: 'acts' }, ...piece.acts.map(actNode));
  if ('facts' in piece)
    return h('details', {}, h('summary', {}, piece.summary), facts(Object.entries(piece.facts)));
  if ('at' in piece) return momentNode(piece.at);
  if (piece.chip !== undefined) return h('span', { class: `chip ${piece.chip}` }, piece.text);
  if (piece.href !== undefined)
    return h(
      'a',
      {
        href: piece.href,
        title: piece.title,
        class: piece.text.includes('://') ? 'url' : null,
        ...away(piece.href),
      },
      piece.text,
    );
  return h(
    piece.strong ? 'strong' : 'span',
    { title: piece.title, class: piece.title ? 'nowrap' : null },
    piece.text,
  );
}

/** Where there is little room it breaks between day and time, never at a hyphen. */
const momentNode = (iso) =>
  h(
    'time',
    { datetime: iso, class: 'nowrap' },
    h('span', { class: 'part' }, iso.slice(0, 10)),
    ' ',
    h('span', { class: 'part' }, clock(iso)),
  );

function actNode({ words, act, said, danger = false }) {
  const button = h(
    'button',
    { type: 'button', class: danger ? 'danger quiet' : null, 'aria-label': said },
    words,
  );
  button.addEventListener('click', act);
  return button;
}

const END = 6;
function wholeNode({ whole, href, short = false }) {
  const code = short
    ? h(
        'code',
        { class: 'short', title: whole },
        h('span', { class: 'start' }, whole.slice(0, -END)),
        whole.slice(-END),
      )
    : h('code', { class: 'whole' }, whole);
  const shown = href === undefined ? code : h('a', { href, ...away(href) }, code);
  if (short) return shown; // one click selects it; a button in every row would be in the way
  const button = { class: 'copy', type: 'button', 'aria-label': `Copy ${whole}`, title: 'Copy' };
  return h('span', { class: 'copyable' }, shown, h('button', button, 'copy'));
}
const away = (href) =>
  href.startsWith('http') ? { target: '_blank', rel: 'noopener noreferrer' } : {};

/** Name and value pairs. */
export function facts(pairs) {
  return h(
    'dl',
    { class: 'facts' },
    ...pairs
      .filter((pair) => pair !== null)
      .map(([name, piece]) => h('div', {}, h('dt', {}, name), h('dd', {}, pieceNode(piece)))),
  );
}
