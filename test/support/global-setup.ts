import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../src/database/migrate.js';
import { SERVER_ROLE } from '../../src/database/repeatables.js';
import { keepForInspection, sweepAbandoned } from '../../sandbox/postgres/abandoned.js';
import { admitRole } from '../../sandbox/postgres/admit-role.js';
import { startPostgres } from '../../sandbox/postgres/embedded.js';

/**
 * The one server of a run: where it came from, and what ends it. `keep` leaves it running for a
 * person to inspect.
 */
interface Server {
  readonly kind: string;
  readonly url: (database: string) => string;
  end(keep: boolean): Promise<void>;
}

declare global {
  var holdfastEndTests: (() => Promise<void>) | undefined;
}

const DOCKER_LIMIT_MS = 3000;
/** A copy of the template is preceded by a checkpoint, and pages in full would follow each one. */
const SETTINGS = {
  max_connections: '200',
  deadlock_timeout: '100ms',
  full_page_writes: 'off',
  max_wal_size: '1GB',
};

const withDatabase = (url: string, database: string): string =>
  Object.assign(new URL(url), { pathname: `/${database}` }).href;

function givenServer(url: string): Server {
  return {
    kind: 'given',
    url: (database) => withDatabase(url, database),
    end: () => Promise.resolve(),
  };
}

async function dockerServer(): Promise<Server> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const limit = new AbortController();
  const late = wait(DOCKER_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`no container engine answered in ${DOCKER_LIMIT_MS} ms`);
  });
  try {
    await Promise.race([getContainerRuntimeClient(), late]);
  } finally {
    late.catch(() => undefined); // the abort below ends it; no caller waits for it any more
    limit.abort();
  }
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const flags = Object.entries({ ...SETTINGS, fsync: 'off' }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const container = await new PostgreSqlContainer('postgres:18-trixie')
    .withCommand(['postgres', ...flags])
    .start();
  return {
    kind: 'container',
    url: (database) => withDatabase(container.getConnectionUri(), database),
    end: async (keep) => {
      if (!keep) await container.stop();
    },
  };
}

async function embeddedServer(): Promise<Server> {
  await sweepAbandoned(process.cwd());
  // Each test file copies a database of 1,400 files. After some hundreds of copies a disk's file
  // system spent 0.7 s of CPU on one, memory spends a tenth of that.
  const server = await startPostgres({ durable: false, inMemory: true, settings: SETTINGS });
  const kill = (): void => {
    try {
      process.kill(server.pid, 'SIGQUIT');
    } catch {
      /* already gone */
    }
  };
  // jest ends a run with process.exit on a second Ctrl-C, without the teardown
  process.once('exit', kill);
  return {
    kind: 'embedded',
    url: (database) => server.url(database),
    end: async (keep) => {
      process.off('exit', kill);
      if (!keep) await server.stop();
      else keepForInspection(server.folder, process.cwd());
    },
  };
}

/**
 * Takes DATABASE_URL or TEST_DATABASE_URL, otherwise a container if an engine answers, otherwise
 * the embedded server. TEST_PG=docker|embedded forces one.
 */
async function chooseServer(): Promise<Server> {
  const forced = process.env['TEST_PG'];
  const given = process.env['TEST_DATABASE_URL'] ?? process.env['DATABASE_URL'];
  if (given && !forced) return givenServer(given);
  if (forced === 'embedded') return embeddedServer();
  return dockerServer().catch((error: unknown) => {
    if (forced === 'docker') throw error;
    return embeddedServer();
  });
}

/**
 * Databases that a failed test left. Their names come through the server, because workers are other
 * processes.
 */
async function keptDatabases(admin: pg.Client, run: string): Promise<string[]> {
  const { rows } = await admin.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1',
    [`test_${run}_`],
  );
  return rows.map((row) => row.datname);
}

export default async function setup(): Promise<void> {
  const start = performance.now();
  const server = await chooseServer();
  const run = randomUUID().slice(0, 8);
  const template = `holdfast_template_${run}`;
  const admin = new pg.Client(
    server.kind === 'given'
      ? (process.env['TEST_DATABASE_URL'] ?? process.env['DATABASE_URL'])
      : server.url('postgres'),
  );
  await admin.connect();
  await admin.query(`CREATE DATABASE ${template}`);
  await migrate(server.url(template));
  // services of tests serve as the server's role, as those of `npm start` do
  if (server.kind !== 'given')
    process.env['TEST_SERVER_ROLE'] = await admitRole(server.url(template), SERVER_ROLE);
  process.env['TEST_ADMIN_URL'] = server.url(
    server.kind === 'given' ? (admin.database ?? 'postgres') : 'postgres',
  );
  process.env['TEST_RUN'] = run;
  // Node keeps what it compiled, for the workers and for every process that a test starts.
  process.env['NODE_COMPILE_CACHE'] ??= path.resolve('artifacts/compile-cache');
  // The service decides by DATABASE_URL: no test may reach a developer's database through it by
  // accident.
  delete process.env['DATABASE_URL'];
  globalThis.holdfastEndTests = async () => {
    const kept = await keptDatabases(admin, run);
    await admin
      .query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`)
      .catch((error: unknown) => {
        console.error(error);
      });
    await admin.end();
    for (const name of kept)
      console.log(
        'A failed test left its database: ' +
          `${server.url(name)}${server.kind === 'embedded' ? ' (until the next run)' : ''}`,
      );
    await server.end(kept.length > 0);
  };
  console.log(
    `\nPostgres for tests: ${server.kind}, schema up to date, ready in ` +
      `${Math.round(performance.now() - start)} ms, Node ${process.version}`,
  );
  if (process.env['TESTS_LEFT_OUT'])
    console.log(`Left out, and run with TEST_DOSE=full: ${process.env['TESTS_LEFT_OUT']}`);
}
