import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { AuthorizationExpiry, Settlement } from '../liquidity/ends/end-evidence.js';
import type {
  LandingDeath,
  LandingFailure,
  LandingSighting,
  LandingStep,
  NonceNote,
} from '../liquidity/landings/landing.js';
import type { Dispute } from './absence.js';
import {
  type AuthorizationEvidence,
  landingFinding,
  settledByFunding,
} from './authorization-finding.js';
import type { KeepReason } from './finding.js';
import { type AuthorizationAlarm, nonceWord } from './nonce-word.js';
import { ledgersBehind } from './verdict.js';

/** What a round proves about a hold, and the steps of proofs to store. */
export interface AuthorizationVerdict {
  readonly settlement: Settlement | null;
  readonly expiry: AuthorizationExpiry | null;
  /** Why the hold still counts; null when it ends. */
  readonly why: KeepReason | null;
  /** Set when a person must look. */
  readonly alarm: AuthorizationAlarm | null;
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
  const behind = ledgersBehind(evidence.hold, [
    ...reportsOf(evidence).map(({ latestLedger }) => latestLedger),
    ...[evidence.nonce, evidence.nonceAgain].flatMap((each) => each?.ledger ?? []),
  ]);
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
  const settlement = findings.flatMap((finding) => finding.settlement ?? [])[0];
  if (settlement) return { ...NOTHING, settlement };
  const { note, expiry, why, alarm } = nonceWord(evidence);
  const funding = settledByFunding(evidence, spentLedgerOf(evidence, note));
  if (funding)
    return { ...NOTHING, settlement: funding, nonce: note?.kind === 'spent' ? note : null };
  const raised = findings.flatMap((finding) => finding.alarm ?? [])[0];
  if (raised) return { ...known, nonce: note, why: raised, alarm: raised };
  // The nonce's votes say dead, and a reply or an event says that it landed.
  if (expiry && (evidence.hold.funding || reportsOf(evidence).some(isSuccess)))
    return { ...known, why: 'outcome_disputed', alarm: 'outcome_disputed' };
  return { ...known, nonce: note, expiry, why, alarm };
}

const reportsOf = ({ reports, funded }: AuthorizationEvidence) => [
  ...reports.map(({ report }) => report),
  ...(funded ? [funded.report] : []),
];
const isSuccess = ({ status }: { readonly status: string }): boolean => status === 'success';

/** The ledger that spent the nonce, as the newest reply that counts says. */
function spentLedgerOf(
  { authorization }: AuthorizationEvidence,
  note: NonceNote | null,
): number | null {
  if (note?.kind === 'spent') return note.spentLedger;
  const isDiscarded = note?.kind === 'disproved' || note?.kind === 'doubted';
  return isDiscarded ? null : (authorization.spent?.ledger ?? null);
}
