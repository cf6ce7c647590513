import { Logger } from '@nestjs/common';
import { withLogIds } from '../../common/log.scope.js';
import { beginAtZero, count } from '../../common/metrics.js';
import { ALARM_REASONS } from './verdict.js';

/** Names by which an operator filters the log; they do not change. */
export const ALARM_NAMES = [
  ...ALARM_REASONS, 'funding_failed', 'counter_conflict', 'database_changed', 'quarantine_ended', 'loans_ambiguous', 'pool_round_failed', 'pool_of_another_network', 'chain_unreachable',
  'reconciliation_unexplained', 'events_lost', 'unreserved_funding', 'external_transfer', 'shortfall', 'ledger_error', 'contract_upgraded', 'resolved_by_operator',
] as const;
export type AlarmName = (typeof ALARM_NAMES)[number];

// the first alarm of a name is the one that must be seen
for (const name of ALARM_NAMES) beginAtZero('holdfast_alarms_total', { name });

export interface Alarms { raise(name: AlarmName, facts: Readonly<Record<string, unknown>>): void }

/** A lasting trouble is told once a minute, not each round. A local monotonic clock is enough: it decides no money. */
const REPEAT_MS = 60_000;

/** Alarms as warnings of the log: `name {facts}`. */
export class AlarmLog implements Alarms {
  readonly #told = new Map<string, number>();

  constructor(private readonly log: Pick<Logger, 'warn'> = new Logger('settlement')) {}

  raise(name: AlarmName, facts: Readonly<Record<string, unknown>>): void {
    count('holdfast_alarms_total', { name });
    const line = `${name} ${JSON.stringify(facts)}`;
    const now = performance.now();
    for (const [known, at] of this.#told) if (now - at >= REPEAT_MS) this.#told.delete(known);
    if (this.#told.has(line)) return;
    this.#told.set(line, now);
    const { pool, reservation } = facts;
    withLogIds({ alarm: name, ...(typeof pool === 'string' && { poolId: pool }), ...(typeof reservation === 'string' && { reservationId: reservation }) }, () => { this.log.warn(line); });
  }
}
