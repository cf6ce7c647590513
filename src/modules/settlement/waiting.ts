import { timeOf } from '../../common/times.js';
import { becauseOf } from '../chain/failure-words.js';
import { isOutdated, nextLoanId } from '../liquidity/holds/counter-window.js';
import { type LiveEnvelope, type LiveHold, rebuildsLeft } from '../liquidity/reservation.js';
import { authorizationWaitsFor } from './waiting-authorization.js';

/**
 * What a live hold waits for, derived from stored rows. It proves nothing: `verdict` does, from the
 * chain.
 */
export interface Waiting {
  readonly sentence: string;
  /** The worker should have ended it long ago: an operator should read the worker's alarms. */
  readonly needsPerson: boolean;
}

/** What is known of the chain's clock and of the lending contract's loan counter. */
export interface ChainView {
  /** Close time of the newest known ledger, unix seconds; null before the first. */
  readonly closeTime: bigint | null;
  /** Set when the chain has not been read for longer than the pool allows, seconds. */
  readonly unreadSeconds: number | null;
  /** Null: not known. */
  readonly lastLoanId: bigint | null;
}

/**
 * A proof takes 2-4 ledgers, about 20 s. A hold that is still unproven this long after its T is an
 * alarm such as `lookup_proves_nothing`. Seconds.
 */
export const OVERDUE_SECONDS = 300n;

interface EnvelopeWaiting extends Waiting {
  /** How near the proof is; the least stage of all open envelopes decides. */ readonly stage: number;
}

/**
 * Follows the order of `verdict`: the hold lasts while one of its envelopes may land, so the
 * sentence describes the envelope that is furthest from its proof.
 */
export function waitsFor(hold: LiveHold, chain: ChainView): Waiting {
  const { sentence, needsPerson } = hold.authorization
    ? authorizationWaitsFor(hold, hold.authorization)
    : sentenceOf(hold, chain);
  const silence =
    chain.unreadSeconds === null
      ? ''
      : `; the chain has not been read for ${Math.round(chain.unreadSeconds)} s, and nothing is proven meanwhile`;
  return { sentence: `${sentence}${silence}`, needsPerson };
}

function sentenceOf(hold: LiveHold, chain: ChainView): Waiting {
  const failures = hold.envelopes
    .filter(({ state }) => state === 'failed')
    .toSorted((a, b) => (a.foundLedger ?? 0) - (b.foundLedger ?? 0));
  const consumed = failures.reduce(
    (most, { sequence }) => (sequence > most ? sequence : most),
    -1n,
  );
  const open = hold.envelopes.filter(
    ({ state, sequence }) => state === 'open' && sequence > consumed,
  ); // a failure kills the others with the same or a lower sequence
  const [first] = open
    .map((envelope) => ({ envelope, waiting: openEnvelope(hold, envelope, chain) }))
    .toSorted(
      (a, b) =>
        a.waiting.stage - b.waiting.stage || (a.envelope.maxTime < b.envelope.maxTime ? 1 : -1),
    );
  const landable = open.filter((envelope) => !isOutdated(envelope, chain.lastLoanId)).length;
  if (first)
    return {
      ...first.waiting,
      sentence:
        open.length > 1
          ? `${first.waiting.sentence} (transaction ${first.envelope.number}; ${landable} may still land)`
          : first.waiting.sentence,
    };
  const failure = failures.at(-1);
  if (failure) return afterFailure(hold, failure, chain);
  return {
    sentence: 'waits for the worker: none of its transactions is open',
    needsPerson: true,
  };
}

function openEnvelope(hold: LiveHold, envelope: LiveEnvelope, chain: ChainView): EnvelopeWaiting {
  const burnt =
    envelope.consumedLedger !== null &&
    envelope.consumedSequence !== null &&
    envelope.consumedSequence >= envelope.sequence;
  const passed =
    envelope.passedLedger !== null ||
    (chain.closeTime !== null && chain.closeTime >= envelope.maxTime);
  const needsPerson =
    chain.closeTime !== null && chain.closeTime >= envelope.maxTime + OVERDUE_SECONDS;
  if (envelope.sighting) {
    // A failure was seen once, and no other proof is as near.
    return {
      sentence:
        `a node said at ledger ${envelope.sighting.seenLedger} that it failed in ledger ` +
        `${envelope.sighting.ledger}; a second reply of a later ledger must agree`,
      needsPerson,
      stage: 0,
    };
  }
  if (burnt && (envelope.consumedVoteLedger !== null || !passed)) {
    return {
      ...votes(
        `its sequence number was used by another transaction, seen at ledger ${envelope.consumedLedger}`,
        envelope.consumedLedger,
        envelope.consumedVoteLedger,
      ),
      needsPerson,
    };
  }
  if (!passed)
    return {
      sentence: isOutdated(envelope, chain.lastLoanId)
        ? outsideWindow(hold, envelope, chain)
        : mayStillLand(hold, envelope),
      needsPerson: false,
      stage: 0,
    };
  const when =
    envelope.passedLedger === null
      ? `deadline passed at ${clock(envelope.maxTime)}`
      : `deadline passed at ledger ${envelope.passedLedger}`;
  const waiting = votes(when, envelope.passedLedger, envelope.voteLedger);
  return needsPerson
    ? {
        ...waiting,
        sentence: `${waiting.sentence}; this takes too long, so a person must look at the worker's alarms`,
        needsPerson,
      }
    : { ...waiting, needsPerson };
}

/**
 * Step 2 of the proofs by time and by sequence: two NOT_FOUND replies, from the second ledger after
 * step 1 on (docs/protocol.md#why-two-steps).
 */
function votes(
  step: string,
  stepLedger: number | null,
  voteLedger: number | null,
): { sentence: string; stage: number } {
  if (voteLedger !== null)
    return {
      sentence: `${step}; first NOT_FOUND vote at ledger ${voteLedger}; one more vote`,
      stage: 2,
    };
  return {
    sentence:
      `${step}; two NOT_FOUND votes are needed, ` +
      `${stepLedger === null ? 'from two ledgers later on' : `from ledger ${stepLedger + 2} on`}`,
    stage: 1,
  };
}

function mayStillLand(hold: LiveHold, envelope: LiveEnvelope): string {
  const until = `until ${clock(envelope.maxTime)}`;
  if (hold.cancelRequested)
    return `the borrower cancelled, but a signed transaction can still land ${until}`;
  if (hold.submittedAt === null) return `waits for the borrower to sign ${until}`;
  if (envelope.submission === null)
    return `was submitted once; this transaction waits for a signature ${until}`;
  if (envelope.submission.status === 'TRY_AGAIN_LATER')
    return `the node was busy at ledger ${envelope.submission.ledger}: submitted again ${until}`;
  return (
    `submitted (${envelope.submission.status} at ledger ${envelope.submission.ledger}): ` +
    `waits for it to land ${until}`
  );
}

/**
 * Its deadline has not passed, but no loan id is left to land on (docs/protocol.md#counter-window).
 * It ends by a trap or by time, or it is rebuilt.
 */
function outsideWindow(hold: LiveHold, envelope: LiveEnvelope, { lastLoanId }: ChainView): string {
  const until = `until ${clock(envelope.maxTime)}`;
  const submitted =
    envelope.submission === null
      ? ''
      : `submitted (${envelope.submission.status} at ledger ${envelope.submission.ledger}), not found so far; `;
  const left = leftOf(hold);
  const remedy = hold.cancelRequested
    ? `the borrower cancelled, and it can be submitted ${until}`
    : left > 0
      ? `to be rebuilt ${until} (${left} left)`
      : `no rebuild is left, and it can be submitted ${until}`;
  return (
    `${submitted}outside of its window: the lending contract's next loan id is ` +
    `${nextLoanId(lastLoanId)}, it lands on ${envelope.loanIdFirst} to ` +
    `${envelope.loanIdLast} only and will trap when submitted; ${remedy}`
  );
}

/**
 * A failure that the contract did not decide kills the transaction, not the hold
 * (docs/protocol.md#failures-that-are-not-the-borrowers).
 */
function afterFailure(hold: LiveHold, failure: LiveEnvelope, chain: ChainView): Waiting {
  const failed =
    `failed at ledger ${failure.foundLedger ?? 'unknown'} because ` +
    `${becauseOf(failure.cause?.reason ?? null)}`;
  const left = leftOf(hold);
  const why = hold.cancelRequested
    ? 'the borrower cancelled'
    : left === 0
      ? 'every rebuild is used'
      : chain.closeTime !== null && chain.closeTime >= failure.maxTime
        ? `the time to rebuild ended at ${clock(failure.maxTime)}`
        : null;
  if (why !== null)
    return {
      sentence: `${failed}; ${why}: released in the worker's next round`,
      needsPerson: chain.closeTime !== null && chain.closeTime >= failure.maxTime + OVERDUE_SECONDS,
    };
  return {
    sentence: `${failed}: a rebuild is possible until ${clock(failure.maxTime)} (${left} left)`,
    needsPerson: false,
  };
}

const leftOf = ({ envelopes }: LiveHold): number =>
  rebuildsLeft(envelopes.map(({ cause }) => cause?.by ?? null));

/** Chain time of day, UTC. The caller shows the full time beside it. */
const clock = (unixSeconds: bigint): string => `${timeOf(unixSeconds).slice(11, 19)} UTC`;
