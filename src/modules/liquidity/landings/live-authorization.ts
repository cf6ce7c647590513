import type { FailureSighting, LiveAuthorization, LiveLanding } from '../reservation.js';

/**
 * A live hold's authorization `a` and landings `n` as JSON, for a statement that reads several
 * holds at once. A value that may be wider than 53 bits is text.
 */
export const AUTHORIZATION_JSON = `jsonb_build_object('hash', a.hash, 'address', a.address,
  'nonce', a.nonce::text, 'expirationLedger', a.expiration_ledger,
  'issuedAfterLedger', a.issued_after_ledger,
  'signedAt', extract(epoch from a.signed_at), 'state', a.state,
  'unspentLedger', a.unspent_ledger, 'voteLedger', a.vote_ledger,
  'spent', case when a.spent_ledger is not null then jsonb_build_object('ledger', a.spent_ledger,
    'seenLedger', a.spent_seen_ledger) end)`;
export const LANDING_JSON = `jsonb_build_object('number', n.number, 'hash', n.hash,
  'channel', n.channel, 'sequence', n.sequence::text,
  'maxTime', extract(epoch from n.max_time)::bigint::text,
  'issuedAfterLedger', n.issued_after_ledger, 'fee', n.fee::text,
  'loanIdFirst', n.loan_id_first::text, 'loanIdLast', n.loan_id_last::text, 'state', n.state,
  'createdAt', extract(epoch from n.created_at),
  'submission', case when n.submission_ledger is not null then jsonb_build_object('status',
    n.submission_status, 'ledger', n.submission_ledger) end,
  'passedLedger', n.passed_ledger,
  'passedCloseTime', extract(epoch from n.passed_close_time)::bigint::text,
  'voteLedger', n.vote_ledger, 'sighting', n.failure_seen, 'foundLedger', n.found_ledger,
  'resultCode', n.result_code, 'feeCharged', n.fee_charged::text,
  'cause', case when n.failed_by is not null then jsonb_build_object('by', n.failed_by,
    'reason', n.failed_reason, 'contract', n.failed_contract, 'number', n.failed_number) end)`;

export type AuthorizationText = Omit<LiveAuthorization, 'nonce' | 'signedAt'> & {
  readonly nonce: string;
  readonly signedAt: number | null;
};
type Wide =
  'sequence' | 'maxTime' | 'fee' | 'loanIdFirst' | 'loanIdLast' | 'passedCloseTime' | 'feeCharged';
export type LandingText = Omit<LiveLanding, Wide | 'sighting' | 'createdAt'> & {
  readonly createdAt: number;
  readonly sighting: (Omit<FailureSighting, 'closeTime'> & { readonly closeTime: string }) | null;
} & { readonly [member in Wide]: null extends LiveLanding[member] ? string | null : string };

const big = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
const moment = (seconds: number): Date => new Date(seconds * 1000);

export const liveAuthorizationOf = (text: AuthorizationText): LiveAuthorization => ({
  ...text,
  nonce: BigInt(text.nonce),
  signedAt: text.signedAt === null ? null : moment(text.signedAt),
});

export const liveLandingOf = (text: LandingText): LiveLanding => ({
  ...text,
  sequence: BigInt(text.sequence),
  maxTime: BigInt(text.maxTime),
  fee: BigInt(text.fee),
  loanIdFirst: big(text.loanIdFirst),
  loanIdLast: big(text.loanIdLast),
  createdAt: moment(text.createdAt),
  passedCloseTime: big(text.passedCloseTime),
  feeCharged: big(text.feeCharged),
  sighting: text.sighting && { ...text.sighting, closeTime: BigInt(text.sighting.closeTime) },
});
