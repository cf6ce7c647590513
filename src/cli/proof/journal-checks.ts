import { rebuildsMax, type FailedBy } from '../../modules/liquidity/reservation.js';
import { type Check, check, type Findings } from './check.js';
import type { JournalRow, LandingRow, ProofRows, TransactionRow } from './proof-rows.js';

const ENDS = new Set(['settled', 'released', 'expired']);
export const isEnd = ({ kind }: JournalRow): boolean => ENDS.has(kind);

/** Whether the changes of the hold happened as the protocol allows (docs/protocol.md#states). */
export const journalChecks = (rows: ProofRows): Check[] => [
  check('journal', 'its changes follow each other as the protocol allows', (find) => {
    states(find, rows);
    for (const [at, event] of rows.journal.entries()) {
      counters(find, event, rows);
      allowed(find, event, rows.journal.slice(0, at), rows);
    }
  }),
  check('issued', 'each transaction is in the journal, as it was issued', (find) => {
    for (const row of rows.authorization ? rows.landings : rows.transactions)
      issued(find, row, rows);
    submitted(find, rows);
  }),
];

function states(find: Findings, { journal, reservation }: ProofRows): void {
  let before: JournalRow | undefined;
  for (const event of journal) {
    find.same('the state before a change', event.state_before, before?.state_after ?? null);
    if (before) {
      find.holds(!isEnd(before), `it was changed after it had ended (row ${event.number})`);
      find.holds(event.pool_version >= before.pool_version, `row ${event.number} is out of order`);
      if (event.at < before.at)
        find.notKnown(`the database's clock went back before row ${event.number}`);
    }
    find.same('the state after a change', event.state_after, isEnd(event) ? event.kind : 'held');
    before = event;
  }
  const last = journal.at(-1);
  find.same('its first change', journal[0]?.kind, 'held');
  find.same('its state', reservation.state, last?.state_after);
  const end = last && isEnd(last) ? last : undefined;
  find.same('whether it ended', reservation.ended_at !== null, end !== undefined);
  find.same('when it was held', reservation.held_at, journal[0]?.at);
  find.same(
    'the ledger in which it settled',
    reservation.settled_ledger,
    end?.kind === 'settled' ? end.ledger : null,
  );
  find.same('the reason of its release', reservation.release_reason, end?.reason ?? null);
  if (reservation.ended_at !== null && end && end.at < reservation.ended_at)
    find.notKnown("the database's clock went back while it ended");
}

/** What a change does to the pool's counters, which each row has before and after. */
function counters(find: Findings, event: JournalRow, { reservation }: ProofRows): void {
  const { kind, amount } = event;
  find.same(`the amount in row ${event.number}`, amount, reservation.amount);
  const held = event.held_after - event.held_before;
  const inFlight = event.in_flight_after - event.in_flight_before;
  const expected = kind === 'held' ? amount : isEnd(event) ? -amount : 0n;
  find.same(`the change of held in row ${event.number}`, held, expected);
  if (kind === 'settled')
    find.holds(
      inFlight === 0n || inFlight === amount,
      `the change of in flight in row ${event.number} is ${inFlight}`,
    );
  else find.same(`the change of in flight in row ${event.number}`, inFlight, 0n);
  for (const each of [event.held_before, event.held_after, event.in_flight_before])
    find.holds(each >= 0n, `a counter in row ${event.number} is below zero`);
}

const KINDS = {
  transaction: ['held', 'submitted', 'rebuilt', 'envelope_failed', 'cancel_requested'],
  authorization: ['held', 'submitted', 'landing_issued', 'landing_failed', 'cancel_requested'],
};

function allowed(
  find: Findings,
  event: JournalRow,
  before: readonly JournalRow[],
  { reservation, landings, transactions }: ProofRows,
): void {
  const { kind, number } = event;
  const was = (other: string): boolean => before.some((each) => each.kind === other);
  find.holds(
    KINDS[reservation.signing].includes(kind) || isEnd(event),
    `row ${number} is ${kind}, which such a hold has not`,
  );
  if (['held', 'submitted', 'cancel_requested'].includes(kind))
    find.holds(!was(kind), `it was ${kind} twice`);
  if (kind === 'cancel_requested')
    find.holds(
      reservation.cancel_requested_at !== null,
      'its cancellation is in the journal alone',
    );
  if (kind === 'rebuilt' || kind === 'landing_issued')
    find.holds(!was('cancel_requested'), `row ${number} was issued after a cancellation`);
  if (kind === 'landing_issued')
    find.holds(was('submitted'), `row ${number} was issued before the authorization was signed`);
  const isStrangers = kind === 'settled' && event.evidence?.by === 'other';
  if (event.envelope_hash === null || isStrangers) return;
  const one = [...transactions, ...landings].find(({ hash }) => hash === event.envelope_hash);
  find.holds(one !== undefined, `row ${number} names no transaction of this hold`);
  if (kind === 'envelope_failed' || kind === 'landing_failed')
    find.holds(
      one?.state === 'failed' && one.found_ledger === event.ledger,
      `row ${number} is no failure of its transaction`,
    );
}

/** The row of the journal with which a transaction was stored, before it left the service. */
function issued(
  find: Findings,
  row: TransactionRow | LandingRow,
  { journal, transactions, authorization }: ProofRows,
): void {
  const kind = authorization ? 'landing_issued' : row.number === 1 ? 'held' : 'rebuilt';
  const event = journal.find((each) => each.kind === kind && each.envelope_hash === row.hash);
  if (!event) {
    find.faults.push(`transaction ${row.number} is not in the journal`);
    return;
  }
  if (kind !== 'held') {
    find.same('its number in the journal', event.evidence?.number, row.number);
    find.same('its sequence in the journal', event.evidence?.sequence, row.sequence);
    find.same('its deadline in the journal', event.evidence?.maxTime, row.max_time);
  }
  if ('channel' in row) {
    find.same('its channel in the journal', event.evidence?.channel, row.channel);
    find.same('its fee in the journal', event.evidence?.fee, row.fee);
    find.same('its bid in the journal', event.evidence?.inclusionFee, row.inclusion_fee);
    find.same('its ledger in the journal', event.ledger, row.issued_after_ledger);
  }
  const failedBy = transactions.map((each) => each.failed_by as FailedBy | null);
  find.holds(
    transactions.length <= 1 + rebuildsMax(failedBy),
    'it was rebuilt more often than it may be',
  );
}

function submitted(
  find: Findings,
  { journal, reservation, authorization, landings }: ProofRows,
): void {
  const event = journal.find(({ kind }) => kind === 'submitted');
  find.same('whether it was submitted', reservation.submitted_at !== null, event !== undefined);
  const requested = journal.some(({ kind }) => kind === 'cancel_requested');
  find.same(
    'whether its cancellation was requested',
    reservation.cancel_requested_at !== null,
    requested,
  );
  const issues = journal.filter(({ kind }) => ['rebuilt', 'landing_issued'].includes(kind)).length;
  find.same(
    'the number of transactions in the journal',
    authorization ? issues : issues + 1,
    authorization ? landings.length : reservation.envelope_version,
  );
  if (!authorization) return;
  find.same('whether it is signed', authorization.signed_at !== null, event !== undefined);
  if (event) {
    find.same(
      'the authorization that was signed',
      event.evidence?.authorization,
      authorization.hash,
    );
    find.same(
      'its fence in the journal',
      event.evidence?.expirationLedger,
      authorization.expiration_ledger,
    );
  }
}
