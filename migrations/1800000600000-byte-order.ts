import type { MigrationInterface, QueryRunner } from 'typeorm';
import { withoutDependents } from '../src/database/dependents.js';

/**
 * Text that programs compare is ordered by its bytes. The order of a language comes from the
 * operating system or from ICU and changes with them. An index in the earlier order then does not
 * find its rows: a replayed key made a second hold.
 *
 * Not here: what people wrote for people to read (test/tooling/collations.spec.ts), and columns
 * that had this order before.
 */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  account_sequences: ['network', 'account'],
  api_keys: ['prefix', 'tenant_id', 'scopes'],
  authorizations: ['network', 'address', 'hash', 'state', 'landing_tx_hash'],
  chain_events: ['tx_hash', 'contract', 'name'],
  channels: ['network', 'account', 'state'],
  contract_codes: ['contract', 'wasm_hash'],
  contract_lifetimes: ['contract', 'name'],
  database_identity: ['cluster', 'timeline', 'backup'],
  envelope_hashes: ['hash'],
  envelopes: [
    'hash',
    'state',
    'submission_status',
    'result_code',
    'failed_by',
    'failed_reason',
    'failed_contract',
  ],
  fundings: ['tx_hash', 'borrower', 'envelope_hash', 'vendor'],
  idempotency_keys: ['tenant_id', 'key', 'fingerprint', 'outcome', 'code'],
  landings: [
    'network',
    'channel',
    'hash',
    'state',
    'submission_status',
    'result_code',
    'failed_by',
    'failed_reason',
    'failed_contract',
  ],
  ledger_times: ['network'],
  live_borrowers: ['network', 'account'],
  loans: ['tenant_id', 'borrower', 'vendor', 'loan_type'],
  operator_actions: ['actor_kind', 'actor_id', 'action', 'subject'],
  pool_pauses: ['reason'],
  pool_rules_history: ['state', 'fee_percentile', 'signing'],
  pool_upgrades: ['contract', 'wasm_hash', 'event_id', 'generation'],
  pools: [
    'network',
    'generation',
    'pool_contract',
    'lending_contract',
    'token_contract',
    'pool_wasm_hash',
    'state',
    'quarantined_from',
    'fee_percentile',
    'signing',
    'unreadable_limits',
  ],
  rate_windows: ['subject'],
  reconciliations: ['outcome'],
  refusals: ['tenant_id', 'borrower', 'code'],
  repeatable_objects: ['name', 'hash'],
  reservation_events: ['kind', 'state_before', 'state_after', 'envelope_hash', 'reason'],
  reservations: ['tenant_id', 'borrower', 'state', 'release_reason', 'signing'],
  used_challenges: ['hash', 'account'],
  wallet_lapses: ['network', 'account'],
  webhook_deliveries: ['state'],
  webhooks: ['tenant_id', 'url', 'events'],
};
const TABLES = Object.keys(COLUMNS);

/**
 * Gives the columns another order, each table in one statement, so that its rows are checked and
 * its indexes are built once. What does not exist at this point of the history is skipped.
 */
async function order(runner: QueryRunner, collation: string): Promise<void> {
  const run = <Row>(text: string, values?: unknown[]): Promise<Row[]> => runner.query(text, values);
  // ledger transactions finish first and wait here, so that none meets half of the tables locked
  await run('lock table ledger_gate in access exclusive mode');
  const statements = await run<{ statement: string }>(
    `select format('alter table %s %s', c.oid::regclass, string_agg(format(
          'alter column %I type %s collate ${collation}',
          a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)) as statement
       from jsonb_each($1::jsonb) t join pg_class c on c.oid = to_regclass('public.' || t.key)
         join pg_attribute a on a.attrelid = c.oid and t.value ? a.attname and not a.attisdropped
       group by c.oid order by c.relname`,
    [JSON.stringify(COLUMNS)],
  );
  await withoutDependents(run, TABLES, async () => {
    for (const { statement } of statements) await run(statement);
  });
  // Prepared statements of running processes expect the earlier types and would fail until those
  // processes end. New connections of theirs wait for the tables, which are locked until the commit.
  await run(
    `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and usename = current_user
         and application_name in ('holdfast-ledger', 'holdfast-ledger-read', 'holdfast-read',
           'holdfast-report', 'holdfast-metrics', 'holdfast-limits')`,
  );
}

export class ByteOrder1800000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await order(runner, '"C"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await order(runner, 'pg_catalog."default"');
  }
}
