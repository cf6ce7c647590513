import { cellsOf, type Row, type Section } from './section.js';

/** The results as one page without any other file: tables, and bars as SVG. Light and dark. */
export function pageOf(
  head: { title: string; machine: string },
  sections: readonly Section[],
): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(head.title)}</title>
<style>${STYLE}</style></head>
<body><main><h1>${text(head.title)}</h1><p class="machine">${text(head.machine)}</p>
<p class="key"><i class="ours"></i> Holdfast <i class="other"></i> other designs
<i class="bound"></i> a bound <i class="broken"></i> breaks its promise: no rate is shown</p>
${sections.map(sectionOf).join('\n')}
</main></body></html>
`;
}

const text = (given: string): string =>
  given
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function sectionOf(section: Section): string {
  const names = ['', section.unit, ...section.columns, ''];
  return `<section><h2>${text(section.title)}</h2><p>${text(section.about)}</p>
${inPage(chartOf(section), section)}
<div class="wide"><table><thead><tr>${names.map((name) => `<th>${text(name)}</th>`).join('')}</tr></thead>
<tbody>${section.rows.map(rowOf).join('')}</tbody></table></div></section>`;
}

const rowOf = (row: Row): string =>
  `<tr class="${row.kind}">${cellsOf(row)
    .map((value, index) => (index === 0 ? `<th>${text(value)}</th>` : `<td>${text(value)}</td>`))
    .join('')}</tr>`;

const LINE = 26;
const LABEL = 350;
const WIDTH = 900;
const VALUE = 130;
/** Above the bars of a chart that stands alone. */
const HEAD = 48;
interface Chart {
  readonly height: number;
  readonly bars: string;
}

/** A bar from zero to the median, a thin line over the range of the rounds. */
function chartOf({ rows }: Section): Chart | null {
  const most = Math.max(...rows.map(({ bar }) => bar?.most ?? 0));
  if (most <= 0) return null;
  const scale = (value: number): number => (value / most) * (WIDTH - LABEL - VALUE);
  // a row without a figure is shown only where an invariant broke
  const shown = rows.filter(({ bar, kind }) => bar !== undefined || kind === 'broken');
  const bars = shown.map((row, index) => {
    const y = index * LINE;
    const label = `<text x="${LABEL - 8}" y="${y + 17}" text-anchor="end">${text(row.label)}</text>`;
    const { bar } = row;
    if (!bar)
      return `${label}<text class="broken" x="${LABEL}" y="${y + 17}">${text(row.note ?? '')}</text>`;
    const [from, to] = [LABEL + scale(bar.least), LABEL + scale(bar.most)];
    const [, value = ''] = cellsOf(row);
    return `${label}<rect class="${row.kind}" x="${LABEL}" y="${y + 5}" rx="2"
 width="${Math.max(1, scale(bar.median)).toFixed(1)}" height="16"/>
<line x1="${from.toFixed(1)}" x2="${to.toFixed(1)}" y1="${y + 13}" y2="${y + 13}"/>
<text class="value" x="${(Math.max(to, LABEL + scale(bar.median)) + 6).toFixed(1)}"
 y="${y + 17}">${text(value.replace(/ \(.*/, ''))}</text>`;
  });
  return { height: shown.length * LINE + 4, bars: bars.join('') };
}

const inPage = (chart: Chart | null, { unit }: Section): string =>
  chart === null
    ? ''
    : `<svg viewBox="0 0 ${WIDTH} ${chart.height}" role="img" aria-label="${text(unit)}">${chart.bars}</svg>`;

/** A section's bars as a file of their own, which shows its title and its colours itself. */
export function chartFile(section: Section): string | null {
  const chart = chartOf(section);
  if (chart === null) return null;
  const [title, unit] = [text(section.title), text(section.unit)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${chart.height + HEAD}" role="img">
<title>${title}: ${unit}</title>
<style>${COLOURS} .back { fill: var(--back); }
${BARS}</style>
<rect class="back" width="100%" height="100%"/>
<text x="8" y="20" font-weight="600">${title}</text><text class="value" x="8" y="38">${unit}</text>
<g transform="translate(0 ${HEAD})">${chart.bars}</g></svg>
`;
}

const COLOURS = `
:root { color-scheme: light dark; --back: #fff; --ink: #1c2128; --soft: #5b6470; --line: #d8dde3;
  --ours: #1a6fb5; --other: #9aa5b1; --bound: #c9b458; --broken: #c23b3b; }
@media (prefers-color-scheme: dark) { :root { --back: #14181d; --ink: #e6e9ed; --soft: #9aa5b1;
  --line: #333b45; --ours: #58a6e8; --other: #66707c; --bound: #a08f3c; --broken: #ef7070; } }`;
const BARS = `svg { font: 13px system-ui, sans-serif; } svg text { fill: var(--ink); }
svg .value { fill: var(--soft); } svg text.broken { fill: var(--broken); }
rect.ours { fill: var(--ours); } rect.other { fill: var(--other); } rect.bound { fill: var(--bound); }
rect.broken { fill: var(--broken); } svg line { stroke: var(--ink); stroke-width: 1.5; opacity: .6; }`;
const STYLE = `${COLOURS}
body { background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 960px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 4px; }
.machine, section > p { color: var(--soft); margin: 0 0 12px; max-width: 75ch; }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin: 0 4px 0 14px; }
i.ours { background: var(--ours); } i.other { background: var(--other); }
i.bound { background: var(--bound); } i.broken { background: var(--broken); }
svg { width: 100%; height: auto; }
${BARS}
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { text-align: right; padding: 4px 8px; border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums; font-weight: normal; white-space: nowrap; }
thead th { color: var(--soft); } tbody th, td:last-child { text-align: left; } td:last-child { white-space: normal; }
tr.ours th { font-weight: 600; } tr.broken td:last-child { color: var(--broken); }`;
