import { timeOf } from '../../common/times.js';
import { type Finding, findingsOf } from './finding.js';

const { ok, warning, fault } = findingsOf('clock');

/** Tokens and TLS forgive a few seconds. */
const APART_MS = 5_000;
/** A ledger may take ten seconds on the public network, and its reply a few more. */
const LAG_SECONDS = 30;
/** A node accepts a close time up to this far ahead of its own clock. */
const AHEAD_SECONDS = 60;

export interface Clocks {
  /** The database's, unix milliseconds; null: it was not read. */
  readonly database: number | null;
  /** Milliseconds that it is ahead of this machine's. */ readonly aheadMs: number;
  /** Of the newest ledger, unix seconds; null: it was not read. */
  readonly closeTime: bigint | null;
}

/** @param lagMax CHAIN_LAG_SECONDS_MAX: above it no hold is made */
export function clockFindings({ database, aheadMs, closeTime }: Clocks, lagMax: number): Finding[] {
  if (database === null) return [];
  const apart = `${(Math.abs(aheadMs) / 1000).toFixed(1)} s`;
  const machine =
    Math.abs(aheadMs) > APART_MS
      ? warning(
          'machine',
          `this machine's clock is ${apart} ${aheadMs > 0 ? 'behind' : 'ahead of'} the database's`,
          'Let both follow the same time service (docs/operations.md#clock-lag).',
        )
      : ok('machine', `this machine's clock and the database's are ${apart} apart`);
  return closeTime === null ? [machine] : [machine, chainFinding(database, closeTime, lagMax)];
}

function chainFinding(database: number, closeTime: bigint, lagMax: number): Finding {
  const lag = Math.round(database / 1000 - Number(closeTime));
  const sentence = `the newest ledger closed at ${timeOf(closeTime)}, ${Math.abs(lag)} s ${
    lag < 0 ? 'ahead of' : 'behind'
  } the database's clock`;
  const cure =
    'Compare the node with another one, and the clock with one you trust (docs/operations.md#chain-lagging).';
  if (lag > lagMax) return fault('chain', `${sentence}; above ${lagMax} s no hold is made`, cure);
  return lag > LAG_SECONDS || lag < -AHEAD_SECONDS
    ? warning('chain', sentence, cure)
    : ok('chain', sentence);
}
