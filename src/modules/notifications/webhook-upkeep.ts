import { Logger } from '@nestjs/common';
import type { WebhookStore } from './webhook-store.js';

/**
 * Rows per statement, a few milliseconds each, and statements per round: 50,000 rows, which takes
 * seconds. The rest comes with the next round, as in the ledger's own upkeep.
 */
const ROWS_AT_ONCE = 500;
const BATCHES_PER_ROUND = 100;

export interface UpkeepOptions {
  /** How long a delivery is kept after its end, days. */
  readonly days: number;
  readonly rowsAtOnce?: number;
  readonly batches?: number;
}

/**
 * Deletes deliveries that ended long ago, and those of removed webhooks. Deliveries that may still
 * be sent stay, however old; so does the journal that they came from.
 */
export class WebhookUpkeep {
  constructor(
    private readonly store: WebhookStore,
    private readonly options: UpkeepOptions,
    private readonly log: Pick<Logger, 'log'> = new Logger('upkeep'),
  ) {}

  /**
   * Any number of workers may run it: each skips what another deletes.
   * @returns whether more is left
   */
  async prune(): Promise<{ deliveries: number; again: boolean }> {
    const { days, rowsAtOnce = ROWS_AT_ONCE, batches = BATCHES_PER_ROUND } = this.options;
    let [deliveries, again] = [0, false];
    for (const kind of ['ended', 'abandoned'] as const) {
      let last = rowsAtOnce;
      for (let batch = 0; batch < batches && last === rowsAtOnce; batch++) {
        last = await this.store.prune(kind, days, rowsAtOnce);
        deliveries += last;
      }
      again ||= last === rowsAtOnce;
    }
    if (deliveries > 0) this.log.log(`pruned ${JSON.stringify({ deliveries })}`);
    return { deliveries, again };
  }
}
