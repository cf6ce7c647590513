/**
 * Runs a statement on the caller's connection.
 * @returns the rows
 */
type Run = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

/** A view or trigger that stands in the way of a change of a column's type. */
interface Dependent {
  readonly drop: string;
  /** Statements that make it again as it was: itself, its owner, comments and grants. */
  readonly make: readonly string[];
}

/** Every view above the tables, those of other schemas too, in an order in which they can be made. */
const VIEWS = `
  with recursive above (oid, depth) as (
    select t.oid, 0 from unnest($1::text[]) n (name) join pg_class t on t.oid = to_regclass(n.name)
    union
    select r.ev_class, a.depth + 1
      from above a
        join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.oid
          and d.classid = 'pg_rewrite'::regclass
        join pg_rewrite r on r.oid = d.objid and r.ev_class <> a.oid
  )
  select 'drop ' || w.kind || w.name as drop, array_remove(array[
      'create ' || w.kind || w.name
        || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')
        || ' as ' || pg_get_viewdef(c.oid),
      format('alter %s%s owner to %I', w.kind, w.name, pg_get_userbyid(c.relowner))
    ] || array(
      select pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = c.oid
    ) || array(
      select format('comment on %s is %L',
          case d.objsubid when 0 then w.kind || w.name
            else format('column %s.%I', w.name, (
              select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = d.objsubid
            )) end,
          d.description)
        from pg_description d where d.classoid = 'pg_class'::regclass and d.objoid = c.oid
    ) || array(
      select format('grant %s%s on %s to %s%s', g.privilege_type, g.columns, w.name,
          case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
          case when g.is_grantable then ' with grant option' else '' end)
        from (
          select x.*, '' as columns from aclexplode(c.relacl) x
          union all
          select x.*, format(' (%I)', a.attname) from pg_attribute a, aclexplode(a.attacl) x
            where a.attrelid = c.oid
        ) g
        where g.grantee <> c.relowner
    ), null) as make
    from (select oid, max(depth) as depth from above group by oid having max(depth) > 0) v
      join pg_class c on c.oid = v.oid
      cross join lateral (select
        case c.relkind when 'm' then 'materialized view ' else 'view ' end as kind,
        v.oid::regclass::text as name) w
    order by v.depth`;

/** Triggers of the tables that name columns. */
const TRIGGERS = `
  select format('drop trigger %I on %s', g.tgname, g.tgrelid::regclass) as drop,
      array[pg_get_triggerdef(g.oid)] as make
    from unnest($1::text[]) n (name) join pg_trigger g on g.tgrelid = to_regclass(n.name)
    where not g.tgisinternal and cardinality(g.tgattr::int2[]) > 0
    order by g.tgname`;

/**
 * Runs `work` while no view reads the tables and no trigger names their columns, because Postgres
 * changes no column's type under them. Then they are as they were, those that others made too.
 * @param tables that do not exist are skipped
 */
export async function withoutDependents(
  run: Run,
  tables: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const views = await run<Dependent>(VIEWS, [tables]);
  const triggers = await run<Dependent>(TRIGGERS, [tables]);
  for (const { drop } of [...views.toReversed(), ...triggers]) await run(drop);
  await work();
  for (const { make } of [...triggers, ...views])
    for (const statement of make) await run(statement);
}
