import { Logger } from '@nestjs/common';
import { withLogIds } from '../../common/log.scope.js';
import { beginAtZero, count } from '../../common/metrics.js';
import { ToldLines } from '../../common/told.lines.js';
import { ALARM_REASONS } from './verdict.js';

/** Names by which an operator filters the log; they do not change. */
export const ALARM_NAMES = [
  ...ALARM_REASONS, 'funding_failed', 'counter_conflict', 'database_changed', 'quarantine_ended', 'loans_ambiguous', 'pool_round_failed', 'pool_of_another_network', 'chain_unreachable', 'ledger_dated_twice', 'head_disproved',
  'reconciliation_unexplained', 'events_lost', 'unreserved_funding', 'external_transfer', 'shortfall', 'ledger_error', 'contract_upgraded', 'resolved_by_operator',
] as const;
export type AlarmName = (typeof ALARM_NAMES)[number];

// the first alarm of a name is the one that must be seen
for (const name of ALARM_NAMES) beginAtZero('holdfast_alarms_total', { name });

export interface Alarms { raise(name: AlarmName, facts: Readonly<Record<string, unknown>>): void }

/** Alarms as warnings of the log: `name {facts}`. */
export class AlarmLog implements Alarms {
  readonly #told = new ToldLines();

  constructor(private readonly log: Pick<Logger, 'warn'> = new Logger('settlement')) {}

  raise(name: AlarmName, facts: Readonly<Record<string, unknown>>): void {
    count('holdfast_alarms_total', { name });
    const line = `${name} ${JSON.stringify(facts)}`;
    if (!this.#told.isDue(line)) return;
    const { pool, reservation } = facts;
    withLogIds({ alarm: name, ...(typeof pool === 'string' && { poolId: pool }), ...(typeof reservation === 'string' && { reservationId: reservation }) }, () => { this.log.warn(line); });
  }
}
