import { formatTable } from '../../src/cli/table.js';
import { short, shortSpread, type Spread } from './figures.js';

/** One scenario as people read it: a table, and bars of its first figure. */
export interface Section {
  readonly title: string;
  /** What was run, and what limits it. */
  readonly about: string;
  /** What the bars show. */
  readonly unit: string;
  /** Names of the further figures. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}
export interface Row {
  readonly label: string;
  /** Absent: it has no figure, and `note` says why. */
  readonly bar?: Spread;
  readonly kind: 'ours' | 'other' | 'bound' | 'broken';
  readonly figures: readonly (number | string | null)[];
  readonly note?: string;
}

export interface Outcome {
  readonly section: Section;
  /** Broken invariants of the product; the bench fails with any. */
  readonly faults: readonly string[];
  /** Ratios of figures of this run, for `--check`: more is better. */
  readonly ratios: Readonly<Record<string, number>>;
}

const cell = (figure: number | string | null): string =>
  figure === null ? '' : typeof figure === 'number' ? short(figure) : figure;

/** As cells of text: label, bar, figures, note. */
export const cellsOf = (row: Row): readonly string[] => [
  row.label,
  row.bar ? shortSpread(row.bar) : '-',
  ...row.figures.map(cell),
  row.note ?? '',
];

export function printSection(section: Section): string {
  const columns = ['', section.unit, ...section.columns, ''].map((name, index) => ({
    name,
    right: index > 0 && index <= section.columns.length + 1,
  }));
  return `\n${section.title}\n${section.about}\n\n${formatTable(columns, section.rows.map(cellsOf))}`;
}
