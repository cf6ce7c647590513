import type { ContractLimits } from '../reservation.js';
import type { AvailableRow } from './available.js';

/**
 * The limits as a query reads them from a pool `p`, beside `AVAILABLE_COLUMNS`. Amounts come as text.
 */
export const LIMIT_COLUMNS =
  'p.outflow_cap_bps::float8 as outflow_cap_bps, p.vendor_cap::text as vendor_cap, p.unreadable_limits';
export interface LimitRow extends Pick<AvailableRow, 'utilisation_cap_bps'> {
  readonly outflow_cap_bps: number | null;
  readonly vendor_cap: string | null;
  readonly unreadable_limits: readonly string[] | null;
}
export const limitsOf = (row: LimitRow): ContractLimits => ({
  outflowCapBps: row.outflow_cap_bps,
  vendorCap: row.vendor_cap === null ? null : BigInt(row.vendor_cap),
  utilisationCapBps: row.utilisation_cap_bps,
  ...(row.unreadable_limits && { unreadable: row.unreadable_limits }),
});
