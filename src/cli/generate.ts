import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { readConfig } from '../common/config.js';
import { migrate } from '../database/migrate.js';
import { startPostgres } from '../../sandbox/postgres/embedded.js';
import { command, does, run } from './command-line.js';
import { clientTypes } from './client-types.js';
import { dumpOpenApi } from './openapi-dump.js';
import { postmanCollection } from './postman.js';
import { dumpSchema } from './schema-dump.js';
import { settingsPage } from './settings-page.js';

/**
 * A file of the repository that is made from the code. `produce` gets the URL of a freshly
 * migrated, otherwise empty database.
 */
interface Generator {
  readonly file: string;
  readonly produce: (databaseUrl: string) => Promise<string>;
}

const GENERATORS: readonly Generator[] = [
  { file: 'context/schema.sql', produce: schema },
  { file: 'context/openapi.json', produce: openApi },
  {
    file: 'src/client/api.types.ts',
    produce: async (databaseUrl) => clientTypes(await openApi(databaseUrl)),
  },
  {
    file: 'docs/postman.json',
    produce: async (databaseUrl) => postmanCollection(await openApi(databaseUrl)),
  },
  { file: 'docs/configuration.md', produce: () => Promise.resolve(settingsPage()) },
];

let document: Promise<string> | undefined;
/** Made once, because it takes an app. */
function openApi(databaseUrl: string): Promise<string> {
  return (document ??= dumpOpenApi(databaseUrl));
}

async function schema(databaseUrl: string): Promise<string> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await dumpSchema(client);
  } finally {
    await client.end();
  }
}

/** The first differing line and the size of both, for a person who wonders why the check fails. */
function summary(file: string, committed: string | undefined, made: string): string {
  if (committed === undefined) return `${file}: is missing`;
  const [before, after] = [committed.split('\n'), made.split('\n')];
  const at = after.findIndex((line, number) => line !== before[number]);
  const number = at === -1 ? after.length : at;
  return (
    `${file}: differs from line ${number + 1} on (${before.length} lines committed, ` +
    `${after.length} made)\n  committed: ${before[number] ?? '(end)'}\n  made:      ` +
    `${after[number] ?? '(end)'}`
  );
}

/**
 * A migrated database of its own, on the given server or on an embedded one; it is dropped
 * afterwards.
 */
async function withFreshDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = readConfig().DATABASE_URL;
  const server = given === undefined ? await startPostgres({ durable: false }) : undefined;
  const admin = new pg.Client(given ?? server?.url('postgres'));
  const name = `holdfast_generate_${process.pid}`;
  try {
    await admin.connect();
    await admin.query(`create database ${name}`);
    const url =
      server?.url(name) ?? Object.assign(new URL(given ?? ''), { pathname: `/${name}` }).href;
    await migrate(url);
    return await work(url);
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`).catch(() => undefined);
    await admin.end().catch(() => undefined);
    await server?.stop();
  }
}

/** @returns the exit code */
async function generate(check: boolean): Promise<number> {
  const faults: string[] = [];
  await withFreshDatabase(async (url) => {
    for (const { file, produce } of GENERATORS) {
      const made = await produce(url);
      const committed = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
      if (committed === made) console.log(`${file}: unchanged`);
      else if (check) faults.push(summary(file, committed, made));
      else {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, made);
        console.log(`${file}: written`);
      }
    }
  });
  for (const fault of faults) console.error(fault);
  if (faults.length) console.error('Run npm run generate and commit the result.');
  return faults.length ? 1 : 0;
}

process.exitCode = await run(
  does(
    command('npm run generate --', {
      summary: `write ${GENERATORS.map(({ file }) => file).join(', ')}`,
      example: 'npm run generate -- --check',
    }).option('--check', 'write nothing; the exit code is 1 when a file differs'),
    ({ check }) => generate(check === true),
  ),
  process.argv.slice(2),
  { say: (line) => console.log(line), complain: (line) => console.error(line) },
);
