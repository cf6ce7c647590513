/**
 * When requests that were refused may come back. A thousand that are told the same time come back
 * together, and half of them are refused again. So those of one tenant come back one after the
 * other, as fast as requests are answered.
 */
export class Appointments {
  /** Time of the next free one of a tenant, by the clock of `performance.now()`. */
  private readonly free = new Map<string, number>();

  /**
   * @param waitMs until a request that comes now would be reached
   * @param everyMs time that one request takes
   * @param mostMs the longest wait: those who never come back must not keep others away
   * @returns milliseconds from now
   */
  make(
    tenant: string,
    {
      waitMs,
      everyMs,
      mostMs,
    }: { readonly waitMs: number; readonly everyMs: number; readonly mostMs: number },
  ): number {
    const now = performance.now();
    const at = Math.max(now + waitMs, Math.min(this.free.get(tenant) ?? 0, now + mostMs));
    this.free.set(tenant, at + everyMs);
    return Math.round(at - now);
  }

  /** Forgets what is over. */
  sweep(): void {
    const now = performance.now();
    for (const [tenant, at] of this.free) if (at <= now) this.free.delete(tenant);
  }
}
