import type { Findings } from './check.js';
import type { End } from './end.js';
import type { ProofRows } from './proof-rows.js';

/** What the pool's own events say, as far as they were read and are kept. */
export function fundings(find: Findings, { event, evidence, rows }: End): void {
  const { fundings: found, events, landedLoan } = rows.chain;
  if (event.kind !== 'settled') {
    find.holds(
      found.length === 0 || evidence.certificate === 'operator',
      'the pool funded it, and it ended without a loan',
    );
    return;
  }
  for (const funding of found) {
    find.same('the amount that the pool paid', funding.amount, rows.reservation.amount);
    find.same('the borrower of that event', funding.borrower, rows.reservation.borrower);
    // where the contract's list or a person decided, ledger and transaction may not be known
    if (evidence.certificate === 'D4') {
      find.same('the ledger of that event', funding.ledger, event.ledger);
      find.same('the transaction of that event', funding.envelope_hash, event.envelope_hash);
      find.same(
        'that it landed in a fee bump',
        evidence.feeBump,
        funding.tx_hash !== event.envelope_hash,
      );
    }
    const own = events.find(({ id }) => id === funding.event_id);
    if (own) {
      find.same('the contract of that event', own.contract, rows.pool.pool_contract);
      find.same('the hash of that event', own.tx_hash, funding.tx_hash);
    } else find.notKnown("the pool's event is older than the service keeps them");
    if (funding.chain_loan_id !== null)
      find.same('the loan of that event', funding.chain_loan_id, evidence.chainLoanId);
    if (funding.vendor !== null)
      find.same('the vendor of that event', funding.vendor, rows.loan.vendor);
    for (const each of events.filter(({ tx_hash }) => tx_hash === funding.tx_hash)) {
      find.same('the ledger of an event', each.ledger, funding.ledger);
      find.holds(
        [rows.pool.pool_contract, rows.pool.lending_contract, rows.pool.token_contract].includes(
          each.contract,
        ),
        `an event is of another contract, ${each.contract}`,
      );
    }
  }
  find.holds(found.length <= 1, 'the pool funded it more than once');
  if (found.length === 0) find.notKnown("the pool's event was not read yet");
  if (!landedLoan) return;
  find.same('the id of the loan on the chain', landedLoan.chain_loan_id, evidence.chainLoanId);
  find.same('the total on the chain', landedLoan.total_amount, rows.loan.total_amount);
  find.same('the guarantee on the chain', landedLoan.guarantee_amount, rows.loan.guarantee_amount);
  find.holds(
    event.ledger !== null && landedLoan.read_ledger >= event.ledger,
    'the loan was read before it landed',
  );
}

/** One ledger has one close time, and a later one closed later. */
export function closeTimes(find: Findings, { journal, chain }: ProofRows): void {
  const times = [
    ...chain.ledgerTimes.filter(({ believed }) => believed),
    ...journal.flatMap(({ ledger, close_time }) =>
      ledger === null || close_time === null ? [] : [{ ledger, close_time }],
    ),
  ].toSorted((a, b) => (a.ledger < b.ledger ? -1 : a.ledger > b.ledger ? 1 : 0));
  for (const [at, { ledger, close_time }] of times.entries()) {
    const before = times[at - 1];
    if (!before) continue;
    if (before.ledger === ledger)
      find.same(`the close time of ledger ${ledger}`, close_time, before.close_time);
    else
      find.holds(
        close_time > before.close_time,
        `ledger ${ledger} closed before the one before it`,
      );
  }
  if (chain.ledgerTimes.length === 0)
    find.notKnown('no close time of these ledgers is kept any more');
}
