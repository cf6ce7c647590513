import { normalizeIP } from '@fastify/rate-limit';
import { HoldfastError } from '../../common/errors.js';

const WINDOW_MS = 60_000;
/** Addresses that are counted at once. Beyond it the oldest window is forgotten. */
const ADDRESSES_MAX = 10_000;

/**
 * Limits work without a credential by address, of IPv6 by its /64. It is counted in this process
 * alone, because a count in the database would cost more than the work.
 */
export class AddressLimit {
  private readonly windows = new Map<string, { readonly until: number; taken: number }>();

  /** @param most requests in a minute; 0: no limit */
  constructor(private readonly most: number) {}

  /** @throws HoldfastError RATE_LIMITED */
  count(ip: string): void {
    if (this.most === 0) return;
    const address = normalizeIP(ip);
    const now = performance.now();
    let window = this.windows.get(address);
    if (!window || window.until <= now) {
      this.windows.delete(address);
      const [oldest] = this.windows.keys();
      if (this.windows.size >= ADDRESSES_MAX && oldest !== undefined) this.windows.delete(oldest);
      window = { until: now + WINDOW_MS, taken: 0 };
      this.windows.set(address, window);
    }
    window.taken++;
    if (window.taken > this.most) throw limited(this.most, window.until - now);
  }
}

function limited(limit: number, leftMs: number): HoldfastError {
  const retryAfterSeconds = Math.ceil(leftMs / 1000);
  return new HoldfastError(
    'RATE_LIMITED',
    `This address may send ${limit} requests without a credential a minute. Send the next one ` +
      `in ${retryAfterSeconds} s.`,
    {
      rule: 'public',
      limit,
      window: WINDOW_MS / 1000,
      until: new Date(Date.now() + leftMs).toISOString(),
      retryAfterSeconds,
    },
  );
}
