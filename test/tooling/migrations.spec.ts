import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import commandLine from '../../ormconfig.js';
import { fileOf } from '../../src/common/places.js';
import { readSourceOptions } from '../../src/modules/liquidity/read-source.js';
import { migrate, migrationOptions, MIGRATIONS } from '../../src/database/migrate.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { heldByAuthorization } from '../support/given-authorization.js';
import { account, givenPool, openLedger, request } from '../support/given-ledger.js';

/** The last line of every refusal. */
const REFUSED =
  '`npx holdfast doctor` checks everything that a start needs, and says what to do.\n';

const OURS = `select coalesce(array_agg(name order by name), '{}') as names from (
  select c.relname::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
    and c.relname <> 'schema_migrations'
  union all select p.proname::text from pg_proc p where p.pronamespace = 'public'::regnamespace
  union all select 'reporting.' || c.relname from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'reporting'
  union all select 'schema ' || n.nspname from pg_namespace n where n.nspname = 'reporting') q`;

async function objects(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<{ names: string[] }>(OURS)).rows[0]?.names ?? [];
  } finally {
    await client.end();
  }
}
async function withSource<T>(
  url: string,
  work: (source: DataSource) => Promise<T>,
  optionsFor = migrationOptions,
): Promise<T> {
  const source = await new DataSource(optionsFor(url)).initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

/** What the script that compares two catalogues prints about their differences. */
const differences = (one: string, other: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['scripts/compare-catalogues.mjs', one, other],
      (error, out, err) => {
        resolve(
          error && error.code !== 1 ? err : out.slice(out.search(/^(only|differs|The)/m)).trim(),
        );
      },
    );
  });
/** Undoes the migration of this name and every later one. */
async function undoFrom(source: DataSource, name: string): Promise<void> {
  const applied = (): Promise<unknown[]> =>
    source.query('select from schema_migrations where name = $1', [name]);
  while ((await applied()).length) await source.undoLastMigration();
}
/** Files that the way down of the authorizations drops or marks as changed. */
const OF_AUTHORIZATIONS = [
  'functions/advance_quarantine.sql',
  'functions/note_pool_rules.sql',
  'functions/pool_rules_are_sound.sql',
  'views/reporting.landing_costs_v1.sql',
  'views/reporting.pool_rules_v1.sql',
  'views/reporting.reservations_v1.sql',
  'roles/holdfast_reporting.sql',
  'roles/holdfast_server.sql',
];
/** Views of later migrations, which are undone before any of these. */
const OF_FINANCE = ['views/reporting.daily_balances_v1.sql', 'views/reporting.pools_v1.sql'];
const OF_UTILISATION = [
  'views/reporting.pool_position_v1.sql',
  'views/reporting.utilisation_v1.sql',
];
/** Functions come before views, and roles last; otherwise by name, a view after the one it needs. */
const KINDS = ['functions', 'views', 'roles'];
const EPISODES = 'views/reporting.break_episodes_v1.sql';
const CAUSES = 'views/reporting.break_causes_v1.sql';
const inOrder = (files: readonly string[]): string[] =>
  files.toSorted((a, b) => {
    const kind = (file: string): number => KINDS.indexOf(file.split('/')[0] ?? '');
    const name = (file: string): string => (file === CAUSES ? `${EPISODES} and later` : file);
    return kind(a) - kind(b) || (name(a) < name(b) ? -1 : 1);
  });
const OF_BREAK_CAUSES = ['functions/reporting.break_cause.sql', EPISODES, CAUSES];
/** What the next start applies after `undoFrom`: the migrations, and what undoing drops. */
const appliedFrom = (name: string): string[] => {
  const names = MIGRATIONS.migrations.map((migration) => migration.name);
  const later = names.slice(names.indexOf(name));
  return [
    ...later,
    ...inOrder([
      ...OF_AUTHORIZATIONS,
      ...OF_FINANCE,
      ...OF_BREAK_CAUSES,
      ...(later.includes('UtilisationLimit1800000470000') ? OF_UTILISATION : []),
    ]),
  ];
};
const SAME = 'The catalogues are the same.';
async function undoAll(source: DataSource): Promise<void> {
  while ((await source.query<unknown[]>('select from schema_migrations')).length)
    await source.undoLastMigration();
}

describe('migrations', () => {
  let empty: TestDatabase;
  let filled: TestDatabase;
  beforeAll(async () => {
    empty = await createEmptyDatabase();
    filled = await createTestDatabase();
  });
  afterAll(async () => {
    await empty.drop();
    await filled.drop();
  });

  test('go up, down to nothing, and up again on an empty database', async () => {
    const applied = await migrate(empty.url);
    expect(applied).toEqual(
      expect.arrayContaining([
        'Baseline1800000000000',
        'functions/available.sql',
        'views/reporting.funnel_hourly_v1.sql',
        'roles/holdfast_reporting.sql',
        'roles/holdfast_server.sql',
      ]),
    );
    const after = await objects(empty.url);
    expect(after).toEqual(
      expect.arrayContaining([
        'pools',
        'reservations',
        'envelopes',
        'reservation_events',
        'hold_guard',
        'settle_batch',
        'observe_pool',
        'reporting.funnel_hourly_v1',
        'schema reporting',
      ]),
    );
    await withSource(empty.url, undoAll);
    expect(await objects(empty.url)).toEqual([]);
    expect(await migrate(empty.url)).toEqual(applied);
    expect(await objects(empty.url)).toEqual(after);
  });

  test('go down and up on a database that is in use', async () => {
    const under = openLedger(filled.url);
    const pool = await givenPool(under, 1000n);
    expect(await under.ledger.hold(request(pool.id))).toMatchObject({ kind: 'held' });
    await under.connections.close();
    await withSource(filled.url, undoAll);
    expect(await objects(filled.url)).toEqual([]);
    await migrate(filled.url);
    expect(await differences(filled.url, empty.url)).toBe(SAME);
  });

  test('the rules of each pool get a row of what came', async () => {
    const database = await createTestDatabase();
    const under = openLedger(database.url);
    try {
      const pool = await givenPool(under, 1000n);
      await under.registry.change(pool.id, { feePercentile: 'p99', maxInclusionFee: 7_000 });
      await withSource(database.url, (source) => undoFrom(source, 'InclusionFees1800000100000'));
      expect(await migrate(database.url)).toEqual(appliedFrom('InclusionFees1800000100000'));
      expect(await differences(database.url, empty.url)).toBe(SAME);
      const { rows } = await under.connections.write.query(
        `select fee_percentile, max_inclusion_fee from reporting.pool_rules_v1 where pool_id = $1
          order by number`,
        [pool.id],
      );
      expect(rows).toEqual([
        { fee_percentile: null, max_inclusion_fee: null },
        { fee_percentile: null, max_inclusion_fee: null },
        // one row for each migration that began to keep rules
        { fee_percentile: 'p90', max_inclusion_fee: 100_000 },
        { fee_percentile: 'p90', max_inclusion_fee: 100_000 },
      ]);
      await under.registry.change(pool.id, { maxInclusionFee: 8_000 });
      await expect(under.registry.change(pool.id, { feePercentile: 'p42' })).rejects.toThrow(
        'pool rules: fee_percentile must be p10 to p90 in tens, p95 or p99',
      );
    } finally {
      await under.connections.close();
      await database.drop();
    }
  });

  test('loans without ids go down and up, but not where such a loan is stored', async () => {
    const database = await createTestDatabase();
    const under = openLedger(database.url);
    const undo = (): Promise<void> =>
      withSource(database.url, (source) => undoFrom(source, 'LoansWithoutIds1800000200000'));
    try {
      const pool = await givenPool(under, 1000n);
      await undo();
      expect(await migrate(database.url)).toEqual(appliedFrom('LoansWithoutIds1800000200000'));
      expect(await differences(database.url, empty.url)).toBe(SAME);
      const { loan, ask, ...rest } = request(pool.id);
      if (ask.kind !== 'hold') throw new Error('a hold was asked for');
      expect(
        await under.ledger.hold({
          ...rest,
          loan: {
            ...loan,
            vendor: null,
            totalAmount: rest.amount,
            guaranteeAmount: 0n,
            schedule: [],
          },
          ask: { kind: 'hold', envelope: { ...ask.envelope, loanIdFirst: null, loanIdLast: null } },
        }),
      ).toMatchObject({ kind: 'held' });
      await expect(undo()).rejects.toThrow('is violated by some row');
      expect(await migrate(database.url)).toEqual(appliedFrom('ContractWatch1800000400000'));
      expect(await differences(database.url, empty.url)).toBe(SAME);
    } finally {
      await under.connections.close();
      await database.drop();
    }
  });

  test('authorizations go down and up with live holds, but not where one is stored', async () => {
    const database = await createTestDatabase();
    const under = openLedger(database.url);
    const undo = (): Promise<void> =>
      withSource(database.url, (source) => undoFrom(source, 'Authorizations1800000550000'));
    try {
      const pool = await givenPool(under, 1000n);
      const borrower = account();
      await under.ledger.hold(request(pool.id, { borrower }));
      await undo();
      expect(await migrate(database.url)).toEqual(appliedFrom('Authorizations1800000550000'));
      expect(await differences(database.url, empty.url)).toBe(SAME);
      expect(await under.ledger.hold(request(pool.id, { borrower }))).toMatchObject({
        kind: 'borrower_busy',
      });
      await heldByAuthorization(under, pool.id);
      await expect(undo()).rejects.toThrow('holds that are signed by authorization are stored');
      // later migrations went down before it
      expect(await migrate(database.url)).toEqual([
        'ByteOrder1800000600000',
        'SpentTokens1800000610000',
        'AssetCodes1800000620030',
        'DailyBalances1800000620031',
        'BreakCauses1800000620050',
        'JobsScope1800000650000',
        ...inOrder([...OF_FINANCE, ...OF_BREAK_CAUSES]),
        'roles/holdfast_reporting.sql',
        'roles/holdfast_server.sql',
      ]);
      expect(await differences(database.url, empty.url)).toBe(SAME);
    } finally {
      await under.connections.close();
      await database.drop();
    }
  });

  test('the scope of the jobs page goes up with the keys of operators, and down', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client(database.url);
    await client.connect();
    const scopes = async (): Promise<unknown[]> =>
      (
        await client.query<{ scopes: string[]; revoked: boolean }>(
          'select scopes, revoked_at is not null as revoked from api_keys order by prefix',
        )
      ).rows.map(({ scopes: of, revoked }) => [of, revoked]);
    const undo = (): Promise<void> =>
      withSource(database.url, (source) => undoFrom(source, 'JobsScope1800000650000'));
    try {
      await client.query(
        `insert into api_keys (id, prefix, tenant_id, name, scopes, secret_hash, created_by)
        select gen_random_uuid(), lpad(n::text, 12, '0'), 'ops', 'a key', scopes::text[],
          decode(repeat('00', 32), 'hex'), 'a test' from (values (1, '{operate}'),
          (2, '{pools:read,operate,jobs:write}'), (3, '{jobs:write}')) as keys (n, scopes)`,
      );
      await undo();
      expect(await scopes()).toEqual([
        [['operate'], false],
        [['pools:read', 'operate'], false],
        [['pools:read'], true],
      ]);
      await expect(client.query("update api_keys set scopes = '{jobs:write}'")).rejects.toThrow(
        'api_keys_scopes_check',
      );
      expect(await migrate(database.url)).toEqual(['JobsScope1800000650000']);
      expect(await scopes()).toEqual([
        [['operate', 'jobs:write'], false],
        [['pools:read', 'operate', 'jobs:write'], false],
        [['pools:read'], true],
      ]);
      expect(await differences(database.url, empty.url)).toBe(SAME);
    } finally {
      await client.end();
      await database.drop();
    }
  });

  test('the lending contract and its stored names go down and up', async () => {
    const database = await createTestDatabase();
    const under = openLedger(database.url);
    const { write } = under.connections;
    const named = async (): Promise<unknown[]> =>
      (
        await write.query<{ named: unknown }>(`
          select facts as named from idempotency_keys where outcome = 'refused'
          union all select facts from refusals union all select facts from pool_pauses
          union all select to_jsonb(name) from contract_lifetimes order by 1`)
      ).rows.map((row) => row.named);
    try {
      const pool = await givenPool(under, 1000n);
      const facts = (contract: string) => ({ contract, contractId: pool.poolContract, number: 9 });
      expect(
        await under.ledger.hold({
          ...request(pool.id, { key: 'refused' }),
          ask: {
            kind: 'record-refusal',
            code: 'LOAN_REFUSED_BY_CONTRACT',
            facts: facts('lending_contract'),
          },
        }),
      ).toMatchObject({ kind: 'refused' });
      for (const contract of ['lending_contract', 'pool'])
        await write.query(
          "insert into pool_pauses (pool_id, reason, facts) values ($1, 'contracts_broken', $2)",
          [pool.id, facts(contract)],
        );
      await write.query(
        "insert into contract_lifetimes (pool_id, contract, name, ledger) values ($1, 'C', 'lending_contract', 1)",
        [pool.id],
      );
      const before = await named();
      expect(before).toEqual([
        'lending_contract',
        ...['lending_contract', 'lending_contract', 'lending_contract', 'pool'].map(facts),
      ]);
      await withSource(database.url, (source) => undoFrom(source, 'LendingContract1800000450000'));
      expect(await named()).toEqual([
        'creditline',
        ...['creditline', 'creditline', 'creditline', 'pool'].map(facts),
      ]);
      expect((await write.query('select creditline_contract as old from pools')).rows).toEqual([
        { old: pool.lendingContract },
      ]);
      expect(await migrate(database.url)).toEqual(appliedFrom('LendingContract1800000450000'));
      expect(await named()).toEqual(before);
      expect(await under.registry.find(pool.id)).toMatchObject({
        lendingContract: pool.lendingContract,
      });
      expect(await differences(database.url, empty.url)).toBe(SAME);
    } finally {
      await under.connections.close();
      await database.drop();
    }
  });

  test('a database from before the baseline is refused in one sentence, and stays as it is', async () => {
    const old = await createEmptyDatabase();
    const client = new pg.Client(old.url);
    await client.connect();
    try {
      await client.query(`
        create table schema_migrations (id serial primary key, timestamp bigint not null, name text not null);
        insert into schema_migrations (timestamp, name) values (1790000000001, 'LedgerTables1790000000001');
        create table pools (id uuid primary key)`);
      const sentence = (rest: string): Error =>
        new Error(
          `The database ${old.name} was made by a version of Holdfast from before the baseline migration ` +
            `and cannot be upgraded: to start afresh without its rows, ${rest}`,
        );
      await expect(migrate(old.url)).rejects.toEqual(
        sentence('drop the database and create it again, or name another one in DATABASE_URL.'),
      );
      await expect(migrate(old.url, { databaseFolder: '/somewhere/postgres' })).rejects.toEqual(
        sentence('delete the folder /somewhere/postgres and start again.'),
      );
      expect(
        await new Promise((resolve) => {
          const child = execFile(
            process.execPath,
            ['--enable-source-maps', fileOf('main')],
            {
              env: {
                PATH: '/usr/bin:/bin',
                ROLE: 'worker',
                DATABASE_URL: old.url,
                STELLAR_RPC_URL: 'http://127.0.0.1:9',
                STELLAR_NETWORK_PASSPHRASE: 'no network',
              },
            },
            (_, out, err) => {
              resolve({ code: child.exitCode, out, err });
            },
          );
        }),
      ).toEqual({
        code: 1,
        out: '',
        err:
          `${sentence('drop the database and create it again, or name another one in DATABASE_URL.').message}\n` +
          REFUSED,
      });
      expect(await objects(old.url)).toEqual(['pools']);
    } finally {
      await client.end();
      await old.drop();
    }
  });

  test(
    'have no time limit for a statement, unlike readers, because an index over ten ' +
      'million rows takes longer; they wait 30 s for a lock',
    async () => {
      const limits = (source: DataSource) =>
        source.query<{ name: string; setting: string }[]>(
          `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout') order by name`,
        );
      const migrating = await new DataSource(migrationOptions(filled.url)).initialize();
      try {
        expect(await limits(migrating)).toEqual([
          { name: 'lock_timeout', setting: '30000' },
          { name: 'statement_timeout', setting: '0' },
        ]);
      } finally {
        await migrating.destroy();
      }
      expect(await withSource(filled.url, limits, readSourceOptions)).toEqual([
        { name: 'lock_timeout', setting: '0' },
        { name: 'statement_timeout', setting: '10000' },
      ]);
      expect((commandLine.options as { extra?: unknown }).extra).toEqual(
        (migrationOptions(filled.url) as { extra?: unknown }).extra,
      ); // `migration:revert` too
    },
  );

  test('run once when several processes start at the same moment', async () => {
    const fresh = await createEmptyDatabase();
    const ran = await Promise.all([migrate(fresh.url), migrate(fresh.url), migrate(fresh.url)]);
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await differences(fresh.url, empty.url)).toBe(SAME);
    await fresh.drop();
  });
});

describe('functions and views', () => {
  let database: TestDatabase;
  let folder: string;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
    for (const kind of ['functions', 'views', 'roles'])
      cpSync(path.join('migrations', kind), path.join(folder, kind), { recursive: true });
    client = new pg.Client(database.url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The next start of a service whose SQL files are those of the folder. */
  const start = (): Promise<string[]> =>
    migrate(database.url, { sqlFolder: pathToFileURL(`${folder}/`) });
  const write = (name: string, text: string): void => {
    writeFileSync(path.join(folder, name), text);
  };
  const edit = (name: string, from: string, to: string): void => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    expect(text.split(from)).toHaveLength(2);
    write(
      name,
      text.replace(from, () => to),
    );
  };
  const one = async (text: string): Promise<unknown> =>
    Object.values(((await client.query(text)).rows[0] ?? {}) as object)[0];

  test('are not touched when no file has changed', async () => {
    const before = await one('select max(xmin::text::bigint) from pg_proc');
    expect(await start()).toEqual([]);
    expect(await one('select max(xmin::text::bigint) from pg_proc')).toEqual(before);
  });

  test('a changed function reaches the database at the next start, once when two start', async () => {
    edit('functions/back_off_until.sql', "interval '24 hours'", "interval '25 hours'");
    const ran = await Promise.all([start(), start()]);
    expect(ran.flat()).toEqual(['functions/back_off_until.sql']);
    expect(
      await one(
        "select back_off_until(99, timestamptz 'epoch', 1) - timestamptz 'epoch' = '25 hours'",
      ),
    ).toBe(true);
  });

  test(
    'a function with other arguments, another result or one trigger fewer leaves nothing ' +
      'behind',
    async () => {
      const made = `select array_agg(pg_get_function_identity_arguments(oid) || ': ' ||
        pg_get_function_result(oid)) from pg_proc where proname = 'back_off_until'`;
      const text = (argument: string, result: string): string =>
        `create or replace function back_off_until(${argument}) returns ${result} language sql
         return null::${result};`;
      write('functions/back_off_until.sql', text('p_lapses integer', 'timestamptz'));
      await start();
      expect(await one(made)).toEqual(['p_lapses integer: timestamp with time zone']);
      write('functions/back_off_until.sql', text('p_other integer', 'interval'));
      await start();
      expect(await one(made)).toEqual(['p_other integer: interval']);
      const guards = `select array_agg(tgname::text order by tgname) from pg_trigger
      where tgrelid = 'reservation_events'::regclass and not tgisinternal`;
      edit(
        'functions/journal_is_append_only.sql',
        `create or replace trigger journal_truncate_guard
  before truncate on reservation_events
  for each statement execute function journal_is_append_only();`,
        '',
      );
      expect(await start()).toEqual(['functions/journal_is_append_only.sql']);
      expect(await one(guards)).toEqual(['journal_row_guard']);
    },
  );

  test('a view that gains a column is replaced in place', async () => {
    const before = await one("select 'reporting.journal_v1'::regclass::oid");
    edit('views/reporting.journal_v1.sql', '    e.evidence\n', '    e.evidence,\n    1 as extra\n');
    expect(await start()).toEqual(['views/reporting.journal_v1.sql']);
    expect(await one("select 'reporting.journal_v1'::regclass::oid")).toBe(before);
    expect(await one('select count(extra) from reporting.journal_v1')).toBe('0');
  });

  test(
    'a view that loses a column is made again, with comments and grants, and so is what ' +
      'reads it',
    async () => {
      const reads = (view: string): Promise<unknown> =>
        one(`select has_table_privilege('holdfast_reporting', '${view}', 'select')`);
      write(
        'views/a_reader.sql',
        '-- needs reporting.refusals_v1\ncreate or replace view a_reader as select code from reporting.refusals_v1;',
      );
      expect(await start()).toEqual(['views/a_reader.sql']);
      await client.query('grant select on a_reader, reporting.refusals_v1 to public');
      edit('views/reporting.refusals_v1.sql', '    f.tenant_id,\n', '');
      edit(
        'views/reporting.refusals_v1.sql',
        "comment on column reporting.refusals_v1.tenant_id is 'Who asked';\n",
        '',
      );
      expect(await start()).toEqual(['views/reporting.refusals_v1.sql']);
      expect(
        await one(`select count(*) from pg_attribute where attrelid = 'reporting.refusals_v1'::regclass
        and attname = 'tenant_id'`),
      ).toBe('0');
      expect(await one("select obj_description('reporting.refusals_v1'::regclass)")).toMatch(
        /^One row/,
      );
      expect(await one('select count(*) from a_reader')).toBe('0');
      expect(await reads('reporting.refusals_v1')).toBe(true);
      expect(
        await one(`select array_agg(relname::text order by relname) from pg_class
        where relkind = 'v' and relacl::text ~ '[{,]=r/'
          and relnamespace in ('public'::regnamespace, 'reporting'::regnamespace)`),
      ).toEqual(['a_reader', 'refusals_v1']);
    },
  );

  test('a file with an error changes nothing', async () => {
    edit('functions/window_used.sql', 'limit 2000', 'limit 1999');
    appendFileSync(path.join(folder, 'views/a_reader.sql'), 'select from not_there;');
    await expect(start()).rejects.toThrow('relation "not_there" does not exist');
    expect(
      await one("select prosrc ~ 'limit 2000' from pg_proc where proname = 'window_used'"),
    ).toBe(true);
  });

  test('files that need each other are refused by name', async () => {
    write('views/a_reader.sql', '-- needs b_reader\n');
    write('views/b_reader.sql', '-- needs a_reader\n');
    await expect(start()).rejects.toThrow(/^views\/a_reader\.sql, views\/b_reader\.sql: /);
  });

  test(
    'an object whose file was deleted is dropped; the current files give the catalogue of ' +
      'a fresh database',
    async () => {
      for (const name of ['views/a_reader.sql', 'views/b_reader.sql'])
        rmSync(path.join(folder, name));
      write(
        'functions/extra.sql',
        'create or replace function extra() returns int language sql return 1;',
      );
      await start();
      rmSync(path.join(folder, 'functions/extra.sql'));
      expect(await start()).toEqual(['functions/extra.sql']);
      await client.query('revoke all on reporting.refusals_v1 from public');
      await client.query('drop view reporting.breaks_v1');
      expect(await migrate(database.url)).toEqual(
        expect.arrayContaining(['functions/back_off_until.sql', 'views/reporting.breaks_v1.sql']),
      );
      const fresh = await createTestDatabase();
      expect(await differences(database.url, fresh.url)).toBe(SAME);
      await fresh.drop();
    },
  );
});
