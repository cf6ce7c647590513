/**
 * A view of `reporting` with a word on every column: name, expression, meaning. The views are a
 * public contract, so what a column means is made with it.
 */

export interface ViewColumn {
  readonly name: string;
  readonly expression: string;
  readonly meaning: string;
}
export interface CommentedView {
  readonly name: string;
  readonly meaning: string;
  readonly columns: readonly ViewColumn[];
  /** From its FROM on. */ readonly from: string;
}

export const column = (name: string, expression: string, meaning: string): ViewColumn => ({
  name,
  expression,
  meaning,
});

/** An amount twice: in token units, exact, and in base units. `decimals` is an expression. */
export const amount = (
  name: string,
  expression: string,
  meaning: string,
  decimals = 'p.decimals',
): readonly ViewColumn[] => [
  column(name, `reporting.token_units(${expression}, ${decimals})`, `${meaning}; token units`),
  column(`${name}_base`, expression, `${meaning}; base units`),
];

/** Which pool a row is of, by the pool row `p`. */
export const ofPool: readonly ViewColumn[] = [
  column('pool_id', 'p.id', 'Id of the pool'),
  column('pool_name', 'p.name', 'Name of the pool as it is now'),
];

/** What a view or a column is, said anew; the columns stay. */
export const commentOn = (name: string, meaning: string): string =>
  `comment on view reporting.${name} is ${text(meaning)};`;

export const commentOnColumn = (view: string, name: string, meaning: string): string =>
  `comment on column reporting.${view}.${name} is ${text(meaning)};`;

const text = (words: string): string => `'${words.replaceAll("'", "''")}'`;

export function createView({ name, meaning, columns, from }: CommentedView): string {
  return [
    `create view reporting.${name} as select ` +
      `${columns.map((each) => `${each.expression} as ${each.name}`).join(', ')} ${from};`,
    commentOn(name, meaning),
    ...columns.map((each) => commentOnColumn(name, each.name, each.meaning)),
  ].join('\n');
}
