/** Rows as aligned columns, as a person expects of a database's prompt. */

export interface Column {
  readonly name: string;
  /** Numbers stand to the right. */ readonly right: boolean;
}

/** @param rows cells as text; null is shown as an empty cell, line breaks as spaces */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | null)[])[],
): string {
  const cells = rows.map((row) =>
    columns.map((_, at) => (row[at] ?? '').replaceAll(/\s*\n\s*/g, ' ')),
  );
  const widths = columns.map(({ name }, at) =>
    Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, at) =>
        columns[at]?.right ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return [
    line(columns.map(({ name }) => name)),
    rule,
    ...cells.map(line),
    `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`,
  ].join('\n');
}
