import { grouped, h } from './dom.js';

/* global uPlot -- the chart library is a classic script beside this module */

const HEIGHT = 150;
/** Each line has its own dash, so that colour is not the only difference. */
const LINES = [
  { field: 'observed_available', label: 'observed available', colour: '--observed', dash: [] },
  { field: 'available', label: 'available', colour: '--available', dash: [8, 4] },
  { field: 'held', label: 'held', colour: '--held', dash: [2, 3] },
  { field: 'in_flight', label: 'in flight', colour: '--in-flight', dash: [10, 3, 2, 3] },
];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const seconds = (iso) => Date.parse(iso) / 1000;
// a place on the screen, not an amount
const number = (text) => (text === null || text === undefined ? null : Number(text));

/** In UTC, as every time on the page; dates alone when the span is in days. */
const timeAxis = (days) => ({
  values: (_, splits) =>
    splits.map((at) => {
      const iso = new Date(at * 1000).toISOString();
      return days ? iso.slice(5, 10) : iso.slice(11, 16);
    }),
});
const DAYS_SECONDS = 2 * 86_400;
const tzDate = (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC');

const axes = (since, until, unit = 1) => [
  {
    ...timeAxis(seconds(until) - seconds(since) > DAYS_SECONDS),
    stroke: colour('--ink'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    size: 30,
  },
  {
    values: (_, splits) => splits.map((at) => axisText(at, unit)),
    stroke: colour('--ink'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    size: 64,
  },
];
const EXACT_BELOW = 1e6;
const SHORT_BELOW = 1e15;
/** Short enough for an axis: 100,000; 123.5B; 1E38. */
export function axisText(at, unit = 1) {
  const value = at * unit;
  const size = Math.abs(value);
  if (size < EXACT_BELOW)
    return new Intl.NumberFormat('en', { maximumSignificantDigits: 6 }).format(value);
  return new Intl.NumberFormat('en', {
    notation: size < SHORT_BELOW ? 'compact' : 'scientific',
    maximumSignificantDigits: 4,
  }).format(value);
}
/** The library's axis steps end at 1e32. Larger amounts are drawn in this unit. */
export const unitOf = (most) => (most < SHORT_BELOW ? 1 : 10 ** Math.floor(Math.log10(most)));

const GAP_SECONDS = 60;
/** Adds a point without a value where no snapshot was taken, so that no line bridges the gap. */
export function withGaps(points, binSeconds) {
  const longest = Math.max(GAP_SECONDS, 3 * binSeconds) * 1000;
  return points.flatMap((point, at) => {
    const before = points[at - 1];
    return before !== undefined && Date.parse(point.at) - Date.parse(before.at) > longest
      ? [{ at: new Date((Date.parse(point.at) + Date.parse(before.at)) / 2).toISOString() }, point]
      : [point];
  });
}
/** For a line with a single point, which would not be visible. */
const alone = (values) =>
  values.flatMap((value, at) =>
    value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null
      ? [at]
      : [],
  );

const range = (since, until) => ({ x: { time: true, range: [seconds(since), seconds(until)] } });

/**
 * Charts of one pool. `draw` may be called at every change. A sentence beside each chart says the
 * same in words.
 */
export function poolCharts() {
  const lines = figure('Utilisation, UTC', legend(LINES.map((line) => ({ ...line, width: 3 }))));
  const bars = figure(
    'Breaks between ledger and chain, UTC',
    legend([
      { label: 'alarms', colour: '--alarm', dash: [], width: 12 },
      { label: 'in transit (ordinary)', colour: '--held', dash: [3, 2], width: 12 },
    ]),
  );
  const element = h('div', { class: 'charts' }, lines.element, bars.element);
  let last = null;
  const draw = (history) => {
    last = history;
    lines.draw(
      utilisationWords(history),
      history.points.length === 0 ? null : (width) => utilisation(history, width),
    );
    bars.draw(
      breakWords(history),
      history.breaks.length === 0 ? null : (width) => breakBars(history, width),
    );
  };
  const again = () => {
    if (last) draw(last);
  };
  return {
    element,
    draw,
    again,
    free: () => {
      lines.free();
      bars.free();
    },
  };
}

const SVG = 'http://www.w3.org/2000/svg';
/** A sample of each line as it is drawn. The library's own legend shows colours only. */
function legend(entries) {
  return h(
    'ul',
    { class: 'legend' },
    ...entries.map(({ label, colour: name, dash, width }) => {
      const svg = document.createElementNS(SVG, 'svg');
      const line = document.createElementNS(SVG, 'path');
      for (const [key, value] of Object.entries({ width: 40, height: 12, 'aria-hidden': 'true' }))
        svg.setAttribute(key, value);
      for (const [key, value] of Object.entries({
        d: 'M0 6H40',
        'stroke-width': width,
        'stroke-dasharray': dash.join(' '),
      }))
        line.setAttribute(key, value);
      line.style.stroke = `var(${name})`;
      svg.append(line);
      return h('li', {}, svg, label);
    }),
  );
}

function figure(title, keys) {
  const words = h('figcaption', {});
  // the caption says it, and the rows below have every figure
  const canvas = h('div', { class: 'canvas', 'aria-hidden': 'true' });
  keys.hidden = true; // of lines that are there
  const element = h('figure', {}, h('h3', {}, title), canvas, keys, words);
  let chart = null;
  // a chart's place may get its width after it was drawn, and another one when a phone is turned
  const watch = new ResizeObserver(() => {
    if (chart && canvas.clientWidth > 0 && chart.width !== canvas.clientWidth)
      chart.setSize({ width: canvas.clientWidth, height: HEIGHT });
  });
  watch.observe(canvas);
  return {
    element,
    draw: (sentence, make) => {
      words.textContent = sentence;
      chart?.destroy();
      canvas.hidden = make === null;
      keys.hidden = make === null;
      chart = make === null ? null : new uPlot(...make(Math.max(200, canvas.clientWidth)), canvas);
    },
    free: () => {
      watch.disconnect();
      chart?.destroy();
      chart = null;
    },
  };
}

function utilisation({ points: read, since, until, binSeconds }, width) {
  const points = withGaps(read, binSeconds);
  const figures = LINES.map(({ field }) => points.map((point) => number(point[field])));
  const unit = unitOf(Math.max(...figures.flat().map((value) => Math.abs(value ?? 0))));
  const data = [
    points.map(({ at }) => seconds(at)),
    ...figures.map((line) => line.map((value) => (value === null ? null : value / unit))),
  ];
  const series = LINES.map((line, at) => ({
    label: line.label,
    stroke: colour(line.colour),
    width: 2,
    dash: line.dash,
    spanGaps: false,
    points: { show: true, filter: () => alone(figures[at]) },
  }));
  return [
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        ...range(since, until),
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.05] },
      },
      axes: axes(since, until, unit),
      tzDate,
      series: [{}, ...series],
    },
    data,
  ];
}

function utilisationWords({ points, availableRange: { least, most } }) {
  const last = points.at(-1);
  if (!last) return 'The pool was not read in this time.';
  const spread =
    // of every snapshot; the line has the lowest of each bin only
    least === null ? '' : ` Available was between ${grouped(least)} and ${grouped(most)}.`;
  return (
    'At the last reading ' +
    `${last.used_share === null ? 'nothing is known of the share in use' : `${(Number(last.used_share) * 100).toFixed(1)} % of the total was lent, held or in ` + 'flight'}.${spread}`
  );
}

function breakBars({ breaks, since, until, binSeconds }, width) {
  const bins = [...new Set(breaks.map(({ at }) => at))];
  const countOf = (bin, alarm) =>
    breaks
      .filter((each) => each.at === bin && each.is_alarm === alarm)
      .reduce((sum, each) => sum + each.breaks, 0);
  const all = bins.map((bin) => countOf(bin, true) + countOf(bin, false));
  const paths = uPlot.paths.bars({ size: [1, 24, 6], align: 1 });
  const bar = (label, name, dash) => ({
    label,
    stroke: colour(name),
    fill: `${colour(name)}${dash}`,
    width: 1,
    paths,
    points: { show: false },
  });
  const data = [
    bins.map((bin) => seconds(bin) + binSeconds / 2),
    all,
    bins.map((bin) => countOf(bin, true)),
  ];
  return [
    {
      width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { ...range(since, until), y: { range: [0, Math.max(2, ...all)] } },
      axes: axes(since, until),
      tzDate,
      series: [{}, bar('in transit (ordinary)', '--held', '66'), bar('alarms', '--alarm', 'ff')],
    },
    data,
  ];
}

function breakWords({ breaks }) {
  if (breaks.length === 0) return 'No break was found in this time.';
  const byClass = new Map();
  for (const { class: name, breaks: count } of breaks)
    byClass.set(name, (byClass.get(name) ?? 0) + count);
  return `Found: ${[...byClass].map(([name, count]) => `${name.replaceAll('_', ' ')} ${count}×`).join(', ')}.`;
}
