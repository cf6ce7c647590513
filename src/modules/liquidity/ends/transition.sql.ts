import type { Transaction } from '../../../database/transaction.js';
import type { Written } from '../../../database/retry-safe.js';
import type { ReleaseReason } from '../reservation.js';
import type {
  AbsenceEvidence,
  AuthorizationExpiry,
  ConsumedEvidence,
  ExpiryEvidence,
  FailureEvidence,
  OperatorEnd,
  Settlement,
  Transition,
} from './end-evidence.js';

export interface TransitionRow {
  readonly ord: number;
  readonly written: boolean;
  readonly state: Transition['state'];
}

/**
 * At most this many holds end in one transaction, because the pool row stays locked meanwhile
 * (docs/protocol.md#ledger-transaction).
 */
export const TRANSITIONS_MAX = 200;

const SETTLE = `select o_ord::int as ord, o_written as written, o_state as state
  from settle_batch($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::numeric[], $7::text[])`;
const END = `select o_ord::int as ord, o_written as written, o_state as state
  from end_batch($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[],
    $7::bigint[], $8::bigint[], $9::text[], $10::bigint[], $11::text[])`;
const FAIL = `select o_ord::int as ord, o_written as written, o_state as state
  from fail_envelopes($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[],
    $7::text[], $8::text[])`;

/** @returns the answers of a batch in the order of its list */
export function inOrder(rows: readonly TransitionRow[], wanted: number): Transition[] {
  if (rows.length !== wanted)
    throw new Error(`the ledger answered for ${rows.length} of ${wanted} transitions`);
  return rows.toSorted((a, b) => a.ord - b.ord).map(({ written, state }) => ({ written, state }));
}

/**
 * held -> settled (docs/protocol.md#landed). It alone ignores the envelope version: a landing is
 * final, whatever else was issued.
 */
export async function settleBatch(
  tx: Transaction,
  list: readonly Settlement[],
): Promise<Transition[]> {
  const answer = await tx.client.query<TransitionRow>(SETTLE, [
    list.map((s) => s.poolId),
    list.map((s) => s.reservationId),
    list.map((s) => s.envelopeHash),
    list.map((s) => s.settledLedger),
    list.map((s) => s.closeTime),
    list.map((s) => s.loanId),
    list.map((s) =>
      JSON.stringify({
        certificate: s.certificate ?? 'D4',
        chainLoanId: s.loanId?.toString() ?? null,
        feeBump: s.feeBump,
        ...(s.feeCharged != null && { feeCharged: s.feeCharged.toString() }),
        ...s.statement,
      }),
    ),
  ]);
  return inOrder(answer.rows, list.length);
}

/** One end for `end_batch`. */
interface End {
  readonly poolId: string;
  readonly reservationId: string;
  readonly envelopeVersion: number;
  readonly state: 'expired' | 'released';
  readonly reason: ReleaseReason | null;
  readonly hash: string | null;
  readonly ledger: number;
  readonly closeTime: bigint | null;
  readonly result: string | null;
  readonly consumed: bigint | null;
  readonly evidence: Readonly<Record<string, unknown>>;
}
const NOTHING = {
  reason: null,
  hash: null,
  closeTime: null,
  result: null,
  consumed: null,
} as const;

async function endBatch(tx: Transaction, list: readonly End[]): Promise<Transition[]> {
  const answer = await tx.client.query<TransitionRow>(END, [
    list.map((e) => e.poolId),
    list.map((e) => e.reservationId),
    list.map((e) => e.envelopeVersion),
    list.map((e) => e.state),
    list.map((e) => e.reason),
    list.map((e) => e.hash),
    list.map((e) => e.ledger),
    list.map((e) => e.closeTime),
    list.map((e) => e.result),
    list.map((e) => e.consumed),
    list.map((e) => JSON.stringify(e.evidence)),
  ]);
  return inOrder(answer.rows, list.length);
}
type Which = Pick<End, 'poolId' | 'reservationId' | 'envelopeVersion'>;
const which = ({ poolId, reservationId, envelopeVersion }: Which): Which => ({
  poolId,
  reservationId,
  envelopeVersion,
});
type Ending = Pick<End, 'state' | 'ledger' | 'evidence'> & Partial<Omit<End, keyof Which>>;
/** A batch of ends by one kind of evidence. */
const endsBy =
  <Evidence extends Which>(endingOf: (evidence: Evidence) => Ending) =>
  (tx: Transaction, list: readonly Evidence[]): Promise<Transition[]> =>
    endBatch(
      tx,
      list.map((e) => ({ ...NOTHING, ...which(e), ...endingOf(e) })),
    );

/**
 * held -> expired, only for the envelope version of the evidence
 * (docs/protocol.md#expired-by-time).
 */
export const expireBatch = endsBy((e: ExpiryEvidence) => ({
  state: 'expired',
  ledger: e.passedLedger,
  closeTime: e.passedCloseTime,
  evidence: {
    certificate: 'D1',
    passedLedger: e.passedLedger,
    passedCloseTime: e.passedCloseTime.toString(),
    notFoundAt: [e.firstVoteLedger, e.secondVoteLedger],
    oldestLedger: e.oldestLedger,
  },
}));

/** held -> expired, by the fence of an authorization (docs/protocol.md#expired-by-ledger). */
export const expireAuthorizationBatch = endsBy((e: AuthorizationExpiry) => ({
  state: 'expired',
  ledger: e.secondVoteLedger,
  evidence: {
    certificate: 'D5',
    expirationLedger: e.expirationLedger,
    absentAt: [e.firstVoteLedger, e.secondVoteLedger],
    minTemporaryTtl: e.minTemporaryTtl,
  },
}));

/**
 * held -> expired by the lending contract's own list of loans, where look-ups can no longer prove
 * anything.
 */
export const expireAbsentBatch = endsBy((e: AbsenceEvidence) => ({
  state: 'expired',
  ledger: e.passedLedger,
  closeTime: e.passedCloseTime,
  evidence: {
    certificate: 'contract_state',
    passedLedger: e.passedLedger,
    passedCloseTime: e.passedCloseTime.toString(),
    readLedger: e.readLedger,
    loansRead: e.loansRead,
  },
}));

/**
 * held -> released(sequence_consumed), only for the envelope version of the evidence
 * (docs/protocol.md#sequence-consumed).
 */
export const releaseConsumedBatch = endsBy((e: ConsumedEvidence) => ({
  state: 'released',
  reason: 'sequence_consumed',
  ledger: e.consumedLedger,
  consumed: e.consumedSequence,
  evidence: {
    certificate: 'D2',
    consumedLedger: e.consumedLedger,
    consumedSequence: e.consumedSequence.toString(),
    notFoundAt: [e.firstVoteLedger, e.secondVoteLedger],
    oldestLedger: e.oldestLedger,
  },
}));

/** What the journal says of a failure, and what its functions read. */
export const failureFacts = (e: Omit<FailureEvidence, 'envelopeVersion' | 'envelopeHash'>) => ({
  failedLedger: e.failedLedger,
  resultCode: e.resultCode,
  failedBy: e.cause.by,
  failReason: e.cause.reason,
  ...(e.cause.contract !== null && { failedContract: e.cause.contract }),
  ...(e.cause.number !== null && { failedNumber: e.cause.number }),
  ...(e.seenAt && { failedAt: e.seenAt }),
});
const failedEvidence = (e: FailureEvidence) => ({ certificate: 'D3', ...failureFacts(e) });

/**
 * The reason of a release after a failed transaction. Only the contract's own decision counts as
 * the borrower's failure.
 */
export const releaseReasonOf = ({ cause }: FailureEvidence): 'tx_failed' | 'not_rebuilt' =>
  cause.by === 'contract' ? 'tx_failed' : 'not_rebuilt';

/**
 * held -> released, only for the envelope version of the evidence, and while no open envelope has a
 * higher sequence than the failed one (docs/protocol.md#failed).
 */
export const releaseFailedBatch = endsBy((e: FailureEvidence) => ({
  state: 'released',
  reason: releaseReasonOf(e),
  hash: e.envelopeHash,
  ledger: e.failedLedger,
  closeTime: e.closeTime,
  result: e.resultCode,
  evidence: failedEvidence(e),
}));

/**
 * Ends a hold by an operator's resolution, where nothing proves the end. It applies only to the
 * envelope version that the operator looked at, also for a settlement.
 */
export async function endByOperator(
  tx: Transaction,
  end: OperatorEnd,
): Promise<Written<Transition>> {
  const done = await endByStatement(tx, end);
  if (!done.written) return { result: done, row: null };
  const written = await tx.client.query<{ number: number; at: string }>(
    'select number, at::text from reservation_events where pool_id = $1 and reservation_id ' +
      '= $2 order by number desc limit 1',
    [end.poolId, end.reservationId],
  );
  const of = [end.poolId, end.reservationId, written.rows[0]?.number, written.rows[0]?.at];
  return {
    result: done,
    row: {
      text:
        'select from reservation_events where pool_id = $1 and reservation_id = $2 and ' +
        'number = $3 and at = $4::timestamptz',
      values: of,
    },
  };
}

async function endByStatement(tx: Transaction, end: OperatorEnd): Promise<Transition> {
  const only = (list: readonly Transition[]): Transition =>
    list[0] ?? { written: false, state: 'unknown' };
  if (end.as !== 'settled') {
    const consumed =
      end.as === 'released' ? { reason: 'sequence_consumed' as const, consumed: end.sequence } : {};
    return only(
      await endBatch(tx, [
        {
          ...NOTHING,
          ...which(end),
          state: end.as,
          ledger: end.ledger,
          closeTime: end.closeTime,
          ...consumed,
          evidence: { certificate: 'operator', ...end.statement },
        },
      ]),
    );
  }
  await tx.client.query('select from pools where id = $1 for update', [end.poolId]);
  const seen = await tx.client.query<{ state: Transition['state']; unchanged: boolean }>(
    `select state, state = 'held' and envelope_version = $3 as unchanged
      from reservations where pool_id = $1 and id = $2`,
    [end.poolId, end.reservationId, end.envelopeVersion],
  );
  if (!seen.rows[0]?.unchanged) return { written: false, state: seen.rows[0]?.state ?? 'unknown' };
  return only(
    await settleBatch(tx, [
      {
        poolId: end.poolId,
        reservationId: end.reservationId,
        envelopeHash: end.envelopeHash,
        settledLedger: end.ledger,
        closeTime: end.closeTime,
        loanId: end.loanId,
        feeBump: false,
        certificate: 'operator',
        statement: end.statement,
      },
    ]),
  );
}

/**
 * Records a failure that the contract did not decide: the envelope is dead, the hold stays for a
 * rebuild (docs/protocol.md#failures-that-are-not-the-borrowers).
 */
export async function failEnvelopesBatch(
  tx: Transaction,
  list: readonly FailureEvidence[],
): Promise<Transition[]> {
  const answer = await tx.client.query<TransitionRow>(FAIL, [
    list.map((e) => e.poolId),
    list.map((e) => e.reservationId),
    list.map((e) => e.envelopeVersion),
    list.map((e) => e.envelopeHash),
    list.map((e) => e.failedLedger),
    list.map((e) => e.closeTime),
    list.map((e) => e.resultCode),
    list.map((e) => JSON.stringify(failedEvidence(e))),
  ]);
  return inOrder(answer.rows, list.length);
}
