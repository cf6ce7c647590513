/**
 * `process`: counted by this process since its start; sum it over processes. `database`: read from
 * Postgres at each scrape, the same from every process (`max by`, never `sum`). Labels have few
 * values, never a borrower, a loan or a reservation.
 */
export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly source: 'process' | 'database';
  readonly labels: readonly string[];
  readonly help: string;
  readonly buckets?: readonly number[];
}

export const counter = <const L extends readonly string[]>(labels: L, help: string) =>
  ({ type: 'counter', source: 'process', labels, help }) as const;
export const histogram = <const L extends readonly string[]>(
  labels: L,
  buckets: readonly number[],
  help: string,
) => ({ type: 'histogram', source: 'process', labels, buckets, help }) as const;
export const gauge = <const L extends readonly string[]>(labels: L, help: string) =>
  ({ type: 'gauge', source: 'process', labels, help }) as const;
export const stored = <const L extends readonly string[]>(labels: L, help: string) =>
  ({ type: 'gauge', source: 'database', labels, help }) as const;
/**
 * Token units as a float64, the nearest to an exact integer of base units (`decimals` in
 * holdfast_pool_info).
 */
export const tokens = (what: string) =>
  stored(
    ['pool'],
    `${what}, token units. A sample is a float64 and rounds above 2^53 base units: for ` +
      'watching only, no decision reads it',
  );

export const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
export const SETTLE = [2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600];
