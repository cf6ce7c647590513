import { LAG_LEDGERS_MAX, type LedgerTime } from '../../common/ledger-time.js';
import type { NonceSighting } from '../chain/authorizations.js';
import type { Head, PoolParts } from '../chain/chain.js';
import { familyOf } from '../chain/families/families.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { AuthorizationExpiry, Settlement } from '../liquidity/ends/end-evidence.js';
import type {
  LandingDeath,
  LandingFailure,
  LandingSighting,
  LandingStep,
  NonceNote,
} from '../liquidity/landings/landing.js';
import type { LiveAuthorization, LiveHold, LiveLanding } from '../liquidity/reservation.js';
import { type Dispute, disputed, seenBy } from './absence.js';
import { agreementOn, disprovedBy } from './failure-agreement.js';
import type { AlarmReason, KeepReason } from './finding.js';
import { canHaveLandedIn } from './landing.js';

/** One look-up of a landing in flight. It began after the nonce and the head had been read. */
export interface LandingReport {
  readonly landing: LiveLanding;
  readonly report: TransactionReport;
}

/** Everything known in one round about one hold whose borrower signs an authorization. */
export interface AuthorizationEvidence {
  readonly hold: LiveHold;
  readonly authorization: LiveAuthorization;
  /** Whose events count. */
  readonly pool: PoolParts;
  /** A believed head. Null: this round seeks no proof that the fence has passed. */
  readonly head: Head | null;
  /** Ledgers whose close time is trusted. */
  readonly times: readonly LedgerTime[];
  /** The nonce, read before the look-ups. Null: it was not read. */
  readonly nonce: NonceSighting | null;
  /** A second reply about the nonce of the same round. Null: none was needed. */
  readonly nonceAgain: NonceSighting | null;
  /** How long the entry of a spent nonce lives at least, ledgers; null: the node did not say it. */
  readonly minTemporaryTtl: number | null;
  readonly reports: readonly LandingReport[];
  /** The transaction that the hold's funding event names, when it is none of our landings in flight. */
  readonly funded: { readonly hash: string; readonly report: TransactionReport } | null;
}

/** What a round proves about a hold, and the steps of proofs to store. */
export interface AuthorizationVerdict {
  readonly settlement: Settlement | null;
  readonly expiry: AuthorizationExpiry | null;
  /** Why the hold still counts; null when it ends. */
  readonly why: KeepReason | null;
  /** Set when a person must look. */
  readonly alarm: AlarmReason | null;
  readonly nonce: NonceNote | null;
  readonly failures: readonly LandingFailure[];
  readonly deaths: readonly LandingDeath[];
  readonly steps: readonly LandingStep[];
  readonly sightings: readonly LandingSighting[];
  readonly disputes: readonly Dispute[];
}

const NOTHING: AuthorizationVerdict = {
  settlement: null,
  expiry: null,
  why: null,
  alarm: null,
  nonce: null,
  failures: [],
  deaths: [],
  steps: [],
  sightings: [],
  disputes: [],
};

/**
 * A hold with an authorization ends by its nonce alone (docs/protocol.md#expired-by-ledger): it
 * settles when a transaction spent it, whoever sent that one, and expires when the fence has passed
 * and it was never spent. What becomes of one landing decides only when the next one may follow.
 */
export function authorizationVerdict(evidence: AuthorizationEvidence): AuthorizationVerdict {
  const behind = ledgersBehind(evidence);
  if (behind > LAG_LEDGERS_MAX)
    return { ...NOTHING, why: 'chain_went_backwards', alarm: 'chain_went_backwards' };
  if (behind > 0) return { ...NOTHING, why: 'node_behind' };
  const findings = evidence.reports.map((each) => landingFinding(evidence, each));
  const known = {
    ...NOTHING,
    failures: findings.flatMap(({ failure }) => failure ?? []),
    deaths: findings.flatMap(({ death }) => death ?? []),
    steps: findings.flatMap(({ step }) => step ?? []),
    sightings: findings.flatMap(({ sighting }) => sighting ?? []),
    disputes: findings.flatMap(({ dispute }) => dispute ?? []),
  };
  const settlement =
    findings.flatMap((finding) => finding.settlement ?? [])[0] ?? settledByOther(evidence);
  if (settlement) return { ...NOTHING, settlement };
  const alarm = findings.flatMap((finding) => finding.alarm ?? [])[0];
  const word = nonceWord(evidence);
  if (alarm) return { ...known, nonce: word.note, why: alarm, alarm };
  if (word.expiry && evidence.hold.funding)
    return { ...known, why: 'outcome_disputed', alarm: 'outcome_disputed' };
  return { ...known, nonce: word.note, expiry: word.expiry, why: word.why, alarm: word.alarm };
}

/** How far the oldest of this hold's replies is behind the ledger known before the round. */
function ledgersBehind({ hold, nonce, nonceAgain, reports }: AuthorizationEvidence): number {
  const ledgers = [
    ...reports.map(({ report }) => report.latestLedger),
    ...[nonce, nonceAgain].flatMap((each) => each?.ledger ?? []),
  ];
  return Math.max(0, ...ledgers.map((ledger) => hold.knownLedger - ledger));
}

interface LandingFinding {
  readonly settlement?: Settlement;
  readonly failure?: LandingFailure;
  readonly death?: LandingDeath;
  readonly step?: LandingStep;
  readonly sighting?: LandingSighting;
  readonly dispute?: Dispute;
  readonly alarm?: AlarmReason;
}

function landingFinding(
  evidence: AuthorizationEvidence,
  { landing, report }: LandingReport,
): LandingFinding {
  const ids = idsOf(evidence.hold);
  if (report.status === 'not_found') {
    const dispute = disputed(seenBy(report), evidence);
    if (dispute) return { dispute };
    const step = disprovedBy(landing, report);
    return {
      ...landingAbsence(evidence, landing, report),
      ...(step && { sighting: { ...ids, ...step } }),
    };
  }
  const found = { ledger: report.ledger, closeTime: report.closeTime };
  const dispute = disputed(found, { head: null, times: [...evidence.times, seenBy(report)] });
  if (dispute) return { dispute };
  if (report.status === 'success')
    return landed(evidence, report) && canHaveLandedIn(landing, report)
      ? { settlement: settlementOf(evidence, landing.hash, report) }
      : { alarm: 'success_without_our_events' };
  if (!report.applied) return { alarm: 'failed_without_effect' };
  if (evidence.hold.funding?.envelopeHash === landing.hash) return { alarm: 'outcome_disputed' };
  const agreement = agreementOn(landing, report);
  if (agreement.kind !== 'agreed')
    return {
      ...(agreement.step && { sighting: { ...ids, ...agreement.step } }),
      ...(agreement.kind === 'disputed' && { alarm: 'outcome_disputed' as const }),
    };
  return {
    failure: {
      ...ids,
      number: landing.number,
      failedLedger: report.ledger,
      closeTime: report.closeTime,
      resultCode: report.resultCode,
      cause: agreement.cause,
      feeCharged: report.feeCharged,
      seenAt: agreement.seenAt,
    },
  };
}

/**
 * A landing that was not found is dead once a ledger has closed after its maxTime and a reply two
 * ledgers later does not find it. No amount depends on it, because the nonce can be spent only once.
 */
function landingAbsence(
  { hold, head }: AuthorizationEvidence,
  landing: LiveLanding,
  report: TransactionReport,
): LandingFinding {
  const passed =
    landing.passedLedger !== null && landing.passedCloseTime !== null
      ? { ledger: landing.passedLedger, closeTime: landing.passedCloseTime }
      : head && head.closeTime > landing.maxTime && report.latestCloseTime > landing.maxTime
        ? head
        : null;
  if (!passed) return {};
  const step = {
    ...idsOf(hold),
    number: landing.number,
    passedLedger: passed.ledger,
    passedCloseTime: passed.closeTime,
  };
  const covered = report.oldestLedger <= landing.issuedAfterLedger + 1;
  if (covered && report.latestLedger >= passed.ledger + 2)
    return { death: { ...step, voteLedger: report.latestLedger } };
  return landing.passedLedger === null ? { step: { ...step, voteLedger: null } } : {};
}

type Success = TransactionReport & { readonly status: 'success' };

/** The loan that a successful transaction made, when its events are this hold's. */
function landed(
  { hold, pool, authorization }: AuthorizationEvidence,
  { events, ledger, latestLedger }: Success,
): { readonly loanId: bigint | null } | null {
  const { amount, borrower } = hold;
  const loan = familyOf(pool.generation).landing(events, { ...pool, amount, borrower });
  const possible =
    ledger > authorization.issuedAfterLedger &&
    ledger <= authorization.expirationLedger &&
    ledger <= latestLedger;
  return possible && loan ? loan : null;
}

function settlementOf(evidence: AuthorizationEvidence, hash: string, report: Success): Settlement {
  return {
    ...idsOf(evidence.hold),
    envelopeHash: hash,
    settledLedger: report.ledger,
    closeTime: report.closeTime,
    loanId: landed(evidence, report)?.loanId ?? null,
    feeBump: report.feeBump,
    feeCharged: report.feeCharged,
  };
}

/** The ledger has joined the funding to this hold by the nonce in the transaction's envelope. */
function settledByOther(evidence: AuthorizationEvidence): Settlement | null {
  const { funded, times } = evidence;
  if (funded?.report.status !== 'success') return null;
  const { hash, report } = funded;
  const found = { ledger: report.ledger, closeTime: report.closeTime };
  if (disputed(found, { head: null, times: [...times, seenBy(report)] })) return null;
  return landed(evidence, report) ? settlementOf(evidence, hash, report) : null;
}

interface NonceWord {
  readonly note: NonceNote | null;
  readonly expiry: AuthorizationExpiry | null;
  readonly why: KeepReason | null;
  readonly alarm: AlarmReason | null;
}
const keep = (why: KeepReason, note: NonceNote | null = null): NonceWord => ({
  note,
  expiry: null,
  why,
  alarm: null,
});

function nonceWord(evidence: AuthorizationEvidence): NonceWord {
  const { hold, authorization, nonce } = evidence;
  if (authorization.state === 'spent') return keep('landing_not_found');
  if (!nonce) return keep('may_still_land');
  const at = { ...idsOf(hold), ledger: nonce.ledger };
  if (nonce.spent) return spentWord(authorization, nonce, at);
  const { spent } = authorization;
  if (spent) {
    // The entry lives until the fence at least, so a later reply without it contradicts the first.
    const lives = nonce.ledger <= authorization.expirationLedger;
    return lives && nonce.ledger > spent.seenLedger
      ? keep('outcome_disputed', { ...at, kind: 'disproved', was: spent.seenLedger })
      : keep('landing_not_found');
  }
  return nonce.ledger <= authorization.expirationLedger
    ? keep('may_still_land', unspentNote(evidence, at))
    : afterFence(evidence, nonce, at);
}

type At = Pick<NonceNote, 'poolId' | 'reservationId' | 'ledger'>;

/** A first reply that shows the nonce's entry, or a second one that agrees with it. */
function spentWord(
  { spent, issuedAfterLedger, expirationLedger }: LiveAuthorization,
  { ledger, spent: seen }: NonceSighting,
  at: At,
): NonceWord {
  const spentLedger = seen?.ledger ?? null;
  if (
    spentLedger === null ||
    spentLedger <= issuedAfterLedger ||
    spentLedger > Math.min(expirationLedger, ledger)
  )
    return { ...keep('outcome_disputed'), alarm: 'outcome_disputed' };
  if (!spent) return keep('landing_not_found', { ...at, kind: 'spent', spentLedger });
  if (spent.ledger !== spentLedger)
    return keep('outcome_disputed', { ...at, kind: 'disproved', was: spent.seenLedger });
  return keep(
    'landing_not_found',
    ledger > spent.seenLedger ? { ...at, kind: 'confirmed', spentLedger } : null,
  );
}

/**
 * Absence proves that the nonce was not spent before only while the entry of a nonce that was spent
 * long ago would still live. A hold that lasts longer therefore needs proofs in between.
 */
const UNSPENT_AFTER = 3;
export const needsUnspentNote = (
  { unspentLedger, issuedAfterLedger }: LiveAuthorization,
  ledger: number,
  minTemporaryTtl: number,
): boolean => ledger - (unspentLedger ?? issuedAfterLedger) > minTemporaryTtl / UNSPENT_AFTER;

/**
 * Two replies of one round agree. Up to the fence, the entry of a nonce that was spent at any time
 * since the issue still lives.
 */
function unspentNote(
  { authorization, nonceAgain }: AuthorizationEvidence,
  at: At,
): NonceNote | null {
  if (!nonceAgain || nonceAgain.spent) return null;
  const { unspentLedger, issuedAfterLedger, expirationLedger } = authorization;
  const ledger = Math.min(at.ledger, nonceAgain.ledger);
  return nonceAgain.ledger <= expirationLedger && ledger > (unspentLedger ?? issuedAfterLedger)
    ? { ...at, ledger, kind: 'unspent' }
    : null;
}

/** docs/protocol.md#expired-by-ledger: two replies of different ledgers after the fence. */
function afterFence(
  { hold, authorization, head, minTemporaryTtl }: AuthorizationEvidence,
  { ledger }: NonceSighting,
  at: At,
): NonceWord {
  const { expirationLedger, issuedAfterLedger, unspentLedger, voteLedger } = authorization;
  // Not only the reply about the nonce, also the believed head must be past the fence.
  if (!head || head.ledger <= expirationLedger || ledger > head.ledger + LAG_LEDGERS_MAX)
    return keep('deadline_passed');
  if (minTemporaryTtl === null || ledger > (unspentLedger ?? issuedAfterLedger) + minTemporaryTtl)
    return { ...keep('lookup_proves_nothing'), alarm: 'lookup_proves_nothing' };
  if (voteLedger === null) return keep('one_vote', { ...at, kind: 'vote' });
  if (ledger <= voteLedger) return keep('one_vote');
  return {
    note: null,
    why: null,
    alarm: null,
    expiry: {
      ...idsOf(hold),
      envelopeVersion: hold.envelopeVersion,
      expirationLedger,
      firstVoteLedger: voteLedger,
      secondVoteLedger: ledger,
      minTemporaryTtl,
    },
  };
}

const idsOf = ({ poolId, reservationId }: LiveHold) => ({ poolId, reservationId });
