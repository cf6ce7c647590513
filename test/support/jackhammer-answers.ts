import { HoldfastError } from '../../src/common/errors.js';
import type { HoldOutcome } from '../../src/modules/liquidity/reservation.js';

/** What a key must answer forever; null for an answer that is not recorded. */
export function answerOf(outcome: HoldOutcome): string | null {
  if (outcome.kind === 'held') return `held ${outcome.reservationId}`;
  if (outcome.kind === 'refused') return `refused ${outcome.code} ${JSON.stringify(outcome.facts)}`;
  if (outcome.kind !== 'replayed') return null;
  return outcome.record.kind === 'held'
    ? `held ${outcome.record.reservationId}`
    : `refused ${outcome.record.code} ${JSON.stringify(outcome.record.facts)}`;
}

/** The ledger may answer that it is busy; every other error is a fault. */
export function busy(thrown: unknown): undefined {
  if (thrown instanceof HoldfastError && thrown.code === 'BUSY_RETRY') return undefined;
  throw thrown;
}

export function fail(rule: string, what: string): never {
  throw new Error(`${rule}: ${what}`);
}
