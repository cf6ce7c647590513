import { type Check, check, type Findings } from './check.js';
import { type End, onlyOneLanded, within } from './end.js';
import type { ProofRows } from './proof-rows.js';

/** Whether each failure in the journal is the one that its transaction's row has. */
export const failureChecks = (rows: ProofRows): Check[] => {
  const failures = rows.journal.filter(
    ({ kind, reason }) =>
      kind === 'envelope_failed' || kind === 'landing_failed' || reason === 'tx_failed',
  );
  if (failures.length === 0) return [];
  return [
    check('failures', 'each is as the replies of the node said', (find) => {
      for (const { envelope_hash, evidence } of failures) {
        const one = [...rows.transactions, ...rows.landings].find(
          ({ hash }) => hash === envelope_hash,
        );
        find.same('the ledger of a failure', evidence?.failedLedger, one?.found_ledger);
        find.same('its result', evidence?.resultCode, one?.result_code);
        find.same('who decided it', evidence?.failedBy, one?.failed_by);
        find.same('its reason', evidence?.failReason, one?.failed_reason);
        find.same('its contract', evidence?.failedContract ?? null, one?.failed_contract);
        find.same('its number', evidence?.failedNumber ?? null, one?.failed_number);
        if (one && 'fee_charged' in one)
          find.same('what it cost', evidence?.feeCharged ?? null, one.fee_charged);
        if (evidence?.number !== undefined)
          find.same('its transaction', evidence.number, one?.number);
      }
    }),
  ];
};

/** `D3`: a failure ended the hold. */
export function failed(find: Findings, { event, evidence, rows }: End): void {
  const one = rows.transactions.find(({ hash }) => hash === event.envelope_hash);
  find.same(
    'the reason',
    event.reason,
    evidence.failedBy === 'contract' ? 'tx_failed' : 'not_rebuilt',
  );
  find.same('its ledger', event.ledger, evidence.failedLedger);
  onlyOneLanded(find, rows, undefined);
  if (!one) {
    find.faults.push('the transaction that failed is none of this hold');
    return;
  }
  find.same('the state of the transaction that failed', one.state, 'failed');
  find.same('its ledger in the journal', one.found_ledger, event.ledger);
  find.same('its result', one.result_code, evidence.resultCode);
  find.same('who decided that', one.failed_by, evidence.failedBy);
  find.holds(within(event.ledger, one), 'it failed before it was issued');
  find.holds(
    event.close_time !== null && event.close_time <= one.max_time,
    'it failed after its deadline',
  );
  for (const each of rows.transactions)
    find.holds(each.sequence <= one.sequence, `transaction ${each.number} may land after it`);
  const earlier = rows.journal.find(
    ({ kind, envelope_hash }) => kind === 'envelope_failed' && envelope_hash === one.hash,
  );
  const [first = 0, second = 0] = evidence.failedAt ?? earlier?.evidence?.failedAt ?? [];
  find.holds(
    event.ledger !== null && BigInt(first) >= event.ledger && second > first,
    'no two replies of two ledgers say that it failed',
  );
}
