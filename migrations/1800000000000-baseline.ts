import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropRepeatables, sqlFilesOf } from '../src/database/repeatables.js';

/** Tables that hold rows, in an order in which they can be dropped. */
const TABLES = [
  'webhook_deliveries, webhook_cursors, webhooks',
  'operator_actions, rate_windows, used_challenges, api_keys',
  'database_changes, database_identity',
  'ledger_repairs, reconciliations',
  'contract_codes, fundings, event_gaps, event_cursors, chain_events',
  'ledger_times, pruned_readings, snapshots',
  'reservation_events',
  'refusals, idempotency_keys',
  'account_sequences, envelope_hashes, envelopes',
  'wallet_lapses, live_borrowers, loans, reservations',
  'pool_pauses, pool_rules_history, pools',
  'ledger_gate, repeatable_objects',
];

/**
 * Creates every table, from `migrations/schema`. Functions, views and the reporting role are not
 * here: the start applies them after the migrations when one of their files has changed.
 */
export class Baseline1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { text } of await sqlFilesOf('schema')) await runner.query(text);
  }

  /** Drops everything, rows included. Objects that read the tables go first. */
  async down(runner: QueryRunner): Promise<void> {
    await dropRepeatables((text, values) => runner.query(text, values));
    await runner.query('drop schema reporting');
    for (const tables of TABLES) await runner.query(`drop table ${tables}`);
  }
}
