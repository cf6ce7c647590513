import { h } from './dom.js';

const SPANS = [
  [0.25, '15 minutes'],
  [1, '1 hour'],
  [24, '24 hours'],
  [168, '7 days'],
];
const CUSTOM = 'custom';

/** The span that was chosen last: `hours`, or `since` and `until`. It stays when the view changes. */
let span = { hours: 0.25 };
export const chosenSpan = () => span;
/** Whether it moves fast enough to be read often. */
export const isShortSpan = () => (span.hours ?? Number.POSITIVE_INFINITY) < 1;

/** As a field of a form has it, in UTC. */
const typed = (iso) => iso.slice(0, 19);

/**
 * The charts of a pool and the choice of their time.
 * @param load reads them again
 */
export function historySection(load, charts) {
  const since = h('input', { type: 'datetime-local', step: '1', 'aria-label': 'From, UTC' });
  const until = h('input', { type: 'datetime-local', step: '1', 'aria-label': 'To, UTC' });
  const range = h(
    'form',
    { class: 'range', hidden: span.since === undefined },
    since,
    h('span', {}, 'to'),
    until,
    h('button', {}, 'Show'),
  );
  const radios = new Map();
  const choose = (value) => {
    const radio = h('input', { type: 'radio', name: 'span', value: String(value) });
    radio.checked = span.since === undefined ? value === span.hours : value === CUSTOM;
    radios.set(value, radio);
    radio.addEventListener('change', () => {
      range.hidden = value !== CUSTOM;
      if (value === CUSTOM) fill();
      else {
        span = { hours: value };
        void load();
      }
    });
    return radio;
  };
  const fill = () => {
    const end = new Date().toISOString();
    const begin = new Date(Date.now() - (span.hours ?? 24) * 3_600_000).toISOString();
    since.value = typed(span.since ?? begin);
    until.value = typed(span.until ?? end);
  };
  const custom = (chosen) => {
    span = chosen;
    radios.get(CUSTOM).checked = true;
    range.hidden = false;
    fill();
    void load();
  };
  range.addEventListener('submit', (event) => {
    event.preventDefault();
    if (since.value === '' || until.value === '') return;
    custom({
      since: new Date(`${since.value}Z`).toISOString(),
      until: new Date(`${until.value}Z`).toISOString(),
    });
  });
  const choice = h(
    'fieldset',
    { class: 'spans' },
    h('legend', {}, 'Period'),
    ...SPANS.map(([hours, name]) => h('label', {}, choose(hours), ` ${name}`)),
    h('label', {}, choose(CUSTOM), ' Custom, UTC'),
    range,
  );
  if (span.since !== undefined) fill();
  return {
    custom,
    element: h(
      'section',
      { 'aria-labelledby': 'charts-title' },
      h('h2', { id: 'charts-title' }, 'History'),
      choice,
      charts.element,
    ),
  };
}
