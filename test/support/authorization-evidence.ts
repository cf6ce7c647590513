import type { NonceSighting } from '../../src/modules/chain/authorizations.js';
import type {
  LiveAuthorization,
  LiveHold,
  LiveLanding,
} from '../../src/modules/liquidity/reservation.js';
import type { AuthorizationEvidence } from '../../src/modules/settlement/authorization-finding.js';
import { DEADLINE, headAt, hold, PARTS } from './verdict-evidence.js';

/** Ledgers close every five seconds; ledger 50 closes at the deadline of the landing. */
export const S = 40;
export const E = 60;
/** As on the public network. */
export const TTL = 720;
const ADDRESS = hold([]).borrower;
const NONCE = 77n;

const authorization = (change: Partial<LiveAuthorization> = {}): LiveAuthorization => ({
  hash: 'b'.repeat(64),
  address: ADDRESS,
  nonce: NONCE,
  expirationLedger: E,
  issuedAfterLedger: S,
  signedAt: null,
  state: 'open',
  unspentLedger: null,
  voteLedger: null,
  spent: null,
  ...change,
});
export const landing = (change: Partial<LiveLanding> = {}): LiveLanding => ({
  number: 1,
  hash: 'a'.repeat(64),
  channel: `G${'C'.repeat(55)}`,
  sequence: 7n,
  maxTime: DEADLINE,
  issuedAfterLedger: 45,
  fee: 90_000n,
  loanIdFirst: 1n,
  loanIdLast: 25n,
  state: 'open',
  createdAt: new Date(0),
  submission: null,
  passedLedger: null,
  passedCloseTime: null,
  voteLedger: null,
  sighting: null,
  foundLedger: null,
  resultCode: null,
  cause: null,
  feeCharged: null,
  ...change,
});
export const found = (ledger: number | null): NonceSighting['spent'] => ({
  ledger,
  liveUntil: (ledger ?? 0) + TTL - 1,
});
/** A reply about the nonce. @param spentIn absent: it shows no entry */
export const nonceAt = (ledger: number, spentIn?: number): NonceSighting => ({
  address: ADDRESS,
  nonce: NONCE,
  ledger,
  spent: spentIn === undefined ? null : found(spentIn),
});

type Change = Partial<Omit<AuthorizationEvidence, 'hold' | 'authorization'>> & {
  readonly hold?: Partial<LiveHold>;
  readonly authorization?: Partial<LiveAuthorization>;
};
export function authorizedEvidence(change: Change = {}): AuthorizationEvidence {
  const known = authorization(change.authorization);
  const reports = change.reports ?? [];
  return {
    pool: PARTS,
    head: headAt(DEADLINE - 5n, 49),
    times: [],
    nonce: null,
    nonceAgain: null,
    minTemporaryTtl: TTL,
    reports,
    funded: null,
    ...change,
    hold: {
      ...hold([]),
      envelopeVersion: 1,
      authorization: known,
      landings: reports.map((each) => each.landing),
      ...change.hold,
    },
    authorization: known,
  };
}
