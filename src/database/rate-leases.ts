import type { Count } from './rate-counts.js';

/** A part of a second's requests is counted ahead, and may be used for so long. */
const LEASE_MS = 250;
const PACE_OVER_MS = 1000;
/** How much of what is left of a window one process may count ahead: a 32nd. */
const SHARE = 32;
/** Subjects that are remembered; beyond it, requests are counted one by one. */
const SUBJECTS_MAX = 10_000;

interface Lease {
  /** Requests of the running second, and of the one before. */
  used: number;
  before: number;
  since: number;
  /** How many were counted in the window, at the last answer of the database. */
  counted: number;
  /** Counted ahead, and not used yet. */
  left: number;
  until: number;
  windowEnd: number;
}

/**
 * What this process has counted ahead of its requests, so that a busy caller costs four statements a
 * second. Never more is let through than the limit. What a process counts ahead and does not use is
 * lost: at most a quarter of the caller's last second there, and a 32nd of what was left. Limits
 * below 32 are exact.
 */
export class RateLeases {
  private readonly leases = new Map<string, Lease>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Counts a request that is counted already; undefined: the database must count it. */
  use(subject: string): Count | undefined {
    const now = this.now();
    const lease = this.leases.get(subject);
    if (!lease) {
      if (this.leases.size < SUBJECTS_MAX) this.leases.set(subject, newLease(now));
      return undefined;
    }
    if (now - lease.since >= PACE_OVER_MS) {
      lease.before = now - lease.since < 2 * PACE_OVER_MS ? lease.used : 0;
      lease.used = 0;
      lease.since = now;
    }
    lease.used++;
    if (lease.left === 0 || now >= lease.until || now >= lease.windowEnd) return undefined;
    lease.left--;
    return { taken: lease.counted - lease.left, leftMs: lease.windowEnd - now };
  }

  /** How many requests to count ahead with the next ones. @param most of a window */
  ahead(subject: string, most: number): number {
    const lease = this.leases.get(subject);
    if (!lease || this.now() >= lease.windowEnd) return 0;
    const soon = (Math.max(lease.used, lease.before) * LEASE_MS) / PACE_OVER_MS;
    return Math.max(0, Math.floor(Math.min(soon, (most - lease.counted) / SHARE)));
  }

  /** @param count the database's, with those counted ahead */
  counted(subject: string, ahead: number, { taken, leftMs }: Count): void {
    const lease = this.leases.get(subject);
    if (!lease) return;
    const now = this.now();
    lease.counted = taken;
    lease.windowEnd = now + leftMs;
    lease.left = ahead;
    lease.until = now + LEASE_MS;
  }

  /** Forgets subjects whose window is over. */
  sweep(): void {
    const now = this.now();
    for (const [subject, { windowEnd }] of this.leases)
      if (windowEnd <= now) this.leases.delete(subject);
  }
}

const newLease = (now: number): Lease => ({
  used: 1,
  before: 0,
  since: now,
  counted: 0,
  left: 0,
  until: 0,
  // not known before the database has answered
  windowEnd: 0,
});
