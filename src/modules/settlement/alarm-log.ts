import { Logger } from '@nestjs/common';
import { AlarmLines } from '../../telemetry/alarm-lines.js';
import * as metrics from '../../telemetry/metrics.js';
import { FAILURE_SIDES, type FailedBy } from '../chain/transaction-outcome.js';
import { ALARM_REASONS } from './finding.js';

/** Operators filter the log by these names, so they never change. */
export const ALARM_NAMES = [
  ...ALARM_REASONS,
  'funding_failed',
  'failed_by_us',
  'failed_unexplained',
  'database_changed',
  'quarantine_ended',
  'text_order_changed',
  'loans_ambiguous',
  'landing_not_found',
  'pool_round_failed',
  'pool_of_another_network',
  'chain_unreachable',
  'ledger_dated_twice',
  'head_disproved',
  'reconciliation_unexplained',
  'reconciliation_explained',
  'events_lost',
  'events_stuck',
  'unreserved_funding',
  'external_transfer',
  'shortfall',
  'ledger_error',
  'contract_upgraded',
  'contract_lapsing',
  'contract_archived',
  'upgrade_proposed',
  'unreadable_event',
  'unreadable_entry',
  'contracts_broken',
  'resolved_by_operator',
  'no_channel',
  'channel_low',
] as const;
export type AlarmName = (typeof ALARM_NAMES)[number];

/** The alarm that a failed transaction raises, by the party that decided the failure. */
export const FAILURE_ALARMS: Readonly<Record<FailedBy, AlarmName>> = {
  contract: 'funding_failed',
  ours: 'failed_by_us',
  unknown: 'failed_unexplained',
};

// The counters start at zero so that a rate shows the first alarm of each name.
for (const name of ALARM_NAMES) metrics.beginAtZero('holdfast_alarms_total', { name });
for (const [reason, cause] of Object.entries(FAILURE_SIDES))
  metrics.beginAtZero('holdfast_transactions_failed_total', { cause, reason });

export interface Alarms {
  raise(name: AlarmName, facts: Readonly<Record<string, unknown>>): void;
}

/** Writes alarms to the log of the settlement room. */
export class AlarmLog implements Alarms {
  readonly #lines: AlarmLines;

  constructor(log: Pick<Logger, 'warn'> = new Logger('settlement')) {
    this.#lines = new AlarmLines(log);
  }

  raise(name: AlarmName, facts: Readonly<Record<string, unknown>>): void {
    this.#lines.raise(name, facts);
  }
}
