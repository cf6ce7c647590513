// Compares the catalogues of two databases, fact by fact:
//
//   node scripts/compare-catalogues.mjs postgres://…/one postgres://…/other
//
// Compared are schemas, tables with their storage options, columns with types, defaults, nullability,
// identity and storage, constraints, indexes, sequences, types, functions with their bodies, views,
// triggers, rules, row security, comments, grants and default grants, extensions, and the reporting
// role with its settings. Not compared: the order of a table's columns (that of a view's columns is),
// owners, the schema of pg-boss and TypeORM's list of migrations.
//
// Function bodies are compared as tokens: white space, comments, quotes around plain names and the
// split of a string over several lines make no difference. Exit code 1: there is a difference.
import pg from 'pg';

const LEFT_OUT = `('information_schema', 'pgboss') and n.nspname not like 'pg\\_%'`;
const RELATION = `n.nspname not in ${LEFT_OUT} and c.relname not like 'schema\\_migrations%'`;
const FULL = `n.nspname || '.' || c.relname`;
const SIGNATURE =
  "n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'";
const GRANTS = `(select coalesce(
    string_agg(grantee || '=' || privilege || goes_on, ' ' order by grantee, privilege), '') from (
  select case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end as grantee,
    a.privilege_type as privilege, case when a.is_grantable then '*' else '' end as goes_on`;

/** Each gives rows of `kind`, `name` and `fact`. */
const FACTS = [
  `select 'schema' as kind, n.nspname as name,
     ${GRANTS} from aclexplode(n.nspacl) a where a.grantee <> n.nspowner) g) as fact
   from pg_namespace n where n.nspname not in ${LEFT_OUT}`,
  `select case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end as kind, ${FULL} as name,
     concat_ws(' ', 'kind=' || c.relkind::text, 'persistence=' || c.relpersistence::text, 'options=' || coalesce(
       (select string_agg(o, ',' order by o) from unnest(c.reloptions) o), ''),
       'row_security=' || c.relrowsecurity::text || c.relforcerowsecurity::text,
       'replica_identity=' || c.relreplident::text,
       'grants=' || ${GRANTS} from aclexplode(c.relacl) a where a.grantee <> c.relowner) g)) as fact
   from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${RELATION}`,
  `select 'column' as kind, ${FULL} || '.' || a.attname as name,
     concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
       'default ' || pg_get_expr(d.adbin, d.adrelid), 'identity ' || nullif(a.attidentity::text, ''),
       'generated ' || nullif(a.attgenerated::text, ''), 'storage ' || a.attstorage::text,
       'compression ' || nullif(a.attcompression::text, ''), 'statistics ' || a.attstattarget::text,
       'collation ' || (select l.collname from pg_collation l where l.oid = a.attcollation),
       'options ' || a.attoptions::text,
       'place ' || case when c.relkind in ('v', 'm') then a.attnum end,
       'grants ' || nullif(${GRANTS} from aclexplode(a.attacl) a) g), '')) as fact
   from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and ${RELATION}`,
  `select 'constraint' as kind, ${FULL} || '.' || k.conname as name,
     concat_ws(' ', pg_get_constraintdef(k.oid), 'validated=' || k.convalidated::text,
       'enforced=' || k.conenforced::text) as fact
   from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where ${RELATION}`,
  `select 'index' as kind, ${FULL} || '.' || x.relname as name,
     concat_ws(' ', pg_get_indexdef(i.indexrelid), 'valid=' || i.indisvalid::text,
       'clustered=' || i.indisclustered::text) as fact
   from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class x on x.oid = i.indexrelid where c.relkind <> 't' and ${RELATION}`,
  `select 'sequence' as kind, ${FULL} as name,
     concat_ws(' ', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
       s.seqcycle) as fact
   from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
   where ${RELATION}`,
  `select 'type' as kind, n.nspname || '.' || t.typname as name,
     concat_ws(' ', t.typtype, (select string_agg(e.enumlabel, ',' order by e.enumsortorder)
       from pg_enum e where e.enumtypid = t.oid), pg_get_expr(t.typdefaultbin, 0), t.typdefault) as fact
   from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where n.nspname not in ${LEFT_OUT} and t.typtype in ('e', 'd', 'r')`,
  `select 'function' as kind, ${SIGNATURE} as name,
     concat_ws(' ', p.prokind, 'arguments=' || pg_get_function_arguments(p.oid),
       'result=' || pg_get_function_result(p.oid),
       l.lanname, 'volatile=' || p.provolatile::text, 'parallel=' || p.proparallel::text,
       'strict=' || p.proisstrict::text,
       'definer=' || p.prosecdef::text, 'leakproof=' || p.proleakproof::text, 'cost=' || p.procost::text,
       'rows=' || p.prorows::text,
       'settings=' || array_to_string(p.proconfig, ','),
       'grants=' || ${GRANTS} from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         where a.grantee <> p.proowner) g)) as fact
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
   where n.nspname not in ${LEFT_OUT}`,
  `select 'function body' as kind, ${SIGNATURE} as name,
     coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) as fact
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname not in ${LEFT_OUT}`,
  `select 'view text' as kind, ${FULL} as name, pg_get_viewdef(c.oid) as fact
   from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${RELATION}`,
  `select 'trigger' as kind, ${FULL} || '.' || g.tgname as name,
     pg_get_triggerdef(g.oid) || ' enabled=' || g.tgenabled::text as fact
   from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
   where not g.tgisinternal and ${RELATION}`,
  `select 'rule' as kind, ${FULL} || '.' || r.rulename as name, pg_get_ruledef(r.oid) as fact
   from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
   where r.rulename <> '_RETURN' and ${RELATION}`,
  `select 'policy' as kind, ${FULL} || '.' || y.polname as name,
     concat_ws(' ', y.polcmd, pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid)) as fact
   from pg_policy y join pg_class c on c.oid = y.polrelid join pg_namespace n on n.oid = c.relnamespace
   where ${RELATION}`,
  `select 'comment' as kind, ${FULL} || coalesce('.' || a.attname, '') as name, m.description as fact
   from pg_description m join pg_class c on c.oid = m.objoid and m.classoid = 'pg_class'::regclass
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_attribute a on a.attrelid = c.oid and a.attnum = m.objsubid and m.objsubid > 0
   where ${RELATION}`,
  `select 'comment' as kind, 'function ' || n.nspname || '.' || p.proname as name, m.description as fact
   from pg_description m join pg_proc p on p.oid = m.objoid and m.classoid = 'pg_proc'::regclass
     join pg_namespace n on n.oid = p.pronamespace where n.nspname not in ${LEFT_OUT}`,
  `select 'comment' as kind, 'schema ' || n.nspname as name, m.description as fact
   from pg_description m join pg_namespace n on n.oid = m.objoid and m.classoid = 'pg_namespace'::regclass
   where n.nspname not in ${LEFT_OUT}`,
  `select 'default grants' as kind, coalesce(n.nspname, 'everywhere') || ' ' || d.defaclobjtype::text as name,
     d.defaclacl::text as fact
   from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace`,
  `select 'extension' as kind, e.extname as name, e.extversion as fact from pg_extension e`,
  `select 'role' as kind, r.rolname as name,
     concat_ws(' ', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
       r.rolconnlimit, r.rolbypassrls, (select string_agg(o, ',' order by o)
         from pg_db_role_setting s, unnest(s.setconfig) o
         where s.setrole = r.oid and s.setdatabase = 0)) as fact
   from pg_roles r where r.rolname = 'holdfast_reporting'`,
];

const TOKEN =
  /\s+|--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'(?:\s*\n\s*'(?:[^']|'')*')*|"[^"]*"|\w+|[^\s\w]/g;

/** A function body without the parts that make no difference. */
function tokensOf(body) {
  return (body.match(TOKEN) ?? [])
    .filter((token) => !/^(?:\s|--|\/\*)/.test(token))
    .map((token) => {
      if (token.startsWith("'")) return token.replace(/'\s*\n\s*'/g, '');
      return /^"[a-z_]+"$/.test(token) ? token.slice(1, -1) : token;
    })
    .join(' ');
}

async function catalogueOf(url) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('set search_path to pg_catalog');
    const catalogue = new Map();
    for (const query of FACTS)
      for (const { kind, name, fact } of (await client.query(query)).rows) {
        const key = `${kind} ${name}`;
        const value = kind === 'function body' ? tokensOf(fact) : (fact ?? '');
        catalogue.set(key, {
          kind,
          value: [catalogue.get(key)?.value, value]
            .filter((part) => part !== undefined)
            .join(' | '),
        });
      }
    return catalogue;
  } finally {
    await client.end();
  }
}

/** The end of a long fact, from a little before the place where the two part. */
function apart(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const from = Math.max(at - 40, 0);
  return [one, other].map(
    (text) => (from > 0 ? '… ' : '') + text.slice(from, from + 200).replaceAll('\n', ' '),
  );
}

const urls = process.argv.slice(2);
if (urls.length !== 2) {
  console.error('Give the URLs of two databases: node scripts/compare-catalogues.mjs URL URL');
  process.exit(2);
}
const [one, other] = await Promise.all(urls.map(catalogueOf));
const keys = [...new Set([...one.keys(), ...other.keys()])].sort();
const lines = [];
const counts = new Map();
for (const key of keys) {
  const [a, b] = [one.get(key), other.get(key)];
  const kind = (a ?? b).kind;
  const count = counts.get(kind) ?? { same: 0, differ: 0 };
  counts.set(kind, count);
  if (a?.value === b?.value) {
    count.same += 1;
    continue;
  }
  count.differ += 1;
  if (!a) lines.push(`only in the second: ${key}: ${b.value.slice(0, 200)}`);
  else if (!b) lines.push(`only in the first:  ${key}: ${a.value.slice(0, 200)}`);
  else {
    const [first, second] = apart(a.value, b.value);
    lines.push(`differs: ${key}\n  first:  ${first}\n  second: ${second}`);
  }
}
for (const [kind, { same, differ }] of [...counts].sort())
  console.log(`${kind.padEnd(16)} ${String(same).padStart(4)} the same, ${differ} different`);
for (const line of lines) console.log(line);
console.log(lines.length === 0 ? 'The catalogues are the same.' : `${lines.length} differences.`);
process.exitCode = lines.length === 0 ? 0 : 1;
