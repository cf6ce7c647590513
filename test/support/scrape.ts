import { readFileSync } from 'node:fs';

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Scraped {
  readonly series: readonly Series[];
  /** Type of every metric that is announced, with or without a sample. */
  readonly types: ReadonlyMap<string, string>;
  /** The value of the series with exactly these labels; undefined when there is none. */
  readonly value: (name: string, labels?: Readonly<Record<string, string>>) => number | undefined;
}

const LINE = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/** Prometheus's text format, as far as this service writes it. @throws Error at another line */
export function scrapeOf(text: string): Scraped {
  const types = new Map<string, string>();
  const series: Series[] = [];
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type?.[1] !== undefined && type[2] !== undefined) types.set(type[1], type[2]);
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) throw new Error(`not a sample: ${line}`);
    series.push({
      name,
      value: Number(value),
      labels: Object.fromEntries(
        [...labels.matchAll(LABEL)].map(([, label, text_]) => [label, text_]),
      ),
    });
  }
  const key = (name: string, labels: Readonly<Record<string, string>>): string =>
    `${name} ${Object.entries(labels)
      .map((pair) => JSON.stringify(pair))
      .sort()
      .join(',')}`;
  const known = new Map(series.map(({ name, labels, value }) => [key(name, labels), value]));
  return { series, types, value: (name, labels = {}) => known.get(key(name, labels)) };
}

/** The table of docs/metrics.md by name; a name that ends in * stands for a group. */
export function documentedMetrics(): Map<
  string,
  { readonly type: string; readonly meaning: string; readonly alert: string }
> {
  const rows = readFileSync('docs/metrics.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  return new Map(
    rows.map(([name = '', type = '', , , meaning = '', alert = '']) => [
      name.replaceAll('`', ''),
      { type, meaning, alert },
    ]),
  );
}
