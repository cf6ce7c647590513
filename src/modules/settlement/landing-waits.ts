interface Wait {
  readonly refusals: number;
  readonly nextLedger: number;
}
const WAIT_MAX = 12;

/**
 * When an authorization that a simulation refused is tried again: 1, 2, 4 and then every 12 ledgers
 * later. It is kept in memory, because a process that starts again may try at once.
 */
export class LandingWaits {
  readonly #waits = new Map<string, Wait>();

  isDue(reservationId: string, ledger: number): boolean {
    return ledger >= (this.#waits.get(reservationId)?.nextLedger ?? 0);
  }

  refused(reservationId: string, ledger: number): void {
    for (const [id, { nextLedger }] of this.#waits)
      if (nextLedger + WAIT_MAX < ledger) this.#waits.delete(id);
    const refusals = (this.#waits.get(reservationId)?.refusals ?? 0) + 1;
    const pause = Math.min(WAIT_MAX, 2 ** (refusals - 1));
    this.#waits.set(reservationId, { refusals, nextLedger: ledger + pause });
  }
}
