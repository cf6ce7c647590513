import { withLogIds } from './log-scope.js';
import { LogThrottle } from './log-throttle.js';
import * as metrics from './metrics.js';

/** Counts alarms, and writes them as warnings: `name {facts}`, the same line once a minute. */
export class AlarmLines {
  readonly #throttle = new LogThrottle();

  constructor(private readonly log: { warn(line: string): void }) {}

  raise(name: string, facts: Readonly<Record<string, unknown>>): void {
    metrics.count('holdfast_alarms_total', { name });
    const line = `${name} ${JSON.stringify(facts)}`;
    if (!this.#throttle.isDue(line)) return;
    const { pool, reservation } = facts;
    withLogIds(
      {
        alarm: name,
        ...(typeof pool === 'string' && { poolId: pool }),
        ...(typeof reservation === 'string' && { reservationId: reservation }),
      },
      () => {
        this.log.warn(line);
      },
    );
  }
}
