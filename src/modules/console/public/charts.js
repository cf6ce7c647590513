import {
  alone,
  axes,
  axisText,
  colour,
  number,
  seconds,
  tzDate,
  unitOf,
  withGaps,
} from './chart-scale.js';
import { grouped, h, moment, setText } from './dom.js';

/* global uPlot -- the chart library is a classic script beside this module */

const HEIGHT = 180;
/** Each line has its own dash, so that colour is not the only difference. */
const SHARES = [
  { field: 'used_share', label: 'in use', colour: '--held', dash: [8, 4] },
  { field: 'lent_share', label: 'lent', colour: '--locked', dash: [], fill: '33' },
];
const AMOUNTS = [
  { field: 'locked', label: 'locked', colour: '--locked', dash: [] },
  { field: 'observed_available', label: 'observed available', colour: '--observed', dash: [] },
  { field: 'available', label: 'available', colour: '--available', dash: [8, 4] },
  { field: 'held', label: 'held', colour: '--held', dash: [2, 3] },
  { field: 'in_flight', label: 'in flight', colour: '--in-flight', dash: [10, 3, 2, 3] },
];
const BREAKS = [
  { label: 'break', colour: '--alarm', dash: [], width: 12, alarm: true },
  { label: 'in transit (ordinary)', colour: '--held', dash: [3, 2], width: 12, alarm: false },
];
/** The charts of a pool have one cursor. */
const SYNC = 'pool';
const percent = (share) => `${(Number(share) * 100).toFixed(1)} %`;

/**
 * Charts of one pool: its shares in percent and its amounts, with the breaks on the same axis.
 * `draw` may be called at every change. A sentence beside each chart says the same in words.
 * @param zoomed gets the span that was drawn with the pointer
 */
export function poolCharts(zoomed) {
  const breaks = BREAKS.map((each) => ({ ...each, isBreak: true }));
  const shares = figure('Utilisation, % of the total', SHARES, breaks);
  const amounts = figure('Amounts', AMOUNTS, breaks);
  const element = h('div', { class: 'charts' }, shares.element, amounts.element);
  let last = null;
  const draw = (history) => {
    last = history;
    const empty = history.points.length === 0;
    shares.draw(utilisationWords(history), history, empty ? null : chart(SHARES, true, zoomed));
    amounts.draw(breakWords(history), history, empty ? null : chart(AMOUNTS, false, zoomed));
  };
  return {
    element,
    draw,
    again: () => {
      if (last) draw(last);
    },
    free: () => {
      shares.free();
      amounts.free();
    },
  };
}

const SVG = 'http://www.w3.org/2000/svg';
/** A sample of each line as it is drawn, and its value where the pointer is. */
function legend(entries) {
  const values = new Map();
  const items = entries.map(({ field, label, colour: name, dash, width = 3 }) => {
    const svg = document.createElementNS(SVG, 'svg');
    const line = document.createElementNS(SVG, 'path');
    for (const [key, value] of Object.entries({ width: 28, height: 12, 'aria-hidden': 'true' }))
      svg.setAttribute(key, value);
    for (const [key, value] of Object.entries({
      d: 'M0 6H28',
      'stroke-width': width,
      'stroke-dasharray': dash.join(' '),
    }))
      line.setAttribute(key, value);
    line.style.stroke = `var(${name})`;
    svg.append(line);
    const value = h('span', { class: 'value' });
    if (field !== undefined) values.set(field, value);
    return h('li', {}, svg, label, value);
  });
  return { element: h('ul', { class: 'legend' }, ...items), values };
}

function figure(title, lines, breaks) {
  const words = h('figcaption', {});
  const where = h('span', { class: 'where' });
  // the caption says it, and the rows below have every figure
  const canvas = h('div', { class: 'canvas', 'aria-hidden': 'true' });
  const keys = legend([...lines, ...breaks]);
  keys.element.hidden = true; // of lines that are there
  const head = h('div', { class: 'figure-head' }, h('h3', {}, title), where);
  const element = h('figure', {}, head, canvas, keys.element, words);
  let plot = null;
  let drags = false; // what is drawn with the pointer is not drawn over
  canvas.addEventListener('pointerdown', () => {
    drags = true;
    addEventListener('pointerup', () => (drags = false), { once: true });
  });
  // a chart's place may get its width after it was drawn, and another one when a phone is turned
  const watch = new ResizeObserver(() => {
    if (plot && canvas.clientWidth > 0 && plot.width !== canvas.clientWidth)
      plot.setSize({ width: canvas.clientWidth, height: HEIGHT });
  });
  watch.observe(canvas);
  const point = (found) => {
    setText(where, found ? moment(new Date(Date.parse(found.at)).toISOString()) : '');
    for (const [field, node] of keys.values)
      setText(node, found ? ` ${valueOf(field, found[field])}` : '');
  };
  return {
    element,
    draw: (sentence, history, make) => {
      if (drags) return;
      words.textContent = sentence;
      const { left = -1, top = -1 } = plot?.cursor ?? {};
      plot?.destroy();
      canvas.hidden = make === null;
      keys.element.hidden = make === null;
      const width = Math.max(200, canvas.clientWidth);
      plot = make === null ? null : new uPlot(...make(history, { width, point }), canvas);
      if (left >= 0) plot?.setCursor({ left, top }); // the pointer has not moved
    },
    free: () => {
      watch.disconnect();
      plot?.destroy();
      plot = null;
    },
  };
}

const valueOf = (field, value) =>
  value === null || value === undefined
    ? 'not known'
    : field.endsWith('_share')
      ? percent(value)
      : grouped(value);

/** Paints the breaks over the whole height, so that they are seen beside the lines they disturb. */
function paintBreaks(plot, { breaks, binSeconds }) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { at, is_alarm: isAlarm } of breaks) {
    const name = colour(isAlarm ? '--alarm' : '--held');
    const from = plot.valToPos(seconds(at), 'x', true);
    const width = Math.max(3, plot.valToPos(seconds(at) + binSeconds, 'x', true) - from);
    ctx.fillStyle = `${name}${isAlarm ? '38' : '22'}`;
    ctx.fillRect(from, bbox.top, width, bbox.height);
    ctx.fillStyle = name;
    ctx.fillRect(from, bbox.top + bbox.height - (isAlarm ? 8 : 4), width, isAlarm ? 8 : 4);
  }
  ctx.restore();
}

const chart =
  (lines, shares, zoomed) =>
  (history, { width, point }) => {
    const points = withGaps(history.points, history.binSeconds);
    const figures = lines.map(({ field }) => points.map((each) => number(each[field])));
    const most = Math.max(...figures.flat().map((value) => Math.abs(value ?? 0)));
    const unit = shares ? 1 : unitOf(most);
    const data = [
      points.map(({ at }) => seconds(at)),
      ...figures.map((line) => line.map((value) => (value === null ? null : value / unit))),
    ];
    const words = shares ? (at) => `${Math.round(at * 100)} %` : (at) => axisText(at, unit);
    const least = shares ? 1 : 0;
    return [
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, sync: { key: SYNC }, drag: { x: true, y: false, setScale: false } },
        scales: {
          x: { time: true, range: [seconds(history.since), seconds(history.until)] },
          y: {
            range: (_, low, high) => [
              Math.min(0, low ?? 0),
              Math.max(least, (high || 1) * (shares ? 1 : 1.05)),
            ],
          },
        },
        axes: axes(history, words),
        tzDate,
        hooks: {
          drawClear: [(plot) => paintBreaks(plot, history)],
          setCursor: [({ cursor: { idx } }) => point(idx === null ? undefined : points[idx])],
          setSelect: [
            (plot) => {
              const { left, width: drawn } = plot.select;
              if (drawn < 8) return;
              const at = (x) => new Date(plot.posToVal(x, 'x') * 1000).toISOString();
              zoomed({ since: at(left), until: at(left + drawn) });
            },
          ],
        },
        series: [{}, ...lines.map((line, at) => seriesOf(line, figures[at]))],
      },
      data,
    ];
  };

const seriesOf = (line, figures) => ({
  label: line.label,
  stroke: colour(line.colour),
  ...(line.fill ? { fill: `${colour(line.colour)}${line.fill}` } : {}),
  width: 2,
  dash: line.dash,
  spanGaps: false,
  points: { show: true, filter: () => alone(figures) },
});

function utilisationWords({ points, availableRange: { least, most } }) {
  const last = points.at(-1);
  if (!last) return 'The pool was not observed in this time.';
  const spread =
    // of every snapshot; the line has the lowest of each bin only
    least === null ? '' : ` Available was between ${grouped(least)} and ${grouped(most)}.`;
  const used =
    last.used_share === null
      ? 'the share in use is not known'
      : `${percent(last.used_share)} of the total was lent, held or in flight`;
  return `At the last snapshot ${used}.${spread}`;
}

function breakWords({ breaks }) {
  if (breaks.length === 0) return 'No break was found in this time.';
  const byClass = new Map();
  for (const { class: name, breaks: count } of breaks)
    byClass.set(name, (byClass.get(name) ?? 0) + count);
  return `Found: ${[...byClass].map(([name, count]) => `${name.replaceAll('_', ' ')} ${count}×`).join(', ')}.`;
}
