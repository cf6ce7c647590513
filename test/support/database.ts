import { randomUUID } from 'node:crypto';
import pg from 'pg';

declare global {
  /** Set by `test-environment.ts`. */
  var holdfastTestFailed: boolean | undefined;
}

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /**
   * To be called in afterAll. After a failed test the database is kept, and the run's last lines
   * say where it is.
   */
  drop(): Promise<void>;
}

/**
 * @param url of a server that a test started itself; absent: the server of the run
 * @param statements in their order, each in a message of its own
 */
export async function asAdmin(statements: string | string[], url = adminUrl()): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of [statements].flat()) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * A pool says that it has ended when its connections have only begun to. One that is cut then is an
 * error without a listener, which ends the process, so they get half a second.
 */
export const dropDatabase = (name: string, url?: string): Promise<void> =>
  asAdmin(
    [
      `do $$ begin
        for turn in 1..50 loop
          exit when not exists (select from pg_stat_activity where datname = '${name}');
          perform pg_sleep(0.01), pg_stat_clear_snapshot();
        end loop;
      end $$`,
      `drop database if exists ${name} with (force)`,
    ],
    url,
  );

function adminUrl(): string {
  const url = process.env['TEST_ADMIN_URL'];
  if (!url)
    throw new Error('No test server: run through `npm test`, whose global set-up starts one.');
  return url;
}

/**
 * A database of the run's server as the role that serves. Others stay as they are: their roles have
 * no password of ours.
 */
export function asServer(url: string): string {
  const { username, password, host } = new URL(process.env['TEST_SERVER_ROLE'] ?? url);
  const wanted = new URL(url);
  return wanted.host === host ? Object.assign(wanted, { username, password }).href : url;
}

/**
 * A database of its own for one test file, cloned from the migrated template (our schema and
 * pg-boss's, no rows). Takes about 100 ms.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const run = process.env['TEST_RUN'] ?? '';
  const name = `test_${run}_${randomUUID().slice(0, 13).replace('-', '')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE holdfast_template_${run} STRATEGY FILE_COPY`);
  return {
    url: Object.assign(new URL(adminUrl()), { pathname: `/${name}` }).href,
    name,
    drop: async () => {
      if (globalThis.holdfastTestFailed !== true) await dropDatabase(name);
    },
  };
}

/**
 * An empty database, without any schema: for the tests of migrations.
 * @param locale of ICU, which then orders the database's text; absent: the server's own order
 */
export async function createEmptyDatabase(locale?: string): Promise<TestDatabase> {
  const name = `test_${process.env['TEST_RUN'] ?? ''}_${randomUUID().slice(0, 13).replace('-', '')}`;
  await asAdmin(
    `CREATE DATABASE ${name}` +
      (locale === undefined
        ? ''
        : ` TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '${locale}' ENCODING utf8`),
  );
  return {
    url: Object.assign(new URL(adminUrl()), { pathname: `/${name}` }).href,
    name,
    drop: () => dropDatabase(name),
  };
}
