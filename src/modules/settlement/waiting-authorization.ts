import { becauseOf } from '../chain/failure-words.js';
import type { LiveAuthorization, LiveHold, LiveLanding } from '../liquidity/reservation.js';
import { SEARCH_LEDGERS } from './nonce-word.js';
import type { Waiting } from './waiting.js';

/** About five minutes. Later, a person must look at the alarms. */
const OVERDUE_LEDGERS = 60;

/** What a hold with an authorization waits for. Its clock is the newest known ledger. */
export function authorizationWaitsFor(hold: LiveHold, authorization: LiveAuthorization): Waiting {
  const { knownLedger } = hold;
  const { expirationLedger, spent, state } = authorization;
  if (spent)
    return {
      sentence:
        state === 'spent'
          ? `its nonce was spent in ledger ${spent.ledger}: the transaction that did it is looked for`
          : `a reply at ledger ${spent.seenLedger} shows its nonce as spent in ledger ` +
            `${spent.ledger}; a second reply of a later ledger must agree`,
      needsPerson: knownLedger > spent.ledger + SEARCH_LEDGERS,
    };
  if (knownLedger > expirationLedger)
    return {
      sentence: `its fence, ledger ${expirationLedger}, has passed; ${votes(authorization)}`,
      needsPerson: knownLedger > expirationLedger + OVERDUE_LEDGERS,
    };
  return {
    sentence: `${beforeFence(hold, authorization)} until ledger ${expirationLedger}`,
    needsPerson: false,
  };
}

const votes = ({ voteLedger }: LiveAuthorization): string =>
  voteLedger === null
    ? 'two replies without an entry of its nonce are needed'
    : `first reply without an entry of its nonce at ledger ${voteLedger}; one more reply`;

function beforeFence(
  { cancelRequested, landings }: LiveHold,
  { signedAt }: LiveAuthorization,
): string {
  if (cancelRequested)
    return 'the borrower cancelled, but the authorization can still be landed by others';
  if (signedAt === null) return 'waits for the borrower to sign';
  const newest = landings.at(-1);
  return newest ? landingWaits(newest) : 'signed: waits for a channel to land it';
}

function landingWaits(landing: LiveLanding): string {
  const { number, state, submission, sighting, foundLedger, cause } = landing;
  if (state === 'failed')
    return (
      `landing ${number} failed at ledger ${foundLedger ?? 'unknown'} because ` +
      `${becauseOf(cause?.reason ?? null)}: it is landed again`
    );
  if (state === 'dead') return `landing ${number} was not included in time: it is landed again`;
  if (sighting)
    return (
      `a node said at ledger ${sighting.seenLedger} that landing ${number} failed in ledger ` +
      `${sighting.ledger}; a second reply of a later ledger must agree, then it is landed again`
    );
  if (submission === null) return `landing ${number} is stored: it is submitted`;
  return submission.status === 'TRY_AGAIN_LATER'
    ? `the node was busy at ledger ${submission.ledger}: landing ${number} is submitted again`
    : `landing ${number} was submitted (${submission.status} at ledger ${submission.ledger}): ` +
        'waits for it to land';
}
