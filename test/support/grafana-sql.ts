/**
 * Replaces macros and variables as Grafana's PostgreSQL data source does (its documentation and
 * macros.go): the result is the SQL that Postgres gets for a panel's rawSql.
 */
export interface Looked {
  /** Chosen time, RFC 3339 in UTC. */ readonly from: string;
  readonly to: string;
  readonly interval: string;
  /** Chosen values of the variables by name. */ readonly variables: Readonly<
    Record<string, readonly string[]>
  >;
}

/** An argument ends at the first `)`, so it cannot be an expression in brackets. */
const MACRO = /\$(\w+)\(([^)]*)\)/g;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** @throws Error at an unknown macro or variable, or an invalid interval */
export function expanded(rawSql: string, looked: Looked): string {
  const filled = Object.entries(looked.variables)
    .reduce(
      (sql, [name, values]) =>
        sql
          .replaceAll(
            `\${${name}:sqlstring}`,
            values.map((value) => `'${value.replaceAll("'", "''")}'`).join(','),
          )
          .replaceAll(`\${${name}:csv}`, values.join(',')),
      rawSql,
    )
    .replaceAll(/\$__interval\b/g, looked.interval);
  const sql = filled.replaceAll(MACRO, (_, name: string, given: string) =>
    macro(
      name,
      given.split(',').map((argument) => argument.trim()),
      looked,
    ),
  );
  const left = /\$\{[^}]*\}?|\$\w+/.exec(sql)?.[0];
  if (left !== undefined) throw new Error(`not known: ${left}`);
  return sql;
}

function macro(
  name: string,
  [column = '', interval = '']: readonly string[],
  { from, to }: Looked,
): string {
  if (name === '__timeFrom') return `'${from}'`;
  if (name === '__timeTo') return `'${to}'`;
  if (column === '') throw new Error(`${name} has no column`);
  if (name === '__time') return `${column} AS "time"`;
  if (name === '__timeFilter') return `${column} BETWEEN '${from}' AND '${to}'`;
  if (name === '__timeGroupAlias')
    return `floor(extract(epoch from ${column})/${secondsOf(interval)})*${secondsOf(interval)} AS "time"`;
  throw new Error(`no such macro here: ${name}`);
}

function secondsOf(interval: string): number {
  const [, count, unit = ''] = /^'?(\d+)([smhd])'?$/.exec(interval) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? NaN);
  if (!(seconds > 0)) throw new Error(`not an interval: ${interval}`);
  return seconds;
}
