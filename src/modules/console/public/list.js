import { h, setText } from './dom.js';
import { rowsTable } from './table.js';
import { trying } from './trouble.js';
import { inTurn } from './turns.js';

const PAGE = 50;
const FIRST = [''];
const NO_MATCH = 'Nothing matches the filters.';

/** What stands behind `?` in the page's address. */
export const askedFor = () => new URLSearchParams(location.hash.split('?')[1] ?? '');

function address(values) {
  const [place] = location.hash.split('?');
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length === 0 ? place : `${place}?${new URLSearchParams(given)}`;
}

function filterField({ name, label, options, kind = 'text', placeholder }, value, changed) {
  const all = typeof options === 'function' ? options() : options;
  const input = all
    ? h('select', { name }, h('option', { value: '' }, 'all'), ...all.map(optionOf))
    : h('input', { name, type: kind, placeholder, autocomplete: 'off', spellcheck: 'false' });
  input.value = value;
  input.addEventListener('change', changed);
  return { name, input, element: h('label', {}, h('span', {}, label), input) };
}
const optionOf = (each) => {
  const [value, words] = Array.isArray(each) ? each : [each, each.replaceAll('_', ' ')];
  return h('option', { value }, words);
};
/** A time that was typed is UTC, as every time on the page. */
const sent = (value, kind) =>
  kind === 'datetime-local' && value !== '' ? new Date(`${value}Z`).toISOString() : value;

/** The filters of a list. @param changed runs when a person changed one */
function filterForm(title, filters, changed) {
  const given = askedFor();
  const fields = filters.map((each) => filterField(each, given.get(each.name) ?? '', changed));
  const clear = h('button', { type: 'button', class: 'link', hidden: true }, 'Clear filters');
  const element = h(
    'form',
    { class: 'filters', 'aria-label': `Filters: ${title}`, hidden: filters.length === 0 },
    ...fields.map((field) => field.element),
    clear,
  );
  clear.addEventListener('click', () => {
    for (const { input } of fields) input.value = '';
    changed();
  });
  element.addEventListener('submit', (event) => event.preventDefault());
  const values = () =>
    Object.fromEntries(fields.map(({ name, input }) => [name, input.value.trim()]));
  const isSet = () => Object.values(values()).some((value) => value !== '');
  return {
    element,
    values,
    isSet,
    /** As the service wants them. */
    sent: () =>
      Object.fromEntries(filters.map(({ name, kind }) => [name, sent(values()[name], kind)])),
    show: () => {
      clear.hidden = !isSet();
    },
  };
}

/** The pages of a list. The service names only the next one, so those before are remembered here. */
function pagesOf(title, turned) {
  let cursors = FIRST;
  let next = null;
  const place = h('span', { role: 'status' });
  const previous = h('button', { type: 'button' }, '← Previous');
  const following = h('button', { type: 'button' }, 'Next →');
  const attributes = { class: 'pager', 'aria-label': `Pages: ${title}`, hidden: true };
  const element = h('nav', attributes, previous, place, following);
  const turn = (to) => {
    cursors = to;
    turned();
  };
  following.addEventListener('click', () => turn([...cursors, next]));
  previous.addEventListener('click', () => turn(cursors.slice(0, -1)));
  return {
    element,
    cursor: () => cursors.at(-1),
    isFirst: () => cursors.length === 1,
    begin: () => {
      cursors = FIRST;
    },
    show: (found) => {
      next = found ?? null;
      element.hidden = cursors.length === 1 && next === null;
      previous.disabled = cursors.length === 1;
      following.disabled = next === null;
      setText(place, `page ${cursors.length}`);
    },
  };
}

/**
 * A list with filters and pages. The filters stand in the page's address, so a filtered list can be
 * bookmarked. The first page is read again every `everyMs`; the others stay as they are.
 * @param asked.filters `{ name, label, options?, kind? }` each; options may be a function
 * @param asked.read gets the filters, a cursor and a limit; returns what the table shows, and
 * `nextCursor`; `none` is what it says without filters
 */
export function pagedList({ title, filters = [], read, everyMs = null, alive = () => true }) {
  const table = rowsTable(title);
  const form = filterForm(title, filters, () => {
    pages.begin();
    history.replaceState(null, '', address(form.values()));
    void load();
  });
  const pages = pagesOf(title, () => {
    void load().then(() => table.element.scrollIntoView({ block: 'nearest' }));
  });
  const load = inTurn(() =>
    trying(
      'rows',
      async () => {
        const found = await read({ ...form.sent(), cursor: pages.cursor(), limit: PAGE });
        if (!alive()) return;
        table.update(form.isSet() ? { ...found, none: NO_MATCH } : found);
        pages.show(found.nextCursor);
        form.show();
      },
      alive,
    ),
  );
  /** Reads the first page again, if it is the one that is shown. */
  const refresh = () => (pages.isFirst() ? load() : undefined);
  const timer = everyMs === null ? null : setInterval(refresh, everyMs);
  form.show();
  return {
    element: h('div', {}, form.element, table.element, pages.element),
    load,
    refresh,
    free: () => clearInterval(timer),
  };
}
