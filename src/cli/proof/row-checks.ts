import { availableOf } from '../../modules/liquidity/pools/available.js';
import { type Check, check, type Findings } from './check.js';
import { type ProofRows, seconds } from './proof-rows.js';

/** Whether the rows belong together, and whether the hold was allowed when it was made. */
export const rowChecks = (rows: ProofRows): Check[] => [
  check('rows', 'all are of this reservation, and the amount is what the loan takes', (find) => {
    belong(find, rows);
  }),
  check('rules', "the hold kept the pool's rules of that time", (find) => {
    rulesKept(find, rows);
  }),
  check('liquidity', 'the amount was available in the snapshot that it was decided on', (find) => {
    fitted(find, rows);
  }),
];

function belong(find: Findings, rows: ProofRows): void {
  const { about, pool, reservation, loan, chain } = rows;
  find.same('the reservation', reservation.id, about.reservation);
  find.same('the network', pool.network, about.network);
  find.same("the loan's reservation", loan.reservation_id, reservation.id);
  find.same("the reservation's loan", reservation.loan_id, loan.id);
  find.same('the tenant of the loan', loan.tenant_id, reservation.tenant_id);
  find.same('the borrower of the loan', loan.borrower, reservation.borrower);
  find.same('the amount', reservation.amount, loan.total_amount - loan.guarantee_amount);
  const ofHold = [
    ...rows.transactions,
    ...rows.landings,
    ...rows.journal,
    ...(rows.authorization ? [rows.authorization] : []),
    ...(chain.landedLoan ? [chain.landedLoan] : []),
    ...chain.fundings,
  ];
  for (const each of ofHold)
    find.same('the reservation of a row', each.reservation_id, reservation.id);
  const ofPool = [
    ...ofHold,
    ...rows.rules,
    ...(rows.snapshot ? [rows.snapshot] : []),
    reservation,
    loan,
    ...chain.events,
  ];
  for (const each of ofPool) find.same('the pool of a row', each.pool_id, pool.id);
  find.same(
    'what is signed',
    reservation.signing,
    rows.authorization ? 'authorization' : 'transaction',
  );
  find.holds(
    rows.authorization ? rows.transactions.length === 0 : rows.landings.length === 0,
    'it has transactions and an authorization',
  );
  for (const list of [rows.transactions, rows.landings, rows.journal])
    list.forEach(({ number }, at) => {
      find.same('the number of a row', number, at + 1);
    });
  find.same(
    'the number of its transactions',
    rows.authorization ? 1 : rows.transactions.length,
    reservation.envelope_version,
  );
}

function rulesKept(
  find: Findings,
  { rules, reservation, transactions, snapshot }: ProofRows,
): void {
  const [then] = rules;
  if (!then || then.at > reservation.held_at) {
    find.notKnown('the rules at that time were not kept yet');
    return;
  }
  find.holds(
    rules.every((each, at) => at === 0 || each.at > reservation.held_at),
    'a later rule was in force when it was held',
  );
  const first = transactions[0]?.max_time;
  const longest = Math.max(...rules.map((each) => each.max_extension_seconds));
  for (const { number, max_time } of transactions)
    find.holds(
      first !== undefined && max_time - first <= BigInt(longest),
      `the deadline of transaction ${number} is later than a rebuild may be`,
    );
  find.holds(
    transactions.length === 0 ||
      transactions.some(({ max_time }) => max_time === reservation.expires_at),
    'it expires at the deadline of none of its transactions',
  );
  const share = then.max_wallet_share_bps;
  if (snapshot && share !== null)
    find.holds(
      reservation.amount * 10_000n <= snapshot.total * BigInt(share),
      'it is a larger share of the pool than the rules allow',
    );
  if (first !== undefined && seconds(reservation.held_at) > first)
    find.notKnown('the clock of the database was past its deadline when it was held');
}

function fitted(find: Findings, { snapshot, rules, reservation, journal }: ProofRows): void {
  const held = journal.find(({ kind }) => kind === 'held');
  if (!snapshot) {
    find.notKnown('that snapshot is older than the service keeps them');
    return;
  }
  find.same('the ledger of the snapshot', snapshot.ledger, reservation.at_ledger);
  if (!held) return;
  find.same('the ledger in the journal', held.ledger, snapshot.ledger);
  const { room, observed } = availableOf({
    total: snapshot.total,
    locked: snapshot.locked,
    tokenBalance: snapshot.token_balance,
    utilisationCapBps:
      snapshot.utilisation_cap_bps === null ? null : Number(snapshot.utilisation_cap_bps),
    held: held.held_after,
    inFlight: held.in_flight_after,
    buffer: rules[0]?.buffer ?? 0n,
  });
  find.holds(room >= 0n, `${-room} more were set aside than the ${observed} that were available`);
}
