import type { DataSource } from 'typeorm';
import { perQuestion } from '../../../database/columns.js';
import { readRows } from '../../../database/read-rows.js';
import type { ContractPauses, PoolState, Signing } from '../reservation.js';
import {
  AVAILABLE_COLUMNS,
  availableOf,
  type AvailableRow,
  availableTermsOf,
} from '../pools/available.js';
import { LIMIT_COLUMNS, type LimitRow, limitsOf } from '../pools/contract-limits.js';
import { RULE_COLUMNS, type RuleRow, rulesOf } from '../pools/pool-rules.js';
import { outflowOf } from './contract-caps.js';
import type { HoldConditions } from './hold-decision.js';

/**
 * A pool and a borrower before anything is built: what may refuse a hold, and the room that is
 * left.
 */
export interface PoolLook extends HoldConditions {
  /** Whether a contract was paused on the chain at `atLedger`; null when not known. */
  readonly contractPaused: boolean | null;
  /** Which ones; null: not known of any. */
  readonly contractPauses: ContractPauses | null;
}
/**
 * Reads the counters only. A sum over live holds would slow every request as they grow: 39 holds a
 * second at 50,000 (docs/protocol.md#other-answers).
 */
const looksFor = perQuestion<LookQuestion>(
  {
    in_pool: { type: 'uuid', of: ({ poolId }) => poolId },
    of_account: { type: 'text', of: ({ borrower }) => borrower },
    to_sign: { type: 'text', of: ({ signing }) => signing },
  },
  (questions) => `
select q.nth::int, p.state, p.contract_paused, p.contract_pauses, ${LIMIT_COLUMNS},
  p.snapshot_ledger::float8 as at_ledger, ${AVAILABLE_COLUMNS},
  extract(epoch from clock_timestamp() - p.snapshot_advanced_at)::float8 as age, ${RULE_COLUMNS},
  extract(epoch from clock_timestamp() - p.head_close_time)::float8 as lag, b.loan_id, b.reservation_id,
  w.lapses, p.lapses_max, extract(epoch from w.until)::bigint::text as until, extract(epoch
    from w.until - clock_timestamp())::float8 as wait
from ${questions}
join pools p on p.id = q.in_pool left join lateral (select l.loan_id, l.reservation_id from live_borrowers l
    where l.network = p.network and l.account = q.of_account order by l.slot
    offset case when q.to_sign = 'authorization' then p.holds_per_wallet - 1 else 0 end limit 1) b on true
  left join lateral (select l.lapses, back_off_until(l.lapses, l.last_lapsed_at, p.lapses_max) as until
    from wallet_lapses l where l.network = p.network and l.account = q.of_account) w on w.until > clock_timestamp()`,
);
interface LookRow extends AvailableRow, RuleRow, LimitRow {
  readonly nth: number;
  readonly state: PoolState;
  readonly contract_paused: boolean | null;
  readonly contract_pauses: ContractPauses | null;
  readonly age: number | null;
  readonly lag: number | null;
  readonly loan_id: string | null;
  readonly reservation_id: string | null;
  readonly lapses: number | null;
  readonly lapses_max: number;
  readonly until: string | null;
  readonly wait: number | null;
  readonly at_ledger: number | null;
}

/** `signing`: what the borrower would sign. It decides how many live holds are too many. */
export interface LookQuestion {
  readonly poolId: string;
  readonly borrower: string;
  readonly signing: Signing;
}

/** Null for a pool that does not exist. */
export async function readLooks(
  source: DataSource,
  questions: readonly LookQuestion[],
): Promise<(PoolLook | null)[]> {
  const { text, values } = looksFor(questions);
  const rows = await readRows<LookRow>(source, text, values);
  const found = new Map(rows.map((row) => [row.nth, row]));
  return questions.map((_, index) => {
    const row = found.get(index + 1);
    return row ? lookOf(row) : null;
  });
}

function lookOf(row: LookRow): PoolLook {
  const [terms, limits] = [availableTermsOf(row), limitsOf(row)];
  return {
    state: row.state,
    contractPaused: row.contract_paused,
    contractPauses: row.contract_pauses,
    available: availableOf(terms).available,
    atLedger: row.at_ledger,
    ageSeconds: row.age,
    rules: rulesOf(row),
    total: terms.total,
    limits,
    outflow: outflowOf(terms, limits),
    vendor: null,
    chainLagSeconds: row.lag,
    live:
      row.loan_id !== null && row.reservation_id !== null
        ? { loanId: row.loan_id, reservationId: row.reservation_id }
        : null,
    backOff:
      row.lapses !== null && row.until !== null && row.wait !== null
        ? {
            until: BigInt(row.until),
            waitSeconds: row.wait,
            lapses: row.lapses,
            allowed: row.lapses_max,
          }
        : null,
  };
}
