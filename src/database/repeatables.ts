import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type pg from 'pg';
import { inPackage } from '../common/places.js';

/**
 * Functions, views and roles are SQL files with one object each. The start applies a file again when
 * its hash has changed (decision 0035).
 */

/** Applied in this order, because views call functions and the role reads views. */
const KINDS = ['functions', 'views', 'roles'] as const;
type Kind = (typeof KINDS)[number];

export interface SqlFile {
  /** Relative to the folder of migrations, such as `views/reporting.journal_v1.sql`. */
  readonly name: string;
  readonly text: string;
}
export interface Repeatable extends SqlFile {
  readonly kind: Kind;
  /**
   * Name of the object that the file creates: the file's own name, with its schema unless that is
   * public.
   */
  readonly object: string;
  readonly hash: string;
}
/**
 * Runs a statement on the caller's connection.
 * @returns the rows
 */
type Run = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

const FOLDER = pathToFileURL(`${inPackage('dist', 'migrations')}${path.sep}`);
/** A view that reads other views names them: `-- needs reporting.one_v1, reporting.two_v1`. */
const NEEDS = /^-- needs (.+)$/m;
/** A view lost a column, or one of its columns has another name or type. */
const COLUMNS_CHANGED = ['42P16'];
/**
 * A function returns another type or its arguments have other names; or the file names the function
 * without arguments while one with the earlier arguments still exists.
 */
const SIGNATURE_CHANGED = ['42P13', '42725'];

/** The SQL files of one folder, in the order of their names. */
export async function sqlFilesOf(kind: string, folder = FOLDER): Promise<SqlFile[]> {
  const below = new URL(`${kind}/`, folder);
  const names = (await readdir(below)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: `${kind}/${name}`,
      text: await readFile(new URL(name, below), 'utf8'),
    })),
  );
}

/** Every repeatable file, in an order that an empty schema accepts. */
export async function readRepeatables(folder = FOLDER): Promise<Repeatable[]> {
  const kinds = await Promise.all(
    KINDS.map(async (kind) =>
      (await sqlFilesOf(kind, folder)).map(({ name, text }) => ({
        name,
        text,
        kind,
        object: objectOf(name),
        hash: createHash('sha256').update(text).digest('hex'),
      })),
    ),
  );
  return kinds.flatMap(inOrder);
}

const objectOf = (name: string): string => {
  const object = name.replace(/^\w+\//, '').replace(/\.sql$/, '');
  return object.includes('.') ? object : `public.${object}`;
};

/** @throws Error when a file needs a missing one, or two files need each other */
function inOrder(files: readonly Repeatable[]): Repeatable[] {
  const placed: Repeatable[] = [];
  const isPlaced = (need: string): boolean =>
    placed.some(({ object }) => object === objectOf(need.trim()));
  while (placed.length < files.length) {
    const waiting = files.filter((file) => !placed.includes(file));
    const next = waiting.find(({ text }) =>
      (NEEDS.exec(text)?.[1]?.split(',') ?? []).every(isPlaced),
    );
    if (!next)
      throw new Error(
        `${waiting.map(({ name }) => name).join(', ')}: a file that they need is missing, or they need each other.`,
      );
    placed.push(next);
  }
  return placed;
}

/**
 * Brings functions, views and the role up to date in one transaction. The caller holds the lock of
 * migrations.
 * @returns names of the applied files, and of removed files, whose objects were dropped
 */
export async function applyRepeatables(
  client: pg.ClientBase,
  files: readonly Repeatable[],
): Promise<string[]> {
  const run: Run = async <Row>(text: string, values?: unknown[]) => {
    const result: pg.QueryResult | pg.QueryResult[] = await client.query(text, values);
    return Array.isArray(result) ? [] : (result.rows as Row[]);
  };
  await run('begin');
  try {
    // the same limit as for migrations, for the same reason
    await run("set local lock_timeout = '30s'");
    // the files of functions are in no particular order
    await run('set local check_function_bodies = off');
    const applied = await bringUpToDate(run, files);
    await run('commit');
    return applied;
  } catch (error) {
    await run('rollback');
    throw error;
  }
}

async function bringUpToDate(run: Run, files: readonly Repeatable[]): Promise<string[]> {
  const known = await run<{ name: string; hash: string }>(
    'select name, hash from repeatable_objects order by name',
  );
  const objects = await existing(run);
  const rolesAreMade = await haveGrants(run);
  const stale = files.filter(
    ({ kind, name, hash, object }) =>
      // a dump has no roles, and what is restored from it in another server has no grants
      (kind === 'roles' && !rolesAreMade) ||
      !known.some((row) => row.name === name && row.hash === hash) ||
      // a versioned migration drops a view to change a column that the view reads
      (kind !== 'roles' && !objects.has(object)),
  );
  const gone = known
    .map(({ name }) => name)
    .filter((name) => files.every((file) => file.name !== name));
  if (stale.length + gone.length === 0) return [];

  const [functions, views, roles] = KINDS.map((kind) => files.filter((file) => file.kind === kind));
  for (const file of functions ?? []) if (stale.includes(file)) await replaceFunction(run, file);
  await replaceViews(run, views ?? [], stale, gone.filter(isView));
  for (const name of gone)
    if (name.startsWith('functions/')) await dropFunction(run, objectOf(name));
  // a view that was created again has no grants
  for (const { text } of roles ?? []) await run(text);

  await run('delete from repeatable_objects where name = any ($1)', [gone]);
  for (const { name, hash } of stale)
    await run(
      `insert into repeatable_objects (name, hash) values ($1, $2)
         on conflict (name) do update set hash = excluded.hash, applied_at = clock_timestamp()`,
      [name, hash],
    );
  return [...stale.map(({ name }) => name), ...gone];
}

/** The role that serves; `roles/holdfast_server.sql` makes it. */
export const SERVER_ROLE = 'holdfast_server';
const READER = 'holdfast_reporting';
/** Whether the roles exist, may read what they read, and no other may run the owner's functions. */
async function haveGrants(run: Run): Promise<boolean> {
  const [row] = await run<{ made: boolean }>(
    `select case when (select count(*) from pg_roles where rolname in ($1, $2)) = 2 then
      not exists (
        select from pg_class c where c.relnamespace = to_regnamespace('reporting')
            and c.relkind = 'v' and not has_table_privilege($1::name, c.oid, 'select')
      ) and not exists (
        select from pg_class c where c.relkind in ('r', 'p') and not c.relispartition
            and c.relnamespace in (to_regnamespace('public'), to_regnamespace('pgboss'))
            and not has_table_privilege($2::name, c.oid, 'select')
      ) and not exists (
        select from pg_proc p where p.pronamespace = to_regnamespace('public') and p.prosecdef
            and (has_function_privilege('public', p.oid, 'execute')
              or not has_function_privilege($2::name, p.oid, 'execute'))
      ) else false end as made`,
    [READER, SERVER_ROLE],
  );
  return row?.made === true;
}

const isView = (name: string): boolean => name.startsWith('views/');

/** Names of every function and view, with their schemas. */
async function existing(run: Run): Promise<Set<string>> {
  const rows = await run<{ name: string }>(
    `select n.nspname || '.' || o.name as name
       from (
         select relnamespace as namespace, relname as name from pg_class where relkind = 'v'
         union all
         select pronamespace, proname from pg_proc
       ) o join pg_namespace n on n.oid = o.namespace`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** A function or trigger. `made` changes as soon as the object is replaced. */
interface Made {
  readonly drop: string;
  readonly made: string;
}
/**
 * Every function of a name, and the triggers that call one. Triggers come first, because they must
 * be dropped first.
 */
const madeBy = (run: Run, object: string): Promise<Made[]> =>
  run(
    `with f as (
         select p.oid, p.xmin, p.ctid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname || '.' || p.proname = $1
       )
       select format('drop trigger %I on %s', g.tgname, g.tgrelid::regclass) as drop,
           g.xmin || ' ' || g.ctid as made
         from pg_trigger g join f on f.oid = g.tgfoid where not g.tgisinternal
       union all
       select format('drop function %s', f.oid::regprocedure), f.xmin || ' ' || f.ctid from f`,
    [object],
  );

/**
 * Runs the file and drops what it no longer creates: the function with other arguments, and
 * triggers that are no longer in the file.
 */
async function replaceFunction(run: Run, { object, text }: Repeatable): Promise<void> {
  const before = await madeBy(run, object);
  await orElse(run, text, SIGNATURE_CHANGED, async () => {
    await dropFunction(run, object);
    await run(text);
  });
  const after = await madeBy(run, object);
  for (const old of before)
    if (after.some(({ drop, made }) => drop === old.drop && made === old.made)) await run(old.drop);
}

async function dropFunction(run: Run, object: string): Promise<void> {
  for (const { drop } of await madeBy(run, object)) await run(drop);
}

/**
 * Replaces a view in place where Postgres can. Where its columns changed, that view and every later
 * one are dropped and created again, because they may read it. All are when a view's file was
 * removed.
 */
async function replaceViews(
  run: Run,
  views: readonly Repeatable[],
  stale: readonly Repeatable[],
  gone: readonly string[],
): Promise<void> {
  if (gone.length > 0) return makeAgain(run, views, gone);
  for (const [at, view] of views.entries()) {
    if (!stale.includes(view)) continue;
    let isDone = false;
    await orElse(run, view.text, COLUMNS_CHANGED, async () => {
      await makeAgain(run, views.slice(at), []);
      isDone = true;
    });
    if (isDone) return;
  }
}

/** Keeps the grants that others made on the views. */
async function makeAgain(
  run: Run,
  views: readonly Repeatable[],
  gone: readonly string[],
): Promise<void> {
  const names = [...views.map(({ object }) => object), ...gone.map(objectOf)];
  const grants = await run<{ statement: string }>(
    `select format('grant %s on %s to %s%s', a.privilege_type, r.name,
           case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
           case when a.is_grantable then ' with grant option' else '' end) as statement
         from unnest($1::text[]) as r (name)
           join pg_class c on c.oid = to_regclass(r.name)
           cross join lateral aclexplode(c.relacl) a
         where a.grantee <> c.relowner`,
    [views.map(({ object }) => object)],
  );
  // one statement, because the views may read each other
  await run(`drop view if exists ${names.join(', ')}`);
  for (const { text } of views) await run(text);
  for (const { statement } of grants) await run(statement);
}

/** Runs `text`. When it fails with one of the codes, it runs `otherwise`. */
async function orElse(
  run: Run,
  text: string,
  codes: readonly string[],
  otherwise: () => Promise<void>,
): Promise<void> {
  await run('savepoint one_object');
  try {
    await run(text);
  } catch (error) {
    if (!codes.includes(String((error as { code?: unknown }).code))) throw error;
    await run('rollback to savepoint one_object');
    await otherwise();
  }
  await run('release savepoint one_object');
}

/** Drops every function and view that was applied. The role stays: other databases may use it. */
export async function dropRepeatables(run: Run): Promise<void> {
  const known = await run<{ name: string }>('select name from repeatable_objects');
  const names = known.map(({ name }) => name);
  const views = names.filter(isView).map(objectOf);
  if (views.length > 0) await run(`drop view ${views.join(', ')}`);
  for (const name of names)
    if (name.startsWith('functions/')) await dropFunction(run, objectOf(name));
  await run('delete from repeatable_objects');
}
