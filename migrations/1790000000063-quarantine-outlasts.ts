import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';

/**
 * R12, mended in five places; the histories are in decision 0027.
 * 1. The end of a quarantine was counted from the chain time of whatever node answered: one that
 * lags, or catches up after the same outage, made it too early. The
 * moment of the change is the database's, so that counts where it is later, and so does the newest
 * ledger that is known. Both can only make a quarantine longer.
 * 2. A quarantine ended with a ledger that nobody had read the pool at: what landed last was in no
 * counter and in no snapshot. It ends with a snapshot of that time.
 * 3. A base backup that is started as it is recovers like a crash: same cluster, same timeline.
 * What it leaves behind is `backup_label.old`, told to whoever may read it.
 * 4. Behind a pooler a failover comes without a new connection: the timeline is looked at in the
 * transaction that promises.
 * 5. (R9) A trapped envelope may be replaced until its own T, not after it.
 */
const TIMELINE = 'select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)';
const LOOK =
  `if exists (select from database_identity d where d.timeline <> (${TIMELINE})) then ` +
  'perform notice_database_identity(); end if; -- R12: under the gate, before anything is ' +
  'promised';

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  notice_database_identity: [
    ['v_oid oid; known record;', 'v_oid oid; v_backup text; known record;'],
    [
      '  select d.oid into v_oid',
      `  begin
    v_backup := coalesce(md5(pg_read_file('backup_label.old', true)), 'none');
  exception when insufficient_privilege or feature_not_supported or undefined_function then v_backup := null; -- not told
  end;
  select d.oid into v_oid`,
    ],
    [
      '(v_cluster, v_timeline, v_oid) then return 0; end if;\n',
      `(v_cluster, v_timeline, v_oid) and coalesce(known.backup = v_backup, true) then
    if known.backup is null and v_backup is not null then update database_identity d set backup = v_backup where d.backup is null; end if;
    return 0;
  end if;
`,
    ],
    [
      'insert into database_identity (cluster, timeline, database_oid) values (v_cluster, v_timeline, v_oid)',
      'insert into database_identity (cluster, timeline, database_oid, backup) values ' +
        '(v_cluster, v_timeline, v_oid, v_backup)',
    ],
    ['database_oid = v_oid, since', 'database_oid = v_oid, backup = v_backup, since'],
    [
      'is distinct from (v_cluster, v_timeline, v_oid);',
      'is distinct from (v_cluster, v_timeline, v_oid) or d.backup <> v_backup;',
    ],
    ["'database_oid', v_oid), v_pools", "'database_oid', v_oid, 'backup', v_backup), v_pools"],
  ],
  advance_quarantine: [
    [
      'p.quarantined_until <= to_timestamp(p_close_time) returning',
      'p.quarantined_until <= to_timestamp(p_close_time) and p.snapshot_close_time >= p.quarantined_until returning',
    ],
    [
      'to_timestamp(p_close_time + v_longest)',
      "date_trunc('second', greatest(to_timestamp(p_close_time), clock_timestamp() + " +
        "interval '1 second', (select max(q.head_close_time) from pools q where q.network = " +
        "p_network and q.state <> 'closed'))) + make_interval(secs => v_longest)",
    ],
  ],
  hold_batch: [['  -- lock order everywhere:', `  ${LOOK}\n  -- lock order everywhere:`]],
  issue_envelope: [
    [
      '  select * into p from pools q where q.id = p_pool for update;',
      `  ${LOOK}\n  select * into p from pools q where q.id = p_pool for update;`,
    ],
    [
      '  if coalesce(greatest(p.head_close_time,',
      `  if not exists (select from envelopes e where e.pool_id = p_pool and e.reservation_id = p_id and e.state = 'open')
    and p.head_close_time >= (select max(e.max_time) from envelopes e where e.pool_id = p_pool and e.reservation_id = p_id and e.state = 'failed') then
    return 'too_long'; -- R9: the judge releases it
  end if;
  if coalesce(greatest(p.head_close_time,`,
    ],
  ],
};

export class QuarantineOutlasts1790000000063 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table database_identity add column backup text;
      comment on column database_identity.backup is 'Digest of backup_label.old, which a restored base backup leaves behind; none: there is none; null: this role may not read it'`);
    await changeFunctions(runner, CHANGES, 0);
  }
  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, CHANGES, 1);
    await runner.query('alter table database_identity drop column backup');
  }
}
