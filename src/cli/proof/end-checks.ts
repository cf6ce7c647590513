import { TEMPORARY_TTL_MAX } from '../../modules/settlement/nonce-word.js';
import { type Check, check, type Findings } from './check.js';
import { closeTimes, fundings } from './chain-checks.js';
import { type End, type Issued, onlyOneLanded, within } from './end.js';
import { failed } from './failure-checks.js';
import { isEnd } from './journal-checks.js';
import type { ProofRows, TransactionRow } from './proof-rows.js';

type Certificate = (find: Findings, end: End) => void;

/** Each certificate proves its own kinds of ends (docs/protocol.md#certificates). */
const CERTIFICATES: Readonly<
  Record<
    string,
    { readonly name: string; readonly ends: readonly string[]; readonly look: Certificate }
  >
> = {
  D1: { name: 'expired by time', ends: ['expired'], look: expiredByTime },
  D2: { name: 'sequence consumed', ends: ['released'], look: sequenceConsumed },
  D3: { name: 'failed', ends: ['released'], look: failed },
  D4: { name: 'landed', ends: ['settled'], look: landed },
  D5: { name: 'expired by ledger', ends: ['expired'], look: expiredByLedger },
  contract_state: { name: "the contract's own list", ends: ['settled', 'expired'], look: listed },
  operator: {
    name: "an operator's statement",
    ends: ['settled', 'released', 'expired'],
    look: stated,
  },
};

/** Whether the end has the evidence that its certificate asks for. */
export function endChecks(rows: ProofRows): Check[] {
  const event = rows.journal.find(isEnd);
  if (!event)
    return [
      check('end', 'it is live, and its amount counts', (find) => {
        find.same('its state', rows.reservation.state, 'held');
        find.same('whether funds went to it', rows.chain.fundings.length, 0);
        for (const { number, state } of [...rows.transactions, ...rows.landings])
          find.holds(state !== 'landed', `transaction ${number} landed`);
      }),
    ];
  const { evidence } = event;
  const stored = evidence?.certificate ?? '';
  const certificate = CERTIFICATES[stored];
  return [
    check(
      'end',
      `it ${event.kind === 'released' ? 'was' : 'is'} ${event.kind}: ${certificate?.name ?? stored}`,
      (find) => {
        if (!certificate || !evidence) {
          find.faults.push('its end has no certificate');
          return;
        }
        find.holds(
          certificate.ends.includes(event.kind),
          `${certificate.name} does not prove that it ${event.kind}`,
        );
        certificate.look(find, { event, evidence, rows });
      },
    ),
    check('chain', 'what was read of the chain agrees with the end and with itself', (find) => {
      fundings(find, { event, evidence: evidence ?? {}, rows });
      closeTimes(find, rows);
    }),
  ];
}

function landed(find: Findings, end: End): void {
  const { event, evidence, rows } = end;
  const { authorization } = rows;
  find.holds(event.ledger !== null && event.close_time !== null, 'its ledger has no close time');
  const list: readonly Issued[] = authorization ? rows.landings : rows.transactions;
  const one = list.find(({ hash }) => hash === event.envelope_hash);
  if (authorization) {
    spent(find, end);
    find.same('who landed it', evidence.by, one ? 'landing' : 'other');
  } else find.holds(one !== undefined, 'the transaction that landed is none of this hold');
  if (one) {
    find.same('the state of the transaction that landed', one.state, 'landed');
    find.same('its ledger', one.found_ledger, event.ledger);
    find.same('its result', one.result_code, 'txSuccess');
    find.holds(within(event.ledger, one), 'it landed before it was issued');
    find.holds(
      event.close_time !== null && event.close_time <= one.max_time,
      'it landed after its deadline',
    );
    loanId(find, evidence.chainLoanId, one);
    if ('fee_charged' in one)
      find.same('what it cost', evidence.feeCharged ?? null, one.fee_charged);
  }
  onlyOneLanded(find, rows, one);
}

function spent(find: Findings, { event, evidence, rows: { authorization } }: End): void {
  if (!authorization) return;
  find.same('the state of the authorization', authorization.state, 'spent');
  find.same('the transaction that spent it', authorization.landing_tx_hash, event.envelope_hash);
  find.same('that transaction in the evidence', evidence.transactionHash, event.envelope_hash);
  find.same('the loan id', authorization.chain_loan_id, evidence.chainLoanId);
  // where the list or a person decided, the ledger of the landing may not be known
  if (evidence.certificate !== 'D4') return;
  find.holds(
    event.ledger !== null &&
      event.ledger > authorization.issued_after_ledger &&
      event.ledger <= authorization.expiration_ledger,
    'it landed outside the ledgers in which it could',
  );
  if (authorization.spent_ledger !== null)
    find.same('the ledger of the nonce', authorization.spent_ledger, event.ledger);
}

function loanId(find: Findings, id: bigint | null | undefined, one: Issued): void {
  if ('chain_loan_id' in one) find.same('its loan id', one.chain_loan_id, id ?? null);
  if (id == null || one.loan_id_first === null || one.loan_id_last === null) return;
  find.holds(
    id >= one.loan_id_first && id <= one.loan_id_last,
    'its loan id is none that the transaction made room for',
  );
}

/** Transactions that a later failure did not kill already. */
function diedLast({ transactions }: ProofRows): readonly TransactionRow[] {
  const failures = transactions.filter(({ state }) => state === 'failed');
  return transactions.filter(
    ({ state, sequence }) =>
      state === 'dead' && !failures.some((failure) => failure.sequence >= sequence),
  );
}

function notFound(
  find: Findings,
  { event, evidence, rows }: End,
  from: number | undefined,
): TransactionRow | undefined {
  const [first = 0, second = 0] = evidence.notFoundAt ?? [];
  find.holds(
    from !== undefined && first >= from + 2,
    'the first reply that it is absent came too soon',
  );
  find.holds(second > first, 'the two replies that it is absent are of one ledger');
  const named = rows.transactions.find(({ hash }) => hash === event.envelope_hash);
  find.holds(named?.state === 'dead', 'the transaction that died last is none of this hold');
  find.holds(
    evidence.oldestLedger !== undefined &&
      named !== undefined &&
      BigInt(evidence.oldestLedger) <= named.issued_after_ledger + 1n,
    'the node had forgotten ledgers in which it may have landed',
  );
  onlyOneLanded(find, rows, undefined);
  return named;
}

/** A step of a proof, which another worker may have discarded after it was read. */
function asStored(find: Findings, stored: bigint | null | undefined, said: unknown): void {
  if (stored != null) find.same('a step of the proof', stored, said);
}

function expiredByTime(find: Findings, end: End): void {
  const { event, evidence, rows } = end;
  const named = notFound(find, end, evidence.passedLedger);
  asStored(find, named?.passed_ledger, evidence.passedLedger);
  asStored(find, named?.vote_ledger, evidence.notFoundAt?.[0]);
  find.same('its ledger', event.ledger, evidence.passedLedger);
  find.same('the close time of that ledger', event.close_time, evidence.passedCloseTime);
  for (const { number, max_time } of diedLast(rows))
    find.holds(
      evidence.passedCloseTime !== undefined && evidence.passedCloseTime >= max_time,
      `the deadline of transaction ${number} had not passed`,
    );
}

function sequenceConsumed(find: Findings, end: End): void {
  const { event, evidence, rows } = end;
  const named = notFound(find, end, evidence.consumedLedger);
  asStored(find, named?.consumed_ledger, evidence.consumedLedger);
  asStored(find, named?.consumed_sequence, evidence.consumedSequence);
  asStored(find, named?.consumed_vote_ledger, evidence.notFoundAt?.[0]);
  find.same('the reason', event.reason, 'sequence_consumed');
  find.same('its ledger', event.ledger, evidence.consumedLedger);
  for (const { number, sequence } of diedLast(rows))
    find.holds(
      evidence.consumedSequence !== undefined && evidence.consumedSequence >= sequence,
      `the sequence of transaction ${number} was not consumed`,
    );
}

function expiredByLedger(find: Findings, { event, evidence, rows }: End): void {
  const { authorization } = rows;
  if (!authorization) {
    find.faults.push('there is no authorization');
    return;
  }
  find.same('the state of the authorization', authorization.state, 'dead');
  find.same('the ledger in which it was spent', authorization.spent_ledger, null);
  find.same('the transaction that spent it', authorization.landing_tx_hash, null);
  find.same('the fence', evidence.expirationLedger, authorization.expiration_ledger);
  const [first = 0, second = 0] = evidence.absentAt ?? [];
  const life = BigInt(Math.min(evidence.minTemporaryTtl ?? 0, TEMPORARY_TTL_MAX));
  const unspent = authorization.unspent_ledger ?? authorization.issued_after_ledger;
  find.holds(unspent <= authorization.expiration_ledger, 'it was seen unspent after its fence');
  find.holds(
    BigInt(first) > authorization.expiration_ledger,
    'the first reply is before the fence',
  );
  find.holds(second > first, 'the two replies are of one ledger');
  asStored(find, authorization.vote_ledger, first);
  find.holds(BigInt(second) <= unspent + life, 'the entry of a spent nonce could have been gone');
  find.same('its ledger', event.ledger, second);
  onlyOneLanded(find, rows, undefined);
}

function listed(find: Findings, end: End): void {
  const { event, evidence, rows } = end;
  if (event.kind === 'settled') {
    if (rows.authorization) spent(find, end);
    find.holds(evidence.chainLoanId != null, 'no loan of the list is named');
    const one = rows.transactions.find(({ hash }) => hash === event.envelope_hash);
    if (one) loanId(find, evidence.chainLoanId, one);
    onlyOneLanded(find, rows, one ?? rows.landings.find(({ state }) => state === 'landed'));
    return;
  }
  find.same('its ledger', event.ledger, evidence.passedLedger);
  find.same('the close time of that ledger', event.close_time, evidence.passedCloseTime);
  const { passedLedger = 0, passedCloseTime, readLedger = 0 } = evidence;
  find.holds(readLedger >= passedLedger, 'the list was read before the deadline had passed');
  for (const { number, max_time } of diedLast(rows))
    find.holds(
      passedCloseTime !== undefined && passedCloseTime >= max_time,
      `the deadline of transaction ${number} had not passed`,
    );
  if (rows.authorization)
    find.holds(
      BigInt(readLedger) > rows.authorization.expiration_ledger,
      'the list was read before the fence',
    );
  onlyOneLanded(find, rows, undefined);
}

function stated(find: Findings, { event, evidence, rows }: End): void {
  find.holds(
    Boolean(evidence.by) && Boolean(evidence.reason) && Boolean(evidence.alarm),
    'the statement has no person, no reason or no alarm',
  );
  const landedNow = [...rows.transactions, ...rows.landings].find(
    ({ state }) => state === 'landed',
  );
  onlyOneLanded(find, rows, event.kind === 'settled' ? landedNow : undefined);
  find.notKnown('a person ended it, and no reply of the chain proves it');
}
