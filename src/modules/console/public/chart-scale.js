/* global uPlot -- the chart library is a classic script beside this module */

/** Axes and points of the charts. Times are UTC, as every time on the page. */

export const colour = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const seconds = (iso) => Date.parse(iso) / 1000;
// a place on the screen, not an amount
export const number = (text) => (text === null || text === undefined ? null : Number(text));

/** Dates alone when the span is in days. */
const timeAxis = (days) => ({
  values: (_, splits) =>
    splits.map((at) => {
      const iso = new Date(at * 1000).toISOString();
      return days ? iso.slice(5, 10) : iso.slice(11, 16);
    }),
});
const DAYS_SECONDS = 2 * 86_400;
export const tzDate = (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC');

/** @param words what a place on the vertical axis is called */
export const axes = ({ since, until }, words) => {
  const line = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { stroke: colour('--grid'), width: 1 },
  };
  return [
    { ...line, ...timeAxis(seconds(until) - seconds(since) > DAYS_SECONDS), size: 30 },
    { ...line, values: (_, splits) => splits.map(words), size: 64 },
  ];
};
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
export const alone = (values) =>
  values.flatMap((value, at) =>
    value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null
      ? [at]
      : [],
  );
